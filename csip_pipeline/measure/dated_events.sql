-- One row per dated event: its first whole month, and the months that it touches while it lasts.
with

events as (
    select * from reference.events
)

select
    event,
    title,
    happened_on,
    ended_on,
    measure,
    subject,
    rebases = 'yes' as is_rebasing,
    date_trunc('month', happened_on)::date as first_touched,
    (date_trunc('month', happened_on + interval 1 month - interval 1 day))::date as first_whole,
    date_trunc('month', ended_on)::date as last_touched
from events
order by happened_on, event
