-- One row per contact behind a figure: of the months, channels, lines, queue, outcomes, waits,
-- reasons, service and hour of the week given, where null stands for any.
with

reasons as (
    select
        reason,
        service
    from reference.contact_reasons
),

contacts as (
    select
        *,
        concat_ws(' ', channel, line) as place,
        legs is not null as has_queued,
        timezone('Europe/London', received_at) as received_in_london
    from harmonise.contacts
    where month in (select unnest($months::date[]))
),

placed as (
    select
        contacts.*,
        case contacts.channel
            when 'web_form' then contacts.queue
            when 'web_chat' then contacts.reason
            when 'telephone' then reasons.service
        end as service
    from contacts
    left join reasons on contacts.reason = reasons.reason
)

select
    contact_id,
    month,
    1 as times
from placed
where
    ($channels::varchar[] is null or list_contains($channels::varchar[], channel))
    and ($places::varchar[] is null or list_contains($places::varchar[], place))
    and ($queue::varchar is null or queue = $queue::varchar)
    and ($outcomes::varchar[] is null or list_contains($outcomes::varchar[], outcome))
    and ($has_queued::boolean is null or has_queued = $has_queued::boolean)
    and (
        $is_wait_known::boolean is null
        or (wait_seconds is not null) = $is_wait_known::boolean
    )
    and ($waited_from::double is null or wait_seconds >= $waited_from::double)
    and ($waited_below::double is null or wait_seconds < $waited_below::double)
    and (
        $reason_groups::varchar[] is null
        or list_contains($reason_groups::varchar[], reason_group)
    )
    and ($service::varchar is null or service = $service::varchar)
    and ($weekday::int is null or isodow(received_in_london) = $weekday::int)
    and ($hour::int is null or hour(received_in_london) = $hour::int)
order by month, contact_id
