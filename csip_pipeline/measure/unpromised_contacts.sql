-- How many contacts of the month had no standard in force, so that nobody would hear of a delay.
with

contacts as (
    select * from harmonise.contacts
    where month = $month::date
),

promised as (
    select * from measure.response_times
    where month = $month::date
)

select count(*) as broken
from contacts
anti join promised using (contact_id)
