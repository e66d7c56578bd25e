-- One row per file, day and service: where a supplier splits a day (by country, by browser), its
-- parts are added up. A row that breaks its promise stands alone, to be told by its own line.
with

told as (
    select
        * exclude (source_row, entity, disposition),
        min(source_row) as source_row
    from records
    where disposition = 'read'
    group by all
),

compared as (
    select
        *,
        count(*) over (partition by file_id, on_date, service, part) > 1 as is_contradicted
    from told
),

parts as (
    select
        * exclude (part, source_row),
        {'file_id': file_id, 'source_row': source_row} as origin,
        -- null says that nothing contradicts it
        if(is_contradicted, coalesce(part, 'the whole day'), null) as part,
        if(
            is_contradicted
            or on_date is null
            or service is null
            or visits is null
            or least(visits, form_starts, form_completions, signposted_away) < 0,
            source_row,
            null
        ) as stands_alone
    from compared
)

select
    file_id,
    extracted_at,
    month,
    on_date,
    service,
    part,
    try_cast(sum(visits) as bigint) as visits,
    if(bool_or(form_starts is null), null, try_cast(sum(form_starts) as bigint)) as form_starts,
    if(
        bool_or(form_completions is null), null, try_cast(sum(form_completions) as bigint)
    ) as form_completions,
    if(
        bool_or(signposted_away is null), null, try_cast(sum(signposted_away) as bigint)
    ) as signposted_away,
    list(origin order by origin) as origin
from parts
group by file_id, extracted_at, month, on_date, service, part, stands_alone
