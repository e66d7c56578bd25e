-- One row per arm and item of the score sheet, of the four latest
-- cycles before the pack's own that have any.
select * from measure.panel_results
where month < $first_month::date
qualify dense_rank() over (order by month desc) <= 4
order by month, arm, position
