-- One row per month and online service that the panel has named: take-up and completion. (What a
-- supplier calls a service of its own accord is free text, and not for publication.)
with

takeup as (
    select * from measure.digital_takeup
    where month between $first_month::date and $last_month::date
),

services as (
    select
        queue as service,
        title
    from reference.queues
)

select
    takeup.*,
    services.title
from takeup
inner join services using (service)
order by takeup.month, services.title, takeup.service
