-- One row per month and channel: contacts, how they ended, how long they waited, what is unknown.
with

contacts as (
    select * from harmonise.contacts
    where month between $first_month::date and $month::date
)

select
    month,
    channel as subject,
    count(*) as contacts,
    count_if(outcome = 'abandoned') / count(*) as abandoned_share,
    median(wait_seconds) as median_wait_seconds,
    count_if(reason is null or reason = 'unknown') / count(*) as unknown_reason_share,
    count_if(person_key is null) / count(*) as unknown_person_share
from contacts
group by month, channel
