-- One row per person, panel cycle and kind of promise missed in the month: the notice they are
-- owed, in neutral words, and the flags of the reasons why they were in touch. Its id follows from
-- what it is about.
with

breaches as (
    select * from measure.breaches
    where month = $month::date and person_key is not null and explain_by_on is not null
),

cycles as (
    select * from reference.panel_cycles
),

reasons as (
    select
        reasons.reason,
        reasons.flag,
        -- a reason may hold by itself, whatever its flag says
        if(
            reasons.hold_callback = 'yes' and coalesce(flags.holds, 'no') = 'no',
            'reason_holds',
            null
        ) as own_flag
    from reference.contact_reasons as reasons
    left join reference.contact_flags as flags using (flag)
),

scaled as (
    select
        *,
        case
            when clock_seconds < 120 then 'seconds'
            when clock_seconds < 7200 then 'minutes'
            when clock_seconds < 172800 then 'hours'
            else 'days'
        end as unit,
        case unit when 'seconds' then 1 when 'minutes' then 60 when 'hours' then 3600 else 86400 end
            as unit_seconds
    from breaches
),

told as (
    select
        *,
        -- rounded down, and said to be more: 10 minutes 20 seconds must not read as 10 minutes
        if(clock_seconds % unit_seconds > 0, 'more than ', '')
        || floor(clock_seconds / unit_seconds)::bigint || ' ' || unit as took,
        case channel
            when 'telephone' then 'telephone call'
            when 'web_form' then 'online form'
            when 'web_chat' then 'web chat'
            when 'social' then 'social media message'
            else 'e-mail'
        end as contact_words
    from scaled
),

flagged as (
    select
        told.*,
        cycles.cycle,
        case
            when told.took is null
                then 'Their ' || told.contact_words || ' has not been dealt with.'
            when told.clock = 'answer'
                then 'Their ' || told.contact_words || ' waited ' || told.took || '.'
            when told.clock = 'first_response'
                then 'The reply to their ' || told.contact_words || ' took ' || told.took || '.'
            when told.clock = 'callback'
                then 'The call back took ' || told.took || '.'
            else 'Dealing with their ' || told.contact_words || ' took ' || told.took || '.'
        end as why,
        case
            when told.reason is null then ['no_reason']
            when reasons.reason is null then ['unknown_reason']
            else string_split(nullif(concat_ws(',', reasons.flag, reasons.own_flag), ''), ',')
        end as flags
    from told
    inner join cycles on told.month between cycles.starts_on and cycles.ends_on
    left join reasons using (reason)
)

select
    left(sha256(concat_ws('|', person_key, cycle, channel, clock)), 16) as notice_id,
    cycle,
    person_key,
    channel,
    clock,
    count(*) as breaches,
    min(received_at) as received_at,
    max(clock_seconds) as longest_seconds,
    bool_or(is_still_waiting) as is_still_waiting,
    first(why order by received_at, contact_id) as why,
    first(wording order by received_at, contact_id) as promised,
    min(explain_by_on) as due_by,
    case when bool_or(is_still_waiting) then 1 when count(*) > 1 then 2 else 3 end as priority,
    list_sort(list_distinct(flatten(list(coalesce(flags, []))))) as flags
from flagged
group by cycle, person_key, channel, clock
