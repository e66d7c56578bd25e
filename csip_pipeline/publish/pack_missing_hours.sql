-- One row per stretch of hours of the cycle in which a feed or a line should have logged something.
with

missing_hours as (
    select * from extract.missing_hours
    where month between $first_month::date and $last_month::date
)

select
    month,
    feed,
    line,
    began_at,
    ended_at,
    hours,
    expected_contacts
from missing_hours
order by began_at, feed, line
