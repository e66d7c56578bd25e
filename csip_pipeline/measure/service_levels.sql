-- One row per clock (end_to_end: calls and chats; queue: stays of a call in a queue) and channel,
-- line, queue or hour of the week: A answered, B gave up, Q = A + B offered; the service level five
-- ways; and the waits, cumulated from how many waited how long.
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
        channel,
        line,
        queue,
        timezone('Europe/London', received_at) as received_in_london,
        outcome,
        wait_seconds,
        first_queue_wait_seconds
    from contacts

    union all

    select
        'queue' as clock,
        channel,
        line,
        queue,
        timezone('Europe/London', received_at) as received_in_london,
        if(outcome = 'transferred', 'answered', outcome) as outcome,
        wait_seconds,
        null as first_queue_wait_seconds
    from call_legs
),

-- hours of the week are told of whole contacts only
placed as (
    select
        clock,
        channel,
        line,
        queue,
        -- the day whose standards judge it: its own, or another to compare two rules on one month
        coalesce($rules_of::date, received_in_london::date) as ruled_on,
        if(clock = 'end_to_end', isodow(received_in_london), null) as weekday,
        if(clock = 'end_to_end', hour(received_in_london), null) as hour,
        case
            when outcome = 'answered' then 'answered'
            when outcome in ('abandoned', 'timed_out') then 'gave_up'
            else 'other'
        end as fate,
        wait_seconds,
        if(first_queue_wait_seconds <= wait_seconds, first_queue_wait_seconds, null)
            as first_queue_seconds
    from stays
),

days as (
    select distinct
        channel,
        line,
        queue,
        ruled_on
    from placed
),

in_force as (
    select
        days.*,
        standards.standard_id
    from days
    inner join standards
        on
            days.channel = standards.channel
            and (standards.line is null or days.line = standards.line)
            and (standards.queue is null or days.queue = standards.queue)
            and days.ruled_on >= standards.applies_from_on
            and days.ruled_on < coalesce(standards.applies_until_on, 'infinity'::date)
    qualify
        row_number() over (
            partition by days.channel, days.line, days.queue, days.ruled_on
            order by standards.queue is null, standards.line is null
        ) = 1
),

-- what is alike is counted once: from here on the rows are few, however many called
alike as (
    select
        placed.clock,
        placed.channel,
        placed.line,
        placed.queue,
        placed.weekday,
        placed.hour,
        placed.fate,
        placed.wait_seconds,
        in_force.standard_id,
        count(*) as n,
        count(placed.first_queue_seconds) as n_both_known,
        sum(placed.first_queue_seconds) as first_queue_seconds
    from placed
    left join in_force
        on
            placed.channel = in_force.channel
            and placed.queue = in_force.queue
            and placed.ruled_on = in_force.ruled_on
            and placed.line is not distinct from in_force.line
    group by all
),

tallies as (
    select
        alike.*,
        standards.within_seconds,
        standards.boundary,
        standards.target_share,
        if(
            standards.boundary = '<',
            alike.wait_seconds < standards.within_seconds,
            alike.wait_seconds <= standards.within_seconds
        ) as is_within,
        alike.wait_seconds <= standards.short_abandon_seconds as is_short
    from alike
    left join standards on alike.standard_id = standards.standard_id
),

counted as (
    select
        clock,
        channel,
        line,
        queue,
        weekday,
        hour,
        case grouping(line, queue, hour)
            when 7 then 'channel'
            when 3 then 'line'
            when 1 then 'queue'
            when 6 then 'channel_hour'
            when 2 then 'line_hour'
        end as level,
        if(min(within_seconds) = max(within_seconds), min(within_seconds), null) as within_seconds,
        if(min(boundary) = max(boundary), min(boundary), null) as boundary,
        if(min(target_share) = max(target_share), min(target_share), null) as target_share,
        coalesce(sum(n) filter (where standard_id is null), 0) = 0 as is_promised,
        coalesce(sum(n) filter (where fate = 'answered'), 0)::bigint as a,
        coalesce(sum(n) filter (where fate = 'gave_up'), 0)::bigint as b,
        coalesce(sum(n) filter (where fate = 'other'), 0)::bigint as other_outcomes,
        if(
            is_promised, coalesce(sum(n) filter (where fate = 'answered' and is_within), 0), null
        )::bigint as aw,
        -- how early somebody gave up is known only where the wait of all who did is known
        is_promised
        and coalesce(sum(n) filter (where fate = 'gave_up' and wait_seconds is null), 0) = 0
            as is_known,
        if(
            is_known, coalesce(sum(n) filter (where fate = 'gave_up' and is_within), 0), null
        )::bigint as bw,
        if(
            is_known, coalesce(sum(n) filter (where fate = 'gave_up' and is_short), 0), null
        )::bigint as bs,
        coalesce(sum(n) filter (where fate = 'answered' and wait_seconds < 10), 0)
            as waits_under_10_seconds,
        coalesce(
            sum(n) filter (where fate = 'answered' and wait_seconds >= 10 and wait_seconds < 60), 0
        ) as waits_10_to_60_seconds,
        coalesce(
            sum(n) filter (where fate = 'answered' and wait_seconds >= 60 and wait_seconds < 300), 0
        ) as waits_1_to_5_minutes,
        coalesce(
            sum(n) filter (where fate = 'answered' and wait_seconds >= 300 and wait_seconds < 600),
            0
        ) as waits_5_to_10_minutes,
        coalesce(
            sum(n) filter (where fate = 'answered' and wait_seconds >= 600 and wait_seconds < 1200),
            0
        ) as waits_10_to_20_minutes,
        coalesce(sum(n) filter (where fate = 'answered' and wait_seconds >= 1200), 0)
            as waits_20_minutes_or_more,
        coalesce(sum(n) filter (where fate = 'answered' and wait_seconds is null), 0)
            as waits_unknown,
        coalesce(sum(n_both_known) filter (where fate = 'answered'), 0) as n_split,
        sum(first_queue_seconds) filter (where fate = 'answered') as first_queue_seconds,
        sum(wait_seconds * n_both_known) filter (where fate = 'answered') as split_seconds
    from tallies
    group by
        grouping sets (
            (clock, channel),
            (clock, channel, line),
            (clock, channel, line, queue),
            (clock, channel, weekday, hour),
            (clock, channel, line, weekday, hour)
        )
    having level in ('channel', 'line', 'queue') or clock = 'end_to_end'
),

-- how many were answered, and how many gave up, after exactly so long
waits as (
    select
        clock,
        channel,
        line,
        queue,
        weekday,
        hour,
        grouping(line, queue, hour) as kind,
        wait_seconds,
        coalesce(sum(n) filter (where fate = 'answered'), 0)::bigint as n_answered,
        sum(n)::bigint as n_offered
    from tallies
    where fate != 'other' and wait_seconds is not null
    group by
        grouping sets (
            (clock, channel, wait_seconds),
            (clock, channel, line, wait_seconds),
            (clock, channel, line, queue, wait_seconds),
            (clock, channel, weekday, hour, wait_seconds),
            (clock, channel, line, weekday, hour, wait_seconds)
        )
    having kind in (7, 3, 1) or clock = 'end_to_end'
),

cumulated as (
    select
        *,
        sum(n_answered) over up_to_here as answered_by_then,
        sum(n_answered) over of_all as answered_at_last,
        -- whoever has waited at least so long: all offered but those whose wait was shorter
        sum(n_offered) over of_all - sum(n_offered) over up_to_here + n_offered as at_risk
    from waits
    window
        of_all as (partition by kind, clock, channel, line, queue, weekday, hour),
        up_to_here as (
            partition by kind, clock, channel, line, queue, weekday, hour
            order by wait_seconds
            rows between unbounded preceding and current row
        )
),

curves as (
    select
        *,
        product(1 - n_answered / at_risk) over (
            partition by kind, clock, channel, line, queue, weekday, hour
            order by wait_seconds
            rows between unbounded preceding and current row
        ) as still_waiting_share,
        median_rank(answered_at_last) as median_rank
    from cumulated
),

-- the value of a rank is the shortest wait by which so many were answered
ranked as (
    select
        kind,
        clock,
        channel,
        line,
        queue,
        weekday,
        hour,
        any_value(answered_at_last) as n,
        sum(wait_seconds * n_answered) / nullif(sum(n_answered), 0) as mean_wait_seconds,
        max(wait_seconds) filter (where n_answered > 0) as longest_wait_seconds,
        min(wait_seconds) filter (where answered_by_then >= floor((answered_at_last - 1) * 0.5) + 1)
            as p50_from,
        min(wait_seconds) filter (where answered_by_then >= ceil((answered_at_last - 1) * 0.5) + 1)
            as p50_to,
        min(wait_seconds) filter (where answered_by_then >= floor((answered_at_last - 1) * 0.9) + 1)
            as p90_from,
        min(wait_seconds) filter (where answered_by_then >= ceil((answered_at_last - 1) * 0.9) + 1)
            as p90_to,
        min(wait_seconds) filter (
            where answered_by_then >= floor((answered_at_last - 1) * 0.95) + 1
        ) as p95_from,
        min(wait_seconds) filter (where answered_by_then >= ceil((answered_at_last - 1) * 0.95) + 1)
            as p95_to,
        min(wait_seconds) filter (where median_rank > 0 and answered_by_then >= median_rank)
            as median_wait_seconds_lower,
        min(wait_seconds) filter (
            where median_rank > 0 and answered_by_then >= answered_at_last + 1 - median_rank
        ) as median_wait_seconds_upper,
        min(wait_seconds) filter (where still_waiting_share <= 0.5 + 1e-12)
            as median_wait_of_offered_seconds,
        min(wait_seconds) filter (where still_waiting_share <= 0.1 + 1e-12)
            as p90_wait_of_offered_seconds
    from curves
    group by all
),

-- between two ranks in proportion (Hyndman and Fan's type 7, as quantile_cont)
measured as (
    select
        *,
        case kind
            when 7 then 'channel'
            when 3 then 'line'
            when 1 then 'queue'
            when 6 then 'channel_hour'
            when 2 then 'line_hour'
        end as level,
        if(n = 0, null, p50_from + (p50_to - p50_from) * ((n - 1) * 0.5 - floor((n - 1) * 0.5)))
            as median_wait_seconds,
        if(n = 0, null, p90_from + (p90_to - p90_from) * ((n - 1) * 0.9 - floor((n - 1) * 0.9)))
            as p90_wait_seconds,
        if(n = 0, null, p95_from + (p95_to - p95_from) * ((n - 1) * 0.95 - floor((n - 1) * 0.95)))
            as p95_wait_seconds
    from ranked
),

formulas as (
    select
        clock,
        level,
        channel,
        line,
        queue,
        weekday,
        hour,
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
        first_queue_seconds / nullif(n_split, 0) as mean_first_queue_wait_seconds,
        (split_seconds - first_queue_seconds) / nullif(n_split, 0)
            as mean_hidden_wait_seconds,
        (split_seconds - first_queue_seconds) / nullif(split_seconds, 0)
            as hidden_wait_share,
        waits_under_10_seconds,
        waits_10_to_60_seconds,
        waits_1_to_5_minutes,
        waits_5_to_10_minutes,
        waits_10_to_20_minutes,
        waits_20_minutes_or_more,
        waits_unknown
    from counted
)

select
    formulas.*,
    measured.mean_wait_seconds,
    measured.median_wait_seconds,
    measured.median_wait_seconds_lower,
    measured.median_wait_seconds_upper,
    measured.p90_wait_seconds,
    measured.p95_wait_seconds,
    measured.longest_wait_seconds,
    measured.median_wait_of_offered_seconds,
    measured.p90_wait_of_offered_seconds
from formulas
left join measured
    on
        formulas.clock = measured.clock
        and formulas.level = measured.level
        and formulas.channel = measured.channel
        and formulas.line is not distinct from measured.line
        and formulas.queue is not distinct from measured.queue
        and formulas.weekday is not distinct from measured.weekday
        and formulas.hour is not distinct from measured.hour
