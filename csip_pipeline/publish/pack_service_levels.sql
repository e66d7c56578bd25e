-- One row per month, clock and line, channel without lines, or queue: what the pack says of it.
with

levels as (
    select * from measure.service_levels
    where
        month between $first_month::date and $last_month::date
        and level in ('channel', 'line', 'queue')
),

queues as (
    select * from reference.queues
)

select
    levels.*,
    case levels.channel
        when 'telephone'
            then coalesce(
                queues.title,
                if(levels.line in ('101', '999'), levels.line || ' calls', 'Telephone calls')
            )
        when 'web_chat' then 'Web chat'
    end as title
from levels
left join queues on levels.queue = queues.queue and levels.level = 'queue'
order by
    levels.month, levels.clock, levels.channel, levels.level, levels.line, levels.queue
