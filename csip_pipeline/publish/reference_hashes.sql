-- One row per reference table that decides what a figure is: the hash of its rows in any order.
with

rows_told as (
    select
        'reference/channel_costs.csv' as name,
        channel_costs::varchar as row_told
    from reference.channel_costs
    union all
    select
        'reference/contact_flags.csv' as name,
        contact_flags::varchar as row_told
    from reference.contact_flags
    union all
    select
        'reference/contact_reasons.csv' as name,
        contact_reasons::varchar as row_told
    from reference.contact_reasons
    union all
    select
        'reference/events.csv' as name,
        events::varchar as row_told
    from reference.events
    union all
    select
        'reference/force.csv' as name,
        force::varchar as row_told
    from reference.force
    union all
    select
        'reference/opening_hours.csv' as name,
        opening_hours::varchar as row_told
    from reference.opening_hours
    union all
    select
        'reference/panel_cycles.csv' as name,
        panel_cycles::varchar as row_told
    from reference.panel_cycles
    union all
    select
        'reference/queues.csv' as name,
        queues::varchar as row_told
    from reference.queues
    union all
    select
        'reference/recommendations.csv' as name,
        recommendations::varchar as row_told
    from reference.recommendations
    union all
    select
        'reference/score_sheet.csv' as name,
        score_sheet::varchar as row_told
    from reference.score_sheet
    union all
    select
        'reference/service_standards.csv' as name,
        service_standards::varchar as row_told
    from reference.service_standards
)

select
    name,
    sha256(string_agg(row_told, '|' order by row_told)) as sha256
from rows_told
group by name
order by name
