-- One row per delivered file and month: what became of every row it holds for that month.
with

dispositions as (
    select * from extract.dispositions
    where month = $month::date
)

select
    feed,
    source,
    file,
    sha256,
    extracted_at,
    file_rows,
    coalesce(sum(rows) filter (where disposition = 'received'), 0) as received,
    coalesce(sum(rows) filter (where disposition = 'accepted'), 0) as accepted,
    coalesce(sum(rows) filter (where disposition = 'duplicate'), 0) as duplicate,
    coalesce(sum(rows) filter (where disposition = 'superseded'), 0) as superseded,
    coalesce(sum(rows) filter (where disposition = 'quarantined'), 0) as quarantined,
    coalesce(sum(rows) filter (where disposition = 'out_of_scope'), 0) as out_of_scope
from dispositions
group by all
having received > 0
