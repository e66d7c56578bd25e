-- One row per change of a standard and month of the cycle near it: the figure under both rules.
with

bridge as (
    select * from measure.definition_bridge
    where month between $first_month::date and $last_month::date
),

standards as (
    select
        standard_id,
        wording
    from reference.service_standards
)

select
    bridge.*,
    standards.wording
from bridge
left join standards on bridge.new_standard_id = standards.standard_id
order by bridge.changed_on, bridge.channel, bridge.line, bridge.queue, bridge.clock, bridge.month
