-- One row per cycle whose calls the panel judged, of the four latest cycles before
-- the pack's own that have any.
select * from measure.unnecessary_calls
where month < $first_month::date
qualify dense_rank() over (order by month desc) <= 4
order by month
