-- How many breaches owed an explanation have nobody to give it to: the number was withheld, or the
-- channel names no contact point.
with

breaches as (
    select * from measure.breaches
    where month = $month::date and explain_by_on is not null
)

select count(*) as broken
from breaches
where person_key is null
