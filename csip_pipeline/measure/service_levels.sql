-- One row per clock (end_to_end: calls and chats; queue: stays of a call in a queue) and channel,
-- line or queue: A answered, B abandoned, Q = A + B offered, and the service level five ways.
with

contacts as (
    select * from harmonise.contacts
    where month = $month::date and legs is not null
),

call_legs as (
    select * from harmonise.call_legs
    where month = $month::date
),

standards as (
    select * from reference.service_standards
    where clock = 'answer'
),

stays as (
    select
        'end_to_end' as clock,
        contact_id,
        1 as leg,
        channel,
        line,
        queue,
        received_at,
        outcome,
        wait_seconds
    from contacts

    union all

    select
        'queue' as clock,
        contact_id,
        leg,
        channel,
        line,
        queue,
        received_at,
        if(outcome = 'transferred', 'answered', outcome) as outcome,
        wait_seconds
    from call_legs
),

promised as (
    select
        stays.clock,
        stays.channel,
        stays.line,
        stays.queue,
        stays.wait_seconds,
        standards.standard_id,
        standards.within_seconds,
        standards.boundary,
        standards.target_share,
        stays.outcome = 'answered' as is_answered,
        stays.outcome in ('abandoned', 'timed_out') as is_abandoned,
        if(
            standards.boundary = '<',
            stays.wait_seconds < standards.within_seconds,
            stays.wait_seconds <= standards.within_seconds
        ) as is_within,
        stays.wait_seconds <= standards.short_abandon_seconds as is_short
    from stays
    left join standards
        on
            stays.channel = standards.channel
            and (standards.line is null or stays.line = standards.line)
            and (standards.queue is null or stays.queue = standards.queue)
            and timezone('Europe/London', stays.received_at)::date >= standards.applies_from_on
            and timezone('Europe/London', stays.received_at)::date
            < coalesce(standards.applies_until_on, 'infinity'::date)
    qualify
        row_number() over (
            partition by stays.clock, stays.contact_id, stays.leg
            order by standards.queue is null, standards.line is null
        ) = 1
),

counted as (
    select
        clock,
        channel,
        line,
        queue,
        case grouping(channel, line, queue)
            when 0 then 'queue' when 1 then 'line' else 'channel'
        end as level,
        if(min(within_seconds) = max(within_seconds), min(within_seconds), null) as within_seconds,
        if(min(boundary) = max(boundary), min(boundary), null) as boundary,
        if(min(target_share) = max(target_share), min(target_share), null) as target_share,
        count(standard_id) = count(*) as is_promised,
        count_if(is_answered) as a,
        count_if(is_abandoned) as b,
        count(*) - count_if(is_answered) - count_if(is_abandoned) as other_outcomes,
        -- filtered, because count_if is null, not 0, where no wait is known
        if(is_promised, count(*) filter (where is_answered and is_within), null) as aw,
        -- how early somebody gave up is known only where the wait of all who did is known
        count(*) filter (where is_abandoned and wait_seconds is null) = 0 as is_known,
        if(
            is_promised and is_known, count(*) filter (where is_abandoned and is_within), null
        ) as bw,
        if(
            is_promised and is_known, count(*) filter (where is_abandoned and is_short), null
        ) as bs,
        avg(wait_seconds) filter (where is_answered) as mean_wait_seconds,
        median(wait_seconds) filter (where is_answered) as median_wait_seconds,
        quantile_cont(wait_seconds, 0.9) filter (where is_answered) as p90_wait_seconds,
        max(wait_seconds) filter (where is_answered) as longest_wait_seconds
    from promised
    group by
        grouping sets (
            (clock, channel), (clock, channel, line), (clock, channel, line, queue)
        )
)

select
    clock,
    level,
    channel,
    line,
    queue,
    within_seconds,
    boundary,
    target_share,
    a + b as offered,
    a as answered,
    b as abandoned,
    other_outcomes,
    aw as answered_within,
    bw as abandoned_within,
    bs as abandoned_short,
    aw / nullif(a + b, 0) as service_level,
    wilson_lower(aw, a + b) as service_level_lower,
    wilson_upper(aw, a + b) as service_level_upper,
    aw / nullif(a, 0) as service_level_answered_only,
    wilson_lower(aw, a) as service_level_answered_only_lower,
    wilson_upper(aw, a) as service_level_answered_only_upper,
    (aw + bw) / nullif(a + b, 0) as service_level_crediting_early_abandons,
    wilson_lower(aw + bw, a + b) as service_level_crediting_early_abandons_lower,
    wilson_upper(aw + bw, a + b) as service_level_crediting_early_abandons_upper,
    aw / nullif(a + b - bw, 0) as service_level_ignoring_early_abandons,
    wilson_lower(aw, a + b - bw) as service_level_ignoring_early_abandons_lower,
    wilson_upper(aw, a + b - bw) as service_level_ignoring_early_abandons_upper,
    aw / nullif(a + b - bs, 0) as service_level_ignoring_short_abandons,
    wilson_lower(aw, a + b - bs) as service_level_ignoring_short_abandons_lower,
    wilson_upper(aw, a + b - bs) as service_level_ignoring_short_abandons_upper,
    b / nullif(a + b, 0) as abandoned_share,
    mean_wait_seconds,
    median_wait_seconds,
    p90_wait_seconds,
    longest_wait_seconds,
    null as median_wait_seconds_lower,
    null as median_wait_seconds_upper,
    null as p95_wait_seconds,
    null as median_wait_of_offered_seconds,
    null as p90_wait_of_offered_seconds,
    null as mean_first_queue_wait_seconds,
    null as mean_hidden_wait_seconds,
    null as hidden_wait_share,
    null as weekday,
    null as hour,
    0 as waits_under_10_seconds,
    0 as waits_10_to_60_seconds,
    0 as waits_1_to_5_minutes,
    0 as waits_5_to_10_minutes,
    0 as waits_10_to_20_minutes,
    0 as waits_20_minutes_or_more,
    a as waits_unknown
from counted
