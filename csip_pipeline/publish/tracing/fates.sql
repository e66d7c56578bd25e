-- One row per contact that gave up and whose fate is behind a figure.
with

abandoned_fates as (
    select
        *,
        concat_ws(' ', channel, line) as place
    from measure.abandoned_fates
    where month in (select unnest($months::date[]))
)

select
    contact_id,
    month,
    1 as times
from abandoned_fates
where
    ($channels::varchar[] is null or list_contains($channels::varchar[], channel))
    and ($places::varchar[] is null or list_contains($places::varchar[], place))
    and list_contains($fates::varchar[], fate)
order by month, contact_id
