-- One row per arm, item and stratum of a cycle's sample: the answers that count, by what they say.
with

answers as (
    select * from measure.panel_answers
    where month = $month::date and place = 1
),

strata as (
    select
        cycle,
        'random' as arm,
        stratum,
        count(*) as calls
    from publish.call_frame
    where month = $month::date
    group by cycle, stratum
),

sampled as (
    select
        cycle,
        arm,
        stratum,
        count(*) as sampled
    from publish.call_sample
    where month = $month::date and state = 'sampled'
    group by cycle, arm, stratum
),

items as (
    select distinct
        cycle,
        arm,
        item,
        position,
        scale
    from answers
),

counted as (
    select
        cycle,
        arm,
        item,
        stratum,
        count(*) filter (where is_on_scale) as scored,
        count(*) filter (where not is_on_scale) as off_scale,
        count(*) filter (where is_on_scale and score = 'not_applicable') as not_applicable,
        count(*) filter (where is_on_scale and score = 'outstanding') as outstanding,
        count(*) filter (where is_on_scale and score = 'good') as good,
        count(*) filter (where is_on_scale and score = 'adequate') as adequate,
        count(*) filter (where is_on_scale and score = 'requires_improvement')
            as requires_improvement,
        count(*) filter (where is_on_scale and score = 'inadequate') as inadequate,
        count(*) filter (where is_on_scale and score = 'yes') as yes,
        count(*) filter (where is_on_scale and score = 'no') as no
    from answers
    group by cycle, arm, item, stratum
)

select
    items.cycle,
    items.arm,
    items.item,
    items.position,
    items.scale,
    sampled.stratum,
    coalesce(strata.calls, 0) as calls,
    sampled.sampled,
    coalesce(counted.scored, 0) as scored,
    coalesce(counted.off_scale, 0) as off_scale,
    coalesce(counted.not_applicable, 0) as not_applicable,
    coalesce(counted.outstanding, 0) as outstanding,
    coalesce(counted.good, 0) as good,
    coalesce(counted.adequate, 0) as adequate,
    coalesce(counted.requires_improvement, 0) as requires_improvement,
    coalesce(counted.inadequate, 0) as inadequate,
    coalesce(counted.yes, 0) as yes,
    coalesce(counted.no, 0) as no
from items
inner join sampled on items.cycle = sampled.cycle and items.arm = sampled.arm
left join strata
    on
        sampled.cycle = strata.cycle
        and sampled.arm = strata.arm
        and sampled.stratum = strata.stratum
left join counted
    on
        items.cycle = counted.cycle
        and items.arm = counted.arm
        and items.item = counted.item
        and sampled.stratum = counted.stratum
order by items.cycle, items.arm, items.position, sampled.stratum
