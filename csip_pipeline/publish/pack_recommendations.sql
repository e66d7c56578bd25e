-- One row per recommendation made up to the cycle's end; what came of it later is not known yet.
with

recommendations as (
    select
        *,
        last_day($last_month::date) as as_at,
        agreed_on <= last_day($last_month::date) as is_agreed,
        closed_on <= last_day($last_month::date) as is_closed
    from reference.recommendations
    where made_on <= last_day($last_month::date)
),

events as (
    select event as known_event
    from reference.events
)

select
    recommendations.* exclude (recommendations.is_agreed, recommendations.is_closed) replace (
        if(recommendations.is_agreed, recommendations.agreed_on, null) as agreed_on,
        if(recommendations.is_closed, recommendations.closed_on, null) as closed_on,
        if(recommendations.is_closed, recommendations.outcome, null) as outcome
    ),
    recommendations.event is not null and events.known_event is null as is_of_unknown_event
from recommendations
left join events on recommendations.event = events.known_event
order by recommendations.made_on, recommendations.recommendation
