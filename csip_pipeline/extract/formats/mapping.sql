-- One row per mapped record: a mapping gives the feed's own columns, so there is nothing to join.
select
    * exclude (disposition, entity),
    [{'file_id': file_id, 'source_row': source_row}] as origin
from records
where disposition = 'read'
