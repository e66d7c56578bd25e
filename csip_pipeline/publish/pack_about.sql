-- One row: whose pack this is, how far the suppliers had seen, and which months are in.
with

intake as (
    select * from extract.intake
    where month between $first_month::date and $last_month::date and accepted > 0
),

force as (
    select * from reference.force
),

seen as (
    select
        max(extracted_at) as as_at,
        -- a list that came back, or a score sheet, does not bring a month in
        list(distinct month order by month) filter (
            where feed not in ('callback_outcomes', 'panel_scores')
        ) as months_in
    from intake
)

select
    force.*,
    seen.as_at,
    seen.months_in
from force
cross join seen
