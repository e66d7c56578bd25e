-- One row per contact whose clock is behind a figure: of the standards, or of the clock, channels,
-- lines and queue given, with the status given, where null stands for any.
with

response_times as (
    select
        *,
        concat_ws(' ', channel, line) as place
    from measure.response_times
    where month in (select unnest($months::date[]))
)

select
    contact_id,
    month,
    count(*) as times
from response_times
where
    ($standards::varchar[] is null or list_contains($standards::varchar[], standard_id))
    and ($clock::varchar is null or clock = $clock::varchar)
    and ($channels::varchar[] is null or list_contains($channels::varchar[], channel))
    and ($places::varchar[] is null or list_contains($places::varchar[], place))
    and ($queue::varchar is null or queue = $queue::varchar)
    and ($statuses::varchar[] is null or list_contains($statuses::varchar[], status))
group by contact_id, month
order by month, contact_id
