-- One row per month, line (or channel without lines) and hour of the week: offered, and in time.
select
    month,
    channel,
    line,
    weekday,
    hour,
    offered,
    answered_within
from measure.service_levels
where
    month between $first_month::date and $last_month::date
    and (
        (channel = 'telephone' and level = 'line_hour')
        or (channel != 'telephone' and level = 'channel_hour')
    )
order by month, channel, line, weekday, hour
