-- One row per month and clock: promises that were not kept, and how many are still waited for.
with

breaches as (
    select * from measure.breaches
    where month between $first_month::date and $month::date
)

select
    month,
    clock as subject,
    count(*) as breaches,
    count_if(is_still_waiting) / count(*) as still_waiting_share,
    count_if(person_key is null) / count(*) as unknown_person_share
from breaches
group by month, clock
