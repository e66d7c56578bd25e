-- One row per item of the score sheet that is asked on a day, in the order of the sheet.
select
    item,
    wording,
    guidance,
    scale
from reference.score_sheet
where applies_from_on <= $day::date and $day::date < coalesce(applies_until_on, 'infinity')
order by position, item
