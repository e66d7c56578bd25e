-- One row per headline measure, subject and month that has a final value: the series behind trends,
-- with the counts of each value: the part that a share is of, and the whole.
with

service_levels as (
    select
        *,
        coalesce(line, channel) as subject
    from measure.service_levels
    where
        clock = 'end_to_end'
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
        not is_provisional
        and (
            (channel = 'telephone' and level = 'line' and line is not null)
            or (channel = 'web_chat' and level = 'channel')
        )
),

response_times as (
    select * from measure.response_times
    where clock != 'answer'
),

standards as (
    select * from reference.service_standards
),

channel_shift as (
    select * from measure.channel_shift
),

avoidable_demand as (
    select * from measure.avoidable_demand
    where level = 'all'
),

repeat_contacts as (
    select * from measure.repeat_contacts
    where level = 'all' and within_days = 28 and is_whole
),

digital_takeup as (
    select * from measure.digital_takeup
),

channel_leakage as (
    select * from measure.channel_leakage
    where level = 'all' and not is_provisional
),

-- counted by standard first: a month has millions of clocks, and few standards
kept_by_standard as (
    select
        month,
        channel,
        clock,
        standard_id,
        count(*) filter (where status = 'met') as met,
        count(*) filter (where status = 'missed') as missed
    from response_times
    group by all
),

kept as (
    select
        kept_by_standard.month,
        kept_by_standard.channel,
        kept_by_standard.clock,
        sum(kept_by_standard.met) as kept,
        sum(kept_by_standard.met + kept_by_standard.missed) as judged,
        kept / nullif(judged, 0) as kept_share,
        if(
            count(standards.target_share) = count(*)
            and min(standards.target_share) = max(standards.target_share),
            min(standards.target_share),
            null
        ) as target_share
    from kept_by_standard
    left join standards using (standard_id)
    group by all
),

avoidable as (
    select
        month,
        if(
            count(share_of_known) > 0,
            coalesce(sum(share_of_known) filter (where is_avoidable), 0),
            null
        ) as avoidable_share,
        coalesce(sum(contacts) filter (where is_avoidable), 0) as avoidable,
        sum(contacts) filter (where reason_group != 'unknown') as known
    from avoidable_demand
    group by month
),

digital as (
    select
        month,
        max(digital_share) as digital_share,
        coalesce(sum(contacts) filter (where channel in ('web_form', 'web_chat', 'social')), 0)
            as digital,
        max(contacts_on_all_channels) as contacts
    from channel_shift
    group by month
),

measured as (
    select
        month,
        subject,
        subject as place,
        target_share as target,
        unnest([
            {
                'measure': 'service_level',
                'value': service_level,
                'part': answered_within,
                'whole': offered
            },
            {
                'measure': 'abandoned_share',
                'value': abandoned_share,
                'part': abandoned,
                'whole': offered
            },
            {
                'measure': 'median_wait_seconds',
                'value': median_wait_seconds,
                'part': null,
                'whole': answered
            },
            {
                'measure': 'p90_wait_seconds',
                'value': p90_wait_seconds,
                'part': null,
                'whole': answered
            },
            {'measure': 'offered', 'value': offered, 'part': null, 'whole': offered}
        ]) as found
    from service_levels

    union all by name

    select
        month,
        subject,
        subject as place,
        {'measure': 'lost_share', 'value': lost_share, 'part': lost, 'whole': offered} as found
    from abandonment

    union all by name

    select
        month,
        channel || ' ' || clock as subject,
        channel as place,
        target_share as target,
        {'measure': 'kept_share', 'value': kept_share, 'part': kept, 'whole': judged} as found
    from kept

    union all by name

    select
        month,
        'all' as subject,
        'all' as place,
        {'measure': 'digital_share', 'value': digital_share, 'part': digital, 'whole': contacts}
            as found
    from digital

    union all by name

    select
        month,
        channel as subject,
        channel as place,
        {'measure': 'contacts', 'value': contacts, 'part': null, 'whole': contacts} as found
    from channel_shift

    union all by name

    select
        month,
        'all' as subject,
        'all' as place,
        {
            'measure': 'avoidable_share',
            'value': avoidable_share,
            'part': avoidable,
            'whole': known
        } as found
    from avoidable

    union all by name

    select
        month,
        'all' as subject,
        'all' as place,
        {
            'measure': 'repeat_share_28',
            'value': repeat_share,
            'part': repeats,
            'whole': judged
        } as found
    from repeat_contacts

    union all by name

    select
        month,
        service as subject,
        service as place,
        {
            'measure': 'digital_takeup',
            'value': digital_takeup,
            'part': completed_online,
            'whole': completed
        } as found
    from digital_takeup

    union all by name

    select
        month,
        'all' as subject,
        'all' as place,
        {
            'measure': 'telephoned_72h_share',
            'value': telephoned_72h_share,
            'part': telephoned_72h,
            'whole': people
        } as found
    from channel_leakage
),

headlines (measure, unit, improvement) as (
    values
    ('service_level', 'share', 'increase'),
    ('abandoned_share', 'share', 'decrease'),
    ('lost_share', 'share', 'decrease'),
    ('median_wait_seconds', 'seconds', 'decrease'),
    ('p90_wait_seconds', 'seconds', 'decrease'),
    ('offered', 'contacts', 'neutral'),
    ('kept_share', 'share', 'increase'),
    ('digital_share', 'share', 'increase'),
    ('contacts', 'contacts', 'neutral'),
    ('avoidable_share', 'share', 'decrease'),
    ('repeat_share_28', 'share', 'decrease'),
    ('digital_takeup', 'share', 'increase'),
    ('telephoned_72h_share', 'share', 'decrease')
)

select
    headlines.measure,
    measured.subject,
    measured.place,
    measured.month,
    headlines.unit,
    headlines.improvement,
    measured.found.value::double as value,
    measured.found.part::bigint as part,
    measured.found.whole::bigint as whole,
    if(headlines.measure in ('service_level', 'kept_share'), measured.target, null) as target
from measured
inner join headlines on measured.found.measure = headlines.measure
where measured.found.value is not null
order by headlines.measure, measured.subject, measured.month
