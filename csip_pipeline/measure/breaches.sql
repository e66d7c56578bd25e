-- One row per missed clock: what was promised, when it was missed, and who is owed an explanation.
with

missed as (
    select * from measure.response_times
    where month = $month::date and status = 'missed'
),

contacts as (
    select * from harmonise.contacts
    where month = $month::date
),

standards as (
    select * from reference.service_standards
)

select
    missed.contact_id,
    missed.clock,
    missed.channel,
    missed.line,
    missed.queue,
    missed.standard_id,
    missed.received_at,
    missed.due_at,
    missed.within_seconds,
    missed.clock_seconds,
    missed.clock_seconds is null as is_still_waiting,
    standards.wording,
    standards.citation,
    timezone('Europe/London', missed.due_at)::date
    + standards.explain_within_days::int as explain_by_on,
    contacts.reason,
    contacts.person_key
from missed
inner join contacts using (contact_id)
inner join standards using (standard_id)
