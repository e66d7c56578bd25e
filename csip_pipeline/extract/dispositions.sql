-- One row per file and disposition: how many of the month's rows met that end.
with

ends as (
    select
        candidates.row_id,
        candidates.file_id,
        candidates.month,
        candidates.is_one_row,
        coalesce(doubts.disposition, 'accepted') as disposition
    from candidates
    left join doubts using (row_id)
),

origins as (
    select
        ends.disposition,
        made_of.file_id,
        made_of.source_row
    from made_of
    inner join ends using (row_id)
),

ended as (
    select
        file_id,
        disposition
    from ends
    where is_one_row and month = $month::date

    union all

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
