-- One row per event up to the cycle's end, and headline measure and subject that it bears on.
with

effects as (
    select * from measure.event_effects
    where happened_on <= last_day($last_month::date)
)

select
    event,
    measure,
    subject
from effects
order by happened_on, event, measure, subject
