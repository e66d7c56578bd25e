-- One row per month and online service that the panel has named, and one for all: gross shift,
-- leakage and net shift.
with

leakage as (
    select * from measure.channel_leakage
    where month between $first_month::date and $last_month::date
),

services as (
    select
        queue as service,
        title
    from reference.queues
)

select
    leakage.*,
    services.title
from leakage
left join services using (service)
where leakage.level = 'all' or services.title is not null
order by leakage.month, leakage.level, services.title, leakage.service
