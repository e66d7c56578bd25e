-- One row per chat: its events, whichever files hold them, from the request to the last word.
with

chat_events as (
    select *
    from records
    where disposition = 'read'
    qualify
        row_number() over (
            partition by chat_id, happened_at, actor, event, chat_index
            order by extracted_at, file_id, source_row
        ) = 1
),

chats as (
    select
        chat_id,
        any_value(service) as service,
        min(happened_at) as requested_at,
        min(happened_at) filter (where actor = 'staff') as joined_at,
        min(happened_at) filter (where actor = 'staff' and event = 'ChatMessage')
            as first_reply_at,
        max(happened_at) as ended_at,
        max(extracted_at) as extracted_at,
        list({'file_id': file_id, 'source_row': source_row} order by happened_at, source_row)
            as origin
    from chat_events
    group by chat_id
)

select
    chat_id,
    service,
    requested_at,
    joined_at,
    first_reply_at,
    ended_at,
    case when joined_at is null then 'abandoned' else 'answered' end as outcome,
    null::varchar as email,
    null::varchar as phone,
    date_trunc('month', timezone('Europe/London', requested_at))::date as month,
    extracted_at,
    origin
from chats
