-- One row per service standard by which contacts of the months were judged: of those given, or of
-- the clock, channels, lines and queue given, where null stands for any.
with

response_times as (
    select
        *,
        concat_ws(' ', channel, line) as place
    from measure.response_times
    where month in (select unnest($months::date[]))
),

judging as (
    select distinct standard_id
    from response_times
    where
        ($standards::varchar[] is null or list_contains($standards::varchar[], standard_id))
        and ($clock::varchar is null or clock = $clock::varchar)
        and ($channels::varchar[] is null or list_contains($channels::varchar[], channel))
        and ($places::varchar[] is null or list_contains($places::varchar[], place))
        and ($queue::varchar is null or queue = $queue::varchar)
),

standards as (
    select * from reference.service_standards
)

select
    standard_id,
    wording,
    citation,
    clock,
    boundary,
    within_seconds,
    target_share,
    applies_from_on,
    applies_until_on
from standards
where standard_id in (select judging.standard_id from judging)
order by clock, applies_from_on, standard_id
