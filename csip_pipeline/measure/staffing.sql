-- One row per telephone line on which anybody rang in the month, weekday and hour in London: the
-- calls, how long one keeps an agent, how long callers are patient, and the standard to reach.
with

contacts as (
    select
        *,
        isodow(timezone('Europe/London', received_at)) as weekday,
        hour(timezone('Europe/London', received_at)) as hour,
        if(outcome = 'answered', handling_seconds, null) as answered_handling_seconds
    from harmonise.contacts
    where month = $month::date and channel = 'telephone'
),

standards as (
    select * from reference.service_standards
    where
        channel = 'telephone'
        and clock = 'answer'
        and queue is null
        and applies_from_on <= last_day($month::date)
        and last_day($month::date) < coalesce(applies_until_on, 'infinity'::date)
),

-- from one midnight in London to another, so that the hour that came twice counts twice
hours_of_month as (
    select timezone('Europe/London', unnest(range(
        timezone('Europe/London', $month::date::timestamp),
        timezone('Europe/London', $month::date::timestamp + interval 1 month),
        interval 1 hour
    ))) as began_at
),

hours as (
    select
        isodow(began_at) as weekday,
        hour(began_at) as hour,
        count(*) as hours_in_month
    from hours_of_month
    group by all
),

lines as (
    select
        line,
        avg(answered_handling_seconds) as handling_seconds,
        -- waits cut short by an answer or a callback say that patience lasted at least so long
        sum(wait_seconds) / nullif(
            count(wait_seconds) filter (where outcome in ('abandoned', 'timed_out')), 0
        ) as patience_seconds
    from contacts
    where line is not null
    group by line
),

promised as (
    select
        lines.*,
        standards.within_seconds,
        standards.target_share
    from lines
    left join standards on standards.line is null or lines.line = standards.line
    qualify
        row_number() over (partition by lines.line order by standards.line is null) = 1
),

rung as (
    select
        line,
        weekday,
        hour,
        count(*) as calls,
        count(answered_handling_seconds) as timed,
        avg(answered_handling_seconds) as handling_seconds
    from contacts
    group by all
),

laid_out as (
    select
        promised.line,
        hours.weekday,
        hours.hour,
        hours.hours_in_month,
        coalesce(rung.calls, 0) as calls,
        if(
            rung.timed >= 10, rung.handling_seconds, promised.handling_seconds
        ) as handling_seconds,
        promised.patience_seconds,
        promised.within_seconds,
        promised.target_share
    from promised
    cross join hours
    left join rung
        on
            promised.line = rung.line
            and hours.weekday = rung.weekday
            and hours.hour = rung.hour
)

select
    *,
    calls / hours_in_month as calls_per_hour,
    if(calls = 0, 0, calls / hours_in_month * handling_seconds / 3600) as offered_load
from laid_out
