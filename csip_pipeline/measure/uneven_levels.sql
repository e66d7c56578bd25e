-- How many channels and lines of the month do not count what their queues, or their hours of the
-- week, count together.
with

levels as (
    select
        *,
        waits_under_10_seconds + waits_10_to_60_seconds as short_waits,
        waits_under_10_seconds + waits_10_to_60_seconds + waits_1_to_5_minutes
        + waits_5_to_10_minutes + waits_10_to_20_minutes + waits_20_minutes_or_more as known_waits
    from measure.service_levels
    where month = $month::date
),

parts as (
    select
        clock,
        channel,
        line,
        level,
        sum(offered) as offered,
        sum(answered) as answered,
        sum(answered_within) as answered_within,
        sum(short_waits) as short_waits,
        sum(known_waits) as known_waits
    from levels
    where level in ('queue', 'channel_hour', 'line_hour')
    group by grouping sets ((clock, channel, level), (clock, channel, line, level))
    having (level = 'line_hour') = (grouping(line) = 0) or level = 'queue'
),

wholes as (
    select
        levels.*,
        unnest(
            if(levels.clock = 'end_to_end', ['queue', levels.level || '_hour'], ['queue'])
        ) as parts_of
    from levels
    where levels.level in ('channel', 'line')
)

select count(distinct row(wholes.clock, wholes.level, wholes.channel, wholes.line)) as broken
from wholes
anti join parts
    on
        wholes.clock = parts.clock
        and wholes.channel = parts.channel
        and wholes.line is not distinct from parts.line
        and wholes.parts_of = parts.level
        and wholes.offered = parts.offered
        and wholes.answered = parts.answered
        -- null where one of them had no standard
        and (wholes.answered_within is null or wholes.answered_within = parts.answered_within)
        and wholes.short_waits = parts.short_waits
        and wholes.known_waits = parts.known_waits
