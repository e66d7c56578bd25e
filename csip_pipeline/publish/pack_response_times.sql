-- One row per month and standard: how many promises were kept, missed, still open or not judged.
with

clocks as (
    select * from measure.response_times
    where month between $first_month::date and $last_month::date
),

standards as (
    select * from reference.service_standards
),

counted as (
    select
        clocks.month,
        clocks.standard_id,
        count(*) as contacts,
        count_if(clocks.status = 'met') as met,
        count_if(clocks.status = 'missed') as missed,
        count_if(clocks.status = 'pending') as pending,
        count_if(clocks.status = 'excluded') as excluded,
        median(clocks.clock_seconds) filter (where clocks.status in ('met', 'missed'))
            as median_seconds,
        quantile_cont(clocks.clock_seconds, 0.9) filter (
            where clocks.status in ('met', 'missed')
        ) as p90_seconds
    from clocks
    group by clocks.month, clocks.standard_id
)

select
    counted.*,
    standards.channel,
    standards.clock,
    standards.line,
    standards.wording,
    standards.target_share,
    counted.met / nullif(counted.met + counted.missed, 0) as met_share,
    wilson_lower(counted.met, counted.met + counted.missed) as met_share_lower,
    wilson_upper(counted.met, counted.met + counted.missed) as met_share_upper
from counted
inner join standards using (standard_id)
order by counted.month, standards.channel, counted.standard_id
