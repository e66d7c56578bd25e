-- One row per chat requested; it was answered when a member of staff joined it.
with

chats as (
    select
        *,
        coalesce(service, 'web_chat') as queue,
        epoch(coalesce(joined_at, ended_at)) - epoch(requested_at) as wait_seconds
    from extract.web_chats
    where month = $month::date
),

reasons as (
    select * from reference.contact_reasons
)

select
    'web_chat:' || chats.chat_id as contact_id,
    'web_chat' as channel,
    null as line,
    chats.queue,
    chats.requested_at as received_at,
    chats.joined_at as responded_at,
    null as resolved_at,
    chats.ended_at,
    null as callback_asked_at,
    chats.outcome,
    chats.wait_seconds,
    chats.wait_seconds as first_queue_wait_seconds,
    epoch(chats.ended_at) - epoch(chats.joined_at) as handling_seconds,
    1 as legs,
    chats.service as reason,
    coalesce(reasons.reason_group, 'unknown') as reason_group,
    chats.person_key,
    chats.person_kind,
    null as handler_key,
    null as target_at,
    null as paused_seconds,
    chats.source_file,
    chats.source_row,
    chats.extracted_at
from chats
left join reasons on chats.service = reasons.reason
