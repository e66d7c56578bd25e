-- One row per month and channel: the service level and how many were offered and gave up.
with

levels as (
    select * from measure.service_levels
    where
        month between $first_month::date and $month::date
        and clock = 'end_to_end'
        and level = 'channel'
)

select
    month,
    channel as subject,
    offered,
    service_level as service_level_share,
    abandoned_share,
    median_wait_seconds
from levels
