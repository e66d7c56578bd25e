-- One row per promise that a quarantined row of the month broke, with the row itself.
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
    candidates.origin[1].source_row as source_row,
    broken."column" as column_name,
    broken.promise,
    to_json(candidates) as row
from broken
inner join candidates using (row_id)
inner join deliveries on candidates.origin[1].file_id = deliveries.file_id
where
    candidates.month = $month::date
    or candidates.month is null
