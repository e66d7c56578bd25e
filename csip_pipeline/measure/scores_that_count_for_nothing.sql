-- How many scores count for nothing: of a call that is not heard, or of no item of the score sheet.
with

came as (
    select count(*) as scores from extract.panel_scores
    where month = $month::date
),

counted as (
    select count(*) as answers from measure.panel_answers
    where month = $month::date
)

select came.scores - counted.answers as broken
from came
cross join counted
