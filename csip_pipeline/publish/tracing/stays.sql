-- One row per contact that stood in the queue behind a figure, and how many stays it had there.
with

call_legs as (
    select
        *,
        concat_ws(' ', channel, line) as place
    from harmonise.call_legs
    where month in (select unnest($months::date[]))
)

select
    contact_id,
    month,
    count(*) as times
from call_legs
where
    list_contains($places::varchar[], place)
    and queue = $queue::varchar
    and list_contains($outcomes::varchar[], outcome)
group by contact_id, month
order by month, contact_id
