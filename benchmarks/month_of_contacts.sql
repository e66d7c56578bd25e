-- One row per contact of a made-up month, as harmonise.contacts holds them: a force's channels,
-- hours, waits and people, in the order in which their identifiers were given out.
with

channels (channel, kind, share) as (
    values
    ('telephone', 'phone', 0.72),
    ('web_form', 'email', 0.15),
    ('web_chat', 'email', 0.06),
    ('social', 'handle', 0.07)
),

-- the hours of a day, each as often as it is busy
busy as (
    select [
        0, 1, 5, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13,
        14, 14, 14, 15, 15, 15, 16, 16, 16, 16, 17, 17, 17, 17, 18, 18, 18, 19, 19, 20, 21, 22
    ] as hours
),

numbered as (
    select
        channels.channel,
        channels.kind,
        numbers.i,
        (numbers.i + 0.5) / ($contacts * channels.share) as place
    from channels
    inner join range($contacts::bigint) as numbers (i) on numbers.i < $contacts * channels.share
),

-- fractions drawn by a hash are the same in every run
drawn as (
    select
        *,
        [
            (hash($month::varchar, channel, i, draw) % 1000000000039 + 0.5) / 1000000000039
            for draw in range(8)
        ] as u
    from numbered
),

placed_in_month as (
    select
        *,
        place * day(last_day($month::date)) as days,
        days - floor(days) as of_day
    from drawn
),

timed as (
    select
        placed_in_month.*,
        placed_in_month.of_day * len(busy.hours) as of_hours,
        $month::date::timestamptz
        + to_days(floor(placed_in_month.days)::int)
        + to_hours(busy.hours[1 + floor(of_hours)::int])
        + to_microseconds((of_hours % 1 * 3600000000)::bigint) as received_at
    from placed_in_month
    cross join busy
),

lived as (
    select
        *,
        case
            when channel != 'telephone' then null
            when u[1] < 0.12 then '999'
            else '101'
        end as line,
        case
            when channel = 'telephone' then round(-ln(u[2]) * if(u[1] < 0.12, 4, 110))
            when channel = 'web_chat' then round(-ln(u[2]) * 60)
        end as would_wait,
        round(-ln(u[3]) * 600) as patience,
        -- a tenth of the people make a third of the contacts, and a few points are shared by many
        floor($people * u[4] ^ 2)::bigint as person,
        channel = 'telephone' and u[5] < 0.09 as is_withheld
    from timed
),

ended as (
    select
        *,
        channel in ('telephone', 'web_chat') as is_live,
        case
            when not is_live then if(u[6] < 0.03, 'waiting', 'answered')
            when would_wait > patience then 'abandoned'
            when line = '101' and would_wait > 120 and u[6] < 0.1 then 'callback_requested'
            else 'answered'
        end as outcome,
        if(is_live, least(would_wait, patience), null) as wait_seconds
    from lived
),

answered as (
    select
        *,
        if(line = '101' and outcome = 'answered' and u[7] < 0.25, 2, 1) as stays,
        case
            when outcome != 'answered' then null
            when is_live then received_at + to_seconds(wait_seconds)
            else received_at + to_seconds(round(-ln(u[2]) * 30000))
        end as responded_at,
        if(outcome = 'answered' and is_live, round(60 - ln(u[8]) * 300), null) as handling_seconds
    from ended
),

placed as (
    select
        *,
        case
            when line = '999' then 'emergency_999'
            when channel = 'telephone' then if(stays = 2, 'crime_recording', 'switchboard_101')
            when channel = 'web_form'
                then [
                    'report_a_crime', 'report_asb', 'lost_property', 'request_an_update'
                ][1 + floor(u[8] * 4)::int]
            when channel = 'social' then if(u[8] < 0.5, 'facebook', 'twitter')
            else 'chat'
        end as queue,
        if(u[6] < 0.5 and kind = 'email', 'phone', kind) as own_kind
    from answered
),

reasoned as (
    select
        *,
        case
            when channel = 'web_form' then queue
            when channel = 'telephone' and outcome = 'answered'
                then [
                    'CRIME_REPORT', 'CRIME_UPDATE', 'ASB', 'LOST_PROPERTY', 'COUNCIL_MATTER',
                    'INFO_ON_WEBSITE', 'WRONG_NUMBER', 'OTHER'
                ][1 + floor(u[7] * 8)::int]
        end as reason
    from placed
),

grouped as (
    select
        reasoned.*,
        coalesce(reasons.reason_group, 'unknown') as reason_group
    from reasoned
    left join reference.contact_reasons as reasons using (reason)
)

select
    channel || ':' || strftime($month::date, '%Y%m') || lpad(i::varchar, 9, '0') as contact_id,
    channel,
    line,
    queue,
    $month::date as month,
    received_at,
    responded_at,
    if(
        channel = 'web_form', responded_at + to_seconds(round(-ln(u[7]) * 200000)), null
    ) as resolved_at,
    coalesce(responded_at, received_at + to_seconds(wait_seconds))
    + to_seconds(coalesce(handling_seconds, 0)) as ended_at,
    outcome,
    wait_seconds,
    if(stays = 2, floor(wait_seconds / 3), wait_seconds) as first_queue_wait_seconds,
    handling_seconds,
    if(is_live, stays, null) as legs,
    reason,
    reason_group,
    if(is_withheld, null, sha256(own_kind || person)) as person_key,
    if(is_withheld, null, own_kind) as person_kind,
    if(outcome = 'answered', sha256('handler' || floor(u[5] * 400)::int), null) as handler_key,
    null as target_at,
    null as paused_seconds,
    null as callback_asked_at,
    'extract.csv' as source_file,
    i + 1 as source_row,
    $month::date::timestamptz + interval 2 month as extracted_at
from grouped
order by channel, i
