-- One row per calendar that a standard names and that has no opening hours.
with

standards as (
    select * from reference.service_standards
),

opening_hours as (
    select * from reference.opening_hours
)

select distinct standards.calendar
from standards
anti join opening_hours using (calendar)
where standards.calendar is not null
order by all
