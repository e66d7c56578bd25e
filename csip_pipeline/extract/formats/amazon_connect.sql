-- One row per version of a call leg: a contact that was offered to a queue, with the callbacks that
-- its caller asked for. Contacts are delivered at least once; the last updated one is the newest.
with

versions as (
    select *
    from records
    where disposition in ('read', 'out_of_scope')
),

contacts as (
    select *
    from versions
    qualify
        row_number() over (
            partition by contact_id
            order by last_updated_at desc, extracted_at desc, file_id desc, source_row desc
        ) = 1
),

calls as (
    select
        call_id,
        min(initiated_at) as arrived_at,
        bool_or(contact_id = call_id) as has_its_beginning,
        any_value(number_line) as number_line,
        count_if(disposition = 'read' and not is_callback) > 0 as was_queued
    from contacts
    group by call_id
),

in_turn as (
    -- who asks for a call back in the menu, before any queue, has a leg in the queue of callbacks
    select
        contacts.*,
        row_number() over in_the_call as leg,
        lead(contacts.queue) over in_the_call as next_queue
    from contacts
    inner join calls using (call_id)
    where contacts.disposition = 'read' and contacts.is_callback != calls.was_queued
    window in_the_call as (
        partition by contacts.call_id
        order by
            contacts.initiated_at,
            contacts.contact_id != contacts.call_id,
            contacts.enqueued_at,
            contacts.contact_id
    )
),

legs as (
    select *
    from in_turn
    where not is_callback or leg = 1
),

callbacks as (
    -- tried again, a call back is a contact again: all belong to the leg whose caller asked
    select
        legs.contact_id,
        list({'file_id': callbacks.file_id, 'source_row': callbacks.source_row}) as origin,
        min(callbacks.called_back_at) as called_back_at
    from contacts as callbacks
    asof inner join legs
        on callbacks.call_id = legs.call_id and callbacks.initiated_at >= legs.initiated_at
    where
        callbacks.disposition = 'read'
        and callbacks.is_callback
        and callbacks.contact_id != legs.contact_id
    group by legs.contact_id
),

seen_until as (
    select max(extracted_at) as extracted_at
    from versions
),

placed as (
    select
        versions.*,
        contacts.file_id = versions.file_id and contacts.source_row = versions.source_row
            as is_newest,
        seen_until.extracted_at as seen_until,
        if(calls.has_its_beginning, legs.leg, 0) as leg,
        legs.next_queue,
        calls.arrived_at,
        coalesce(versions.queue_line, calls.number_line, versions.usual_line) as line,
        callbacks.origin is not null or versions.is_callback as is_to_be_called_back,
        least(contacts.called_back_at, callbacks.called_back_at) as first_called_back_at,
        if(is_newest, callbacks.origin, null) as callback_origin
    from versions
    inner join legs using (contact_id)
    inner join calls on versions.call_id = calls.call_id
    inner join contacts on versions.contact_id = contacts.contact_id
    left join callbacks on versions.contact_id = callbacks.contact_id
    cross join seen_until
    where versions.disposition = 'read'
),

timed as (
    select
        *,
        if(is_callback, initiated_at, enqueued_at) as queued_at,
        if(is_callback, null, connected_at) as answered_at,
        if(is_callback, initiated_at, disconnected_at) as ended_at
    from placed
),

ended as (
    select
        *,
        case
            when answered_at is null and is_to_be_called_back then 'callback_requested'
            when next_queue is not null or is_transferred_out then 'transferred'
            when answered_at is not null then 'answered'
            when is_ended_by_flow then 'timed_out'
            else 'abandoned'
        end as outcome,
        coalesce(
            if(is_callback, 0, queue_seconds),
            epoch(coalesce(dequeued_at, answered_at, ended_at)) - epoch(queued_at)
        ) as wait_seconds
    from timed
)

select
    call_id,
    leg,
    line,
    queue,
    arrived_at,
    queued_at,
    if(outcome = 'callback_requested', first_called_back_at, answered_at) as answered_at,
    ended_at,
    outcome,
    wait_seconds,
    if(answered_at is not null, interaction_seconds + coalesce(hold_seconds, 0), null)
        as talk_seconds,
    wrap_code,
    if(outcome = 'transferred', coalesce(next_queue, 'another number'), null) as transferred_to,
    recording_id,
    caller_number,
    if(answered_at is not null, handler_id, null) as handler_id,
    date_trunc('month', timezone('Europe/London', arrived_at))::date as month,
    last_updated_at as version_at,
    -- a call back that was made by then would have been delivered by then
    if(outcome = 'callback_requested' and is_newest, seen_until, extracted_at) as extracted_at,
    list_concat(
        [{'file_id': file_id, 'source_row': source_row}], coalesce(callback_origin, [])
    ) as origin
from ended
