-- One row per item that two panellists scored, of the four latest cycles before
-- the pack's own that have any.
select * from measure.panel_agreement
where month < $first_month::date
qualify dense_rank() over (order by month desc) <= 4
order by month, position
