-- One row per file and disposition: how many of the month's rows met that end.
with

origins as (
    select
        decided.disposition,
        record.file_id,
        record.source_row
    from candidates
    inner join decided using (row_id),
        unnest(candidates.origin) as origin (record)
),

ended as (
    select
        delivered.file_id,
        case
            when delivered.disposition != 'read' then delivered.disposition
            -- a log line that repeats one already counted belongs to no row of its own
            else coalesce(origins.disposition, 'duplicate')
        end as disposition
    from delivered
    left join origins
        on delivered.file_id = origins.file_id and delivered.source_row = origins.source_row
),

counted as (
    select
        file_id,
        disposition,
        count(*) as rows
    from ended
    group by all

    union all

    select
        file_id,
        'duplicate' as disposition,
        rows_in_month as rows
    from deliveries
    where is_copy

    union all

    select
        file_id,
        'out_of_scope' as disposition,
        rows_in_no_cycle as rows
    from deliveries

    union all

    select
        file_id,
        'received' as disposition,
        rows_in_month + rows_in_no_cycle as rows
    from deliveries
)

select
    deliveries.source,
    deliveries.file,
    deliveries.sha256,
    deliveries.extracted_at,
    deliveries.file_rows,
    deliveries.basis,
    counted.disposition,
    sum(counted.rows) as rows
from counted
inner join deliveries using (file_id)
where
    deliveries.bears
    or deliveries.rows_in_month + deliveries.rows_in_no_cycle > 0
group by all
