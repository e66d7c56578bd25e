-- One row per call drawn by lot and item that two panellists scored: the two answers.
with

answers as (
    select * from measure.panel_answers
    where month = $month::date and arm = 'random' and is_on_scale
)

select
    one.cycle,
    one.item,
    one.position,
    one.scale,
    one.sample_no,
    one.score as first_score,
    two.score as second_score
from answers as one
inner join answers as two
    on one.cycle = two.cycle and one.sample_no = two.sample_no and one.item = two.item
where one.place = 1 and two.place = 2
order by one.cycle, one.position, one.sample_no
