-- How many feeds were refused, so that the month keeps what it had of them.
with

refusals as (
    select * from extract.refusals
    where month = $month::date
)

select count(*) as broken
from refusals
