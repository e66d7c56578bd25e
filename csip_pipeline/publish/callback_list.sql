-- One row per person, panel cycle and kind of promise missed in the month: the notice they are
-- owed, in neutral words, and whether it must be held. Its id follows from what it is about.
with

breaches as (
    select * from measure.breaches
    where month = $month::date and person_key is not null and explain_by_on is not null
),

cycles as (
    select * from reference.panel_cycles
),

reasons as (
    select * from reference.contact_reasons
),

told as (
    select
        *,
        case
            when clock_seconds is null then null
            when clock_seconds < 120 then clock_seconds::bigint || ' seconds'
            when clock_seconds < 7200 then (clock_seconds / 60)::bigint || ' minutes'
            when clock_seconds < 172800 then (clock_seconds / 3600)::bigint || ' hours'
            else (clock_seconds / 86400)::bigint || ' days'
        end as took,
        case channel
            when 'telephone' then 'telephone call'
            when 'web_form' then 'online form'
            when 'web_chat' then 'web chat'
            when 'social' then 'social media message'
            else 'e-mail'
        end as contact_words
    from breaches
),

flagged as (
    select
        told.*,
        cycles.cycle,
        case
            when told.took is null then 'Their ' || told.contact_words || ' has not been dealt with.'
            when told.clock = 'answer'
                then 'Their ' || told.contact_words || ' waited ' || told.took || '.'
            when told.clock = 'first_response'
                then 'The reply to their ' || told.contact_words || ' took ' || told.took || '.'
            else 'Dealing with their ' || told.contact_words || ' took ' || told.took || '.'
        end as why,
        case
            when reasons.reason is null then 'nobody recorded why they were in touch'
            when reasons.hold_callback = 'yes' then 'a call could put them at risk'
        end as held_because
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
    bool_or(is_still_waiting) as is_still_waiting,
    arg_min(why, received_at) as why,
    arg_min(wording, received_at) as promised,
    min(explain_by_on) as due_by,
    case when bool_or(is_still_waiting) then 1 when count(*) > 1 then 2 else 3 end as priority,
    max(held_because) as held_because,
    if(count(held_because) > 0, 'held', 'due') as state
from flagged
group by cycle, person_key, channel, clock
