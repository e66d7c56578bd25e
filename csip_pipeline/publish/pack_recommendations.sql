-- One row per recommendation made up to the cycle's end; what happened to it later is not known yet.
with

recommendations as (
    select * from reference.recommendations
    where made_on <= last_day($last_month::date)
),

events as (
    select event from reference.events
)

select
    recommendations.* exclude (agreed_on, closed_on, outcome),
    if(agreed_on <= last_day($last_month::date), agreed_on, null) as agreed_on,
    if(closed_on <= last_day($last_month::date), closed_on, null) as closed_on,
    if(closed_on <= last_day($last_month::date), outcome, null) as outcome,
    last_day($last_month::date) as as_at,
    recommendations.event is not null and events.event is null as is_of_unknown_event
from recommendations
left join events using (event)
order by made_on, recommendation
