-- One row per promise that a quarantined row of the month broke, with the row itself.
with

rejected as (
    select
        row_id,
        file_id,
        source_row,
        -- without our own numbers, which say nothing of the row and change with its neighbours
        json_merge_patch(
            to_json(candidates),
            '{"row_id": null, "file_id": null, "source_file": null, "is_one_row": null}'
        )::varchar as row
    from candidates
    semi join broken using (row_id)
    where month = $month::date or month is null
)

select
    deliveries.file,
    faults.source_row,
    faults."column" as column_name,
    faults.promise,
    faults.row
from read_faults as faults
inner join delivered using (file_id, source_row)
inner join deliveries using (file_id)
where delivered.disposition = 'quarantined'

union all

select
    deliveries.file,
    rejected.source_row,
    broken."column" as column_name,
    broken.promise,
    rejected.row
from broken
inner join rejected using (row_id)
inner join deliveries using (file_id)
