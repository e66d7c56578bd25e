-- One row per headline measure, subject and month up to the cycle's end: its value,
-- the counts that the value is of, and its segment.
with

trends as (
    select * from measure.trends
    where month <= $last_month::date
),

services as (
    select
        queue as subject,
        title
    from reference.queues
)

select
    trends.measure,
    trends.subject,
    trends.month,
    trends.unit,
    trends.improvement,
    trends.value,
    trends.part,
    trends.whole,
    trends.target,
    trends.segment,
    trends.rebased_by,
    services.title
from trends
left join services using (subject)
where trends.measure != 'digital_takeup' or services.title is not null
order by trends.measure, trends.subject, trends.month
