-- How many stretches of hours in the month a feed or a line should have logged something, and did
-- not.
with

missing_hours as (
    select * from extract.missing_hours
    where month = $month::date
)

select count(*) as broken
from missing_hours
