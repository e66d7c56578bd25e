-- How many channels and lines of the month do not count what their queues, or their hours of the
-- week, count together.
with

levels as (
    select * from measure.service_levels
    where month = $month::date
),

-- a queue is part of its line and of its channel, an hour of one of them
parts as (
    select
        clock,
        channel,
        line,
        level as part,
        if(grouping(line) = 0, 'line', 'channel') as level,
        sum(offered) as offered,
        sum(answered) as answered,
        -- null where some of them had no standard, in a part as in the whole
        if(count(answered_within) = count(*), sum(answered_within), null) as answered_within,
        sum(waits_under_10_seconds) as waits_under_10_seconds,
        sum(waits_10_to_60_seconds) as waits_10_to_60_seconds,
        sum(waits_1_to_5_minutes) as waits_1_to_5_minutes,
        sum(waits_5_to_10_minutes) as waits_5_to_10_minutes,
        sum(waits_10_to_20_minutes) as waits_10_to_20_minutes,
        sum(waits_20_minutes_or_more) as waits_20_minutes_or_more
    from levels
    where level in ('queue', 'channel_hour', 'line_hour')
    group by grouping sets ((clock, channel, part), (clock, channel, line, part))
    having part = 'queue' or (part = 'line_hour') = (grouping(line) = 0)
),

wholes as (
    select
        *,
        unnest(if(clock = 'end_to_end', ['queue', level || '_hour'], ['queue'])) as part
    from levels
    where level in ('channel', 'line')
)

select
    count(
        distinct row(
            coalesce(wholes.clock, parts.clock),
            coalesce(wholes.level, parts.level),
            coalesce(wholes.channel, parts.channel),
            coalesce(wholes.line, parts.line)
        )
    ) as broken
from wholes
full join parts
    on
        wholes.clock = parts.clock
        and wholes.level = parts.level
        and wholes.channel = parts.channel
        and wholes.line is not distinct from parts.line
        and wholes.part = parts.part
        and wholes.offered = parts.offered
        and wholes.answered = parts.answered
        and wholes.answered_within is not distinct from parts.answered_within
        and wholes.waits_under_10_seconds = parts.waits_under_10_seconds
        and wholes.waits_10_to_60_seconds = parts.waits_10_to_60_seconds
        and wholes.waits_1_to_5_minutes = parts.waits_1_to_5_minutes
        and wholes.waits_5_to_10_minutes = parts.waits_5_to_10_minutes
        and wholes.waits_10_to_20_minutes = parts.waits_10_to_20_minutes
        and wholes.waits_20_minutes_or_more = parts.waits_20_minutes_or_more
where wholes.clock is null or parts.clock is null
