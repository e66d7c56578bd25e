-- How many contacts of the month were given up without a fate, or have one without that.
with

given_up as (
    select contact_id from harmonise.contacts
    where month = $month::date and outcome in ('abandoned', 'timed_out')
),

fates as (
    select contact_id from measure.abandoned_fates
    where month = $month::date
),

counted as (
    select
        coalesce(given_up.contact_id, fates.contact_id) as contact_id,
        count(given_up.contact_id) as given_up,
        count(fates.contact_id) as fates
    from given_up
    full join fates on given_up.contact_id = fates.contact_id
    group by all
)

select count(*) as broken
from counted
where given_up != 1 or fates != 1
