-- How many sources sent the month's extract late, or sent nothing.
with

arrivals as (
    select * from extract.arrivals
    where month = $month::date
)

select coalesce(count_if(status in ('late', 'missing')), 0) as broken
from arrivals
