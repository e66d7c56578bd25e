-- One row per month and delivered file: what became of every row; and one per monthly feed that
-- sent none.
with

intake as (
    select * from extract.intake
    where month between $first_month::date and $last_month::date
),

months as (
    select unnest(
        generate_series($first_month::date, $last_month::date, interval 1 month)
    )::date as month
),

expected as (
    select distinct
        months.month,
        feeds.feed
    from reference.feeds as feeds
    cross join months
    where feeds.comes = 'monthly'
)

select
    month,
    feed,
    intake.source,
    intake.file,
    intake.extracted_at,
    intake.received,
    intake.accepted,
    intake.duplicate,
    intake.superseded,
    intake.quarantined,
    intake.out_of_scope
from expected
full join intake using (month, feed)
order by month, feed, intake.extracted_at, intake.file
