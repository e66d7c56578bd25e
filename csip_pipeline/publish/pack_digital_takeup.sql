-- One row per month and online service: take-up and completion, with the service's own title.
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
left join services using (service)
order by takeup.month, services.title, takeup.service
