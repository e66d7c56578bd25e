-- One row per person seen in the month, with the contact point that their pseudonym stands for.
with

contact_points as (
    select * from extract.contact_points
    where month = $month::date
)

select distinct
    person_key,
    kind,
    contact_point
from contact_points
