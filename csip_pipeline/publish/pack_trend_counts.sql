-- One row per headline measure, subject and month up to the cycle's end: what its value counts.
with

service_levels as (
    select
        *,
        coalesce(line, channel) as subject
    from measure.service_levels
    where
        month <= $last_month::date
        and clock = 'end_to_end'
        and (
            (channel = 'telephone' and level = 'line' and line is not null)
            or (channel = 'web_chat' and level = 'channel')
        )
),

abandonment as (
    select
        *,
        coalesce(line, channel) as subject
    from measure.abandonment
    where
        month <= $last_month::date
        and (
            (channel = 'telephone' and level = 'line' and line is not null)
            or (channel = 'web_chat' and level = 'channel')
        )
),

response_times as (
    select * from measure.response_times
    where month <= $last_month::date and clock != 'answer'
),

channel_shift as (
    select * from measure.channel_shift
    where month <= $last_month::date
),

avoidable_demand as (
    select * from measure.avoidable_demand
    where month <= $last_month::date and level = 'all'
),

repeat_contacts as (
    select * from measure.repeat_contacts
    where month <= $last_month::date and level = 'all' and within_days = 28
),

digital_takeup as (
    select * from measure.digital_takeup
    where month <= $last_month::date
),

channel_leakage as (
    select * from measure.channel_leakage
    where month <= $last_month::date and level = 'all'
),

counted as (
    select
        month,
        subject,
        unnest([
            {'measure': 'service_level', 'part': answered_within, 'whole': offered},
            {'measure': 'abandoned_share', 'part': abandoned, 'whole': offered},
            {'measure': 'median_wait_seconds', 'part': null, 'whole': answered},
            {'measure': 'p90_wait_seconds', 'part': null, 'whole': answered},
            {'measure': 'offered', 'part': null, 'whole': offered}
        ]) as found
    from service_levels

    union all by name

    select
        month,
        subject,
        {'measure': 'lost_share', 'part': lost, 'whole': offered} as found
    from abandonment

    union all by name

    select
        month,
        channel || ' ' || clock as subject,
        {
            'measure': 'kept_share',
            'part': count_if(status = 'met'),
            'whole': count_if(status in ('met', 'missed'))
        } as found
    from response_times
    group by month, channel, clock

    union all by name

    select
        month,
        'all' as subject,
        {
            'measure': 'digital_share',
            'part': sum(contacts) filter (where channel in ('web_form', 'web_chat', 'social')),
            'whole': max(contacts_on_all_channels)
        } as found
    from channel_shift
    group by month

    union all by name

    select
        month,
        channel as subject,
        {'measure': 'contacts', 'part': null, 'whole': contacts} as found
    from channel_shift

    union all by name

    select
        month,
        'all' as subject,
        {
            'measure': 'avoidable_share',
            'part': sum(contacts) filter (where is_avoidable),
            'whole': sum(contacts) filter (where reason_group != 'unknown')
        } as found
    from avoidable_demand
    group by month

    union all by name

    select
        month,
        'all' as subject,
        {'measure': 'repeat_share_28', 'part': repeats, 'whole': judged} as found
    from repeat_contacts

    union all by name

    select
        month,
        service as subject,
        {'measure': 'digital_takeup', 'part': completed_online, 'whole': completed} as found
    from digital_takeup

    union all by name

    select
        month,
        'all' as subject,
        {'measure': 'telephoned_72h_share', 'part': telephoned_72h, 'whole': people} as found
    from channel_leakage
)

select
    found.measure,
    subject,
    month,
    found.part::bigint as part,
    found.whole::bigint as whole
from counted
where found.whole is not null
order by found.measure, subject, month
