-- How many channels and lines of the month do not count what their queues count together.
with

levels as (
    select * from measure.service_levels
    where month = $month::date
),

queues as (
    select
        clock,
        channel,
        line,
        sum(offered) as offered,
        sum(answered) as answered
    from levels
    where level = 'queue'
    group by grouping sets ((clock, channel), (clock, channel, line))
)

select count(*) as broken
from levels
anti join queues
    on
        levels.clock = queues.clock
        and levels.channel = queues.channel
        and levels.line is not distinct from queues.line
        and levels.offered = queues.offered
        and levels.answered = queues.answered
where levels.level != 'queue'
