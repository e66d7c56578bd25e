-- One row per call: its legs in order, ending with the person who could deal with it or with the
-- caller giving up. A call passed on to where we hold no leg of it was answered where it left us.
with

legs as (
    select * from extract.telephony
    where month = $month::date
),

reasons as (
    select * from reference.contact_reasons
),

calls as (
    select
        call_id,
        first(line order by leg) as line,
        last(queue order by leg) as queue,
        min(arrived_at) as received_at,
        last(answered_at order by leg) as answered_at,
        last(ended_at order by leg) as last_ended_at,
        last(queued_at + to_microseconds((wait_seconds * 1000000)::bigint) order by leg)
            as last_left_queue_at,
        max(ended_at) as ended_at,
        last(if(outcome = 'transferred', 'answered', outcome) order by leg) as outcome,
        epoch(min(queued_at)) - epoch(min(arrived_at)) as menu_seconds,
        if(count(wait_seconds) = count(*), sum(wait_seconds), null) as queue_seconds,
        first(wait_seconds order by leg) as first_queue_wait_seconds,
        sum(talk_seconds) as handling_seconds,
        count(*) as legs,
        arg_max(wrap_code, leg) as reason,
        arg_max(person_key, leg) as person_key,
        arg_max(person_kind, leg) as person_kind,
        last(handler_key order by leg) as handler_key,
        first(source_file order by leg) as source_file,
        first(source_row order by leg) as source_row,
        max(extracted_at) as extracted_at
    from legs
    group by call_id
)

select
    'telephone:' || calls.call_id as contact_id,
    'telephone' as channel,
    calls.line,
    calls.queue,
    calls.received_at,
    if(calls.outcome in ('answered', 'callback_requested'), calls.answered_at, null)
        as responded_at,
    null as resolved_at,
    calls.ended_at,
    case
        when calls.outcome != 'callback_requested' then null
        -- the call in which it was asked for has an end of its own
        when calls.last_ended_at < coalesce(calls.answered_at, 'infinity') then calls.last_ended_at
        -- the end is that of the call back: they asked on leaving the queue, if the wait says when
        when calls.last_left_queue_at < calls.answered_at then calls.last_left_queue_at
    end as callback_asked_at,
    calls.outcome,
    calls.menu_seconds + calls.queue_seconds as wait_seconds,
    calls.first_queue_wait_seconds,
    calls.handling_seconds,
    calls.legs,
    calls.reason,
    coalesce(reasons.reason_group, 'unknown') as reason_group,
    calls.person_key,
    calls.person_kind,
    calls.handler_key,
    null as target_at,
    null as paused_seconds,
    calls.source_file,
    calls.source_row,
    calls.extracted_at
from calls
left join reasons using (reason)
