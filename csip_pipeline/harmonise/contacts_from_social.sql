-- One row per conversation with the public, answered by the Force's first message after the first
-- message in. A conversation in which nobody wrote to the Force is not a contact.
with

messages as (
    select * from extract.social
    where month = $month::date
),

firsts as (
    select
        platform,
        conversation_id,
        min(sent_at) as received_at,
        -- first, because arg_min passes a message over whose author is not known
        first(person_key order by sent_at, message_id) as person_key,
        first(person_kind order by sent_at, message_id) as person_kind,
        first(source_file order by sent_at, message_id) as source_file,
        first(source_row order by sent_at, message_id) as source_row
    from messages
    where direction = 'in'
    group by platform, conversation_id
),

conversations as (
    select
        firsts.platform,
        firsts.conversation_id,
        firsts.received_at,
        firsts.person_key,
        firsts.person_kind,
        firsts.source_file,
        firsts.source_row,
        min(messages.sent_at) filter (
            where messages.direction = 'out' and messages.sent_at >= firsts.received_at
        ) as responded_at,
        max(messages.sent_at) as ended_at,
        max(messages.extracted_at) as extracted_at
    from firsts
    inner join messages using (platform, conversation_id)
    group by all
)

select
    'social:' || platform || ':' || conversation_id as contact_id,
    'social' as channel,
    null as line,
    platform as queue,
    received_at,
    responded_at,
    null as resolved_at,
    ended_at,
    null as callback_asked_at,
    if(responded_at is null, 'waiting', 'answered') as outcome,
    null as wait_seconds,
    null as first_queue_wait_seconds,
    null as handling_seconds,
    null as legs,
    null as reason,
    'unknown' as reason_group,
    person_key,
    person_kind,
    null as handler_key,
    null as target_at,
    null as paused_seconds,
    source_file,
    source_row,
    extracted_at
from conversations
