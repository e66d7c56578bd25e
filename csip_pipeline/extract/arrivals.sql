-- One row per source from which something is due, or of a refused feed: whether it came in time.
with

intake as (
    select * from extract.intake
    where month = $month::date
),

refusals as (
    select * from extract.refusals
    where month = $month::date
),

-- a first version counts as having come in time also where later ones have superseded all of it
came as (
    select
        feed,
        source,
        count_if(accepted > 0) as files,
        min(extracted_at) filter (where accepted + duplicate + superseded > 0)
            as first_extracted_at
    from intake
    group by all
    having files > 0
),

expected as (
    select
        feeds.feed,
        feeds.source,
        coalesce(came.files, 0) as files,
        came.first_extracted_at,
        if(
            feeds.due_day > 0,
            (($month::date + interval 1 month) + (feeds.due_day - 1) * interval 1 day)::date,
            null
        ) as due_on,
        refusals.feed is not null as is_refused
    from reference.feeds as feeds
    left join came on feeds.feed = came.feed and feeds.source = came.source
    left join refusals on feeds.feed = refusals.feed
    where feeds.due_day > 0 or refusals.feed is not null
)

select
    feed,
    source,
    files,
    first_extracted_at,
    due_on,
    case
        when is_refused then 'refused'
        when files = 0 then 'missing'
        when timezone('Europe/London', first_extracted_at)::date > due_on then 'late'
        else 'on_time'
    end as status
from expected
