-- One row per item of the score sheet, of the four latest cycles before the pack's own that have
-- any: calls drawn by lot. (Those chosen on purpose are few, and who complained knows of theirs.)
select * from measure.panel_results
where month < $first_month::date and arm = 'random'
qualify dense_rank() over (order by month desc) <= 4
order by month, position
