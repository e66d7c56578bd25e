-- One row per month, channel and clock (level kind), and per month (level all): what became of the
-- explanations owed. A notice is counted once, in the first of the months that it is about.
with

callback_list as (
    select * from publish.callback_list
),

-- a month is kept anew only when one of its notices changes: what did not change is so to this day
seen as (
    select max(as_at) as seen_on from callback_list
),

notices as (
    select
        callback_list.*,
        seen.seen_on,
        min(callback_list.month) over (partition by callback_list.notice_id) as first_month
    from callback_list
    cross join seen
    qualify
        row_number() over (
            partition by callback_list.notice_id
            order by callback_list.as_at desc, callback_list.month desc
        ) = 1
),

judged as (
    select
        first_month,
        channel,
        clock,
        if(state = 'withdrawn', null, state) as fate,
        fate is not null as is_owed,
        fate is not null and issued_at is not null as is_issued,
        coalesce(
            fate = 'explained' and timezone('Europe/London', explained_at)::date <= due_by, false
        ) as is_in_time,
        is_owed and not is_in_time and (fate = 'explained' or seen_on > due_by) as is_late,
        -- whoever is told early is not judged early, else the share would flatter
        is_late or (is_owed and seen_on > due_by) as is_judged,
        if(
            fate = 'explained' and explained_at >= received_at,
            epoch(explained_at - received_at),
            null
        ) as seconds_to_explanation
    from notices
),

counted as (
    select
        first_month,
        channel,
        clock,
        if(grouping(channel, clock) = 0, 'kind', 'all') as level,
        count(*) filter (where is_owed) as owed,
        count(*) filter (where fate = 'due') as due,
        count(*) filter (where fate = 'held') as held,
        count(*) filter (where fate = 'issued') as issued,
        count(*) filter (where fate = 'explained') as explained,
        count(*) filter (where fate = 'tried') as tried,
        count(*) filter (where fate = 'unsafe') as unsafe,
        count(*) filter (where fate = 'not_contactable') as not_contactable,
        count(*) filter (where fate = 'expired') as expired,
        count(*) filter (where not is_owed) as withdrawn,
        count(*) filter (where is_issued) as ever_issued,
        count(*) filter (where is_in_time) as in_time,
        count(*) filter (where is_late) as late,
        count(*) filter (where is_judged) as judged,
        count(seconds_to_explanation) as timed,
        median(seconds_to_explanation) as median_seconds,
        list(seconds_to_explanation order by seconds_to_explanation) filter (
            where seconds_to_explanation is not null
        ) as in_order
    from judged
    group by grouping sets ((first_month), (first_month, channel, clock))
)

select
    first_month as month,
    level,
    channel,
    clock,
    owed as notices,
    due,
    held,
    issued,
    explained,
    tried,
    unsafe,
    not_contactable,
    expired,
    withdrawn,
    ever_issued,
    explained / nullif(owed, 0) as explained_share,
    wilson_lower(explained, owed) as explained_share_lower,
    wilson_upper(explained, owed) as explained_share_upper,
    judged,
    in_time as explained_in_time,
    late,
    (judged - late) / nullif(judged, 0) as explained_in_time_share,
    wilson_lower(judged - late, judged) as explained_in_time_share_lower,
    wilson_upper(judged - late, judged) as explained_in_time_share_upper,
    median_seconds as median_seconds_to_explanation,
    if(timed > 5, in_order[median_rank(timed)], null) as median_seconds_to_explanation_lower,
    if(timed > 5, in_order[timed + 1 - median_rank(timed)], null)
        as median_seconds_to_explanation_upper,
    judged < owed as is_provisional
from counted
