-- One row per window (7 and 28 days) and all contact, channel or line: contacts whose person was
-- in touch, on any channel, in the window before.
with

contacts as (
    select
        contact_id,
        channel,
        line,
        person_key,
        received_at
    from harmonise.contacts
    where month = $month::date
),

month_before as (
    select
        person_key,
        received_at
    from harmonise.contacts
    where month = $month::date - interval '1 month'
),

windows as (
    select unnest([7, 28]) as within_days
),

reached as (
    select count(*) > 0 as is_whole from month_before
),

last_of_the_month_before as (
    select
        person_key,
        max(received_at) as received_at
    from month_before
    where person_key is not null
    group by person_key
),

in_order as (
    select
        channel,
        line,
        person_key,
        received_at,
        row_number() over in_order_of_arrival as nth,
        lag(received_at) over in_order_of_arrival as previous_at
    from contacts
    window in_order_of_arrival as (partition by person_key order by received_at, contact_id)
),

judged as (
    select
        in_order.channel,
        in_order.line,
        in_order.person_key is null as is_nobody,
        not is_nobody and in_order.nth > 20 as is_over_the_cap,
        not is_nobody and in_order.nth <= 20 as is_judged,
        coalesce(in_order.previous_at, last_of_the_month_before.received_at) as last_at,
        in_order.received_at <= last_at + interval '168 hours' as is_within_7_days,
        in_order.received_at <= last_at + interval '672 hours' as is_within_28_days
    from in_order
    left join last_of_the_month_before using (person_key)
),

counted as (
    select
        channel,
        line,
        case grouping(channel, line)
            when 0 then 'line' when 1 then 'channel' else 'all'
        end as level,
        count(*) as contacts,
        count(*) filter (where is_nobody) as without_person,
        count(*) filter (where is_over_the_cap) as over_the_cap,
        count(*) filter (where is_judged) as judged,
        count(*) filter (where is_judged and is_within_7_days) as repeats_7,
        count(*) filter (where is_judged and is_within_28_days) as repeats_28
    from judged
    group by grouping sets ((), (channel), (channel, line))
    having count(*) > 0
),

windowed as (
    select
        counted.*,
        windows.within_days,
        reached.is_whole,
        if(windows.within_days = 7, counted.repeats_7, counted.repeats_28) as repeats,
        if(reached.is_whole, repeats, null) as known_repeats
    from counted
    cross join windows
    cross join reached
)

select
    within_days,
    level,
    channel,
    line,
    contacts,
    without_person,
    without_person / contacts as without_person_share,
    over_the_cap,
    judged,
    repeats,
    known_repeats / nullif(judged, 0) as repeat_share,
    wilson_lower(known_repeats, judged) as repeat_share_lower,
    wilson_upper(known_repeats, judged) as repeat_share_upper,
    is_whole
from windowed
