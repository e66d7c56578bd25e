-- One row per version of a conversation: what was known of the chat when it was last updated.
with

versions as (
    select *
    from records
    where disposition = 'read'
),

known as (
    select
        *,
        -- while it is open, nobody waits only after a member of staff wrote last
        bool_or(not is_waiting and not is_closed) over until_then as staff_wrote,
        bool_or(has_statistics) over until_then as has_any_statistics
    from versions
    window until_then as (
        partition by chat_id order by version_at, extracted_at, file_id, source_row
    )
)

select
    chat_id,
    service,
    requested_at,
    replied_at as joined_at,
    replied_at as first_reply_at,
    greatest(
        coalesce(if(is_closed, closed_at, null), version_at),
        coalesce(replied_at, requested_at)
    ) as ended_at,
    case
        when replied_at is not null or staff_wrote then 'answered'
        when is_waiting or has_any_statistics then 'abandoned'
    end as outcome,
    null::varchar as email,
    null::varchar as phone,
    date_trunc('month', timezone('Europe/London', requested_at))::date as month,
    version_at,
    extracted_at,
    [{'file_id': file_id, 'source_row': source_row}] as origin
from known
