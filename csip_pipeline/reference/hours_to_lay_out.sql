-- One row per calendar, kind of day and interval, with the days for which they are to be laid out:
-- two years before the first panel cycle to three years after the last, so that no clock runs off.
with

opening_hours as (
    select * from reference.opening_hours
),

panel_cycles as (
    select * from reference.panel_cycles
),

days as (
    select
        (min(starts_on) - interval 2 year)::date as first_on,
        (max(ends_on) + interval 3 year)::date as last_on
    from panel_cycles
)

select
    opening_hours.calendar,
    opening_hours.day,
    opening_hours.opens,
    opening_hours.closes,
    opening_hours.zone,
    days.first_on,
    days.last_on
from opening_hours
inner join days on days.first_on is not null
order by all
