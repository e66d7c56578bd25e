-- One row per way in which the calls of a cycle's frame were coded, once any of them was judged.
with

frame as (
    select
        cycle,
        case
            when is_avoidable then 'avoidable'
            when not is_avoidable then 'police_matter'
            else 'unknown'
        end as coded,
        count(*) as calls
    from publish.call_frame
    where month = $month::date
    group by cycle, coded
),

judged as (
    select
        cycle,
        coded,
        count(*) as heard,
        count(*) filter (where score = 'no') as unnecessary
    from measure.panel_answers
    where
        month = $month::date
        and arm = 'random'
        and item = 'necessary'
        and place = 1
        and is_on_scale
        and score != 'not_applicable'
    group by cycle, coded
),

classes as (
    select unnest(['avoidable', 'police_matter', 'unknown']) as coded
)

select
    cycles.cycle,
    classes.coded,
    coalesce(frame.calls, 0) as calls,
    coalesce(judged.heard, 0) as heard,
    coalesce(judged.unnecessary, 0) as unnecessary
from (select distinct heard_in.cycle from judged as heard_in) as cycles
cross join classes
left join frame on cycles.cycle = frame.cycle and classes.coded = frame.coded
left join judged on cycles.cycle = judged.cycle and classes.coded = judged.coded
order by cycles.cycle, classes.coded
