-- One row per doubtful row: accepted, or why not. Of several versions of the same thing the one
-- declared newest wins, whatever order the files arrived in; a version that breaks its promise
-- never displaces one that keeps it.
with

broken_rows as (
    select distinct row_id from broken
),

judged as (
    select
        doubtful.*,
        broken_rows.row_id is not null as is_broken
    from doubtful
    left join broken_rows using (row_id)
),

ranked as (
    select
        *,
        row_number() over versions as recency,
        first_value(content) over versions as newest_content
    from judged
    window versions as (
        partition by source, identity, is_broken
        order by version_at desc, file_id desc, source_row desc
    )
)

select
    ranked.row_id,
    case
        when ranked.is_broken then 'quarantined'
        -- what it belongs to began in a month that no cycle covers, so no month will keep it
        when
            ranked.recency = 1
            and ranked.month not in (select covered_months.month from covered_months)
            then 'out_of_scope'
        when ranked.recency = 1 then 'accepted'
        when ranked.content = ranked.newest_content then 'duplicate'
        else 'superseded'
    end as disposition
from ranked
