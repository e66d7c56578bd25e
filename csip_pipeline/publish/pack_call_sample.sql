-- One row per cycle before the pack's own, the four latest of which a sample was drawn: the draw.
with

draws as (
    select * from publish.call_draws
    where month < $first_month::date and seed is not null
    qualify row_number() over (order by month desc) <= 4
),

calls as (
    select
        cycle,
        count(*) filter (where arm = 'random' and state = 'sampled') as heard,
        count(*) filter (where state = 'withdrawn') as withdrawn,
        count(*) filter (where arm = 'targeted') as targeted
    from publish.call_sample
    where month < $first_month::date
    group by cycle
),

reasons as (
    select
        cycle,
        withdrawn_because,
        count(*) as withdrawn
    from publish.call_sample
    where month < $first_month::date and state = 'withdrawn'
    group by cycle, withdrawn_because
),

told as (
    select
        cycle,
        string_agg(
            withdrawn || ' ' || replace(withdrawn_because, '_', ' '),
            ', '
            order by withdrawn_because
        ) as reasons
    from reasons
    group by cycle
)

select
    draws.month,
    draws.cycle,
    draws.frame_calls,
    draws.drawn,
    coalesce(calls.withdrawn, 0) as withdrawn,
    told.reasons,
    coalesce(calls.heard, 0) as heard,
    coalesce(calls.targeted, 0) as targeted,
    draws.seed,
    draws.frame_sha256
from draws
left join calls using (cycle)
left join told using (cycle)
order by draws.month
