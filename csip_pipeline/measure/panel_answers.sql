-- One row per answer of a panellist on a call that the panel hears: in which order answers count.
with

sampled as (
    select * from publish.call_sample
    where month = $month::date and state = 'sampled'
),

frame as (
    select * from publish.call_frame
    where month = $month::date
),

sheet as (
    select * from reference.score_sheet
    where
        applies_from_on <= last_day($month::date)
        and last_day($month::date) < coalesce(applies_until_on, 'infinity')
),

scores as (
    select * from extract.panel_scores
    where month = $month::date
),

answered as (
    select
        sampled.cycle,
        sampled.arm,
        sampled.sample_no,
        sampled.stratum,
        case
            when frame.contact_id is null then null
            when frame.is_avoidable then 'avoidable'
            when not frame.is_avoidable then 'police_matter'
            else 'unknown'
        end as coded,
        sheet.item,
        sheet.position,
        sheet.scale,
        scores.score,
        case sheet.scale
            when 'grades' then scores.score not in ('yes', 'no')
            else scores.score in ('yes', 'no', 'not_applicable')
        end as is_on_scale,
        sha256(concat_ws('|', scores.cycle, scores.sample_no, scores.handler_key)) as lot
    from scores
    inner join sampled
        on scores.cycle = sampled.cycle and scores.sample_no = sampled.sample_no
    inner join sheet on scores.item = sheet.item
    left join frame
        on
            sampled.arm = 'random'
            and sampled.cycle = frame.cycle
            and sampled.reference = frame.reference
)

select
    cycle,
    arm,
    sample_no,
    stratum,
    coded,
    item,
    position,
    scale,
    score,
    is_on_scale,
    row_number() over (
        partition by cycle, sample_no, item
        order by is_on_scale desc, lot asc
    ) as place
from answered
