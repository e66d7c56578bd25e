-- One row per call of the cycle that somebody answered on 101, in the order of its reference: a
-- keyed hash (HMAC-SHA256) in letters that nobody mistakes for others, long enough to be unique.
with

contacts as (
    select * from harmonise.contacts
    where
        month between $first_month::date and $last_month::date
        and channel = 'telephone'
        and line = '101'
        and outcome = 'answered'
),

hashed as (
    select
        *,
        translate(
            sha256($outer || unhex(sha256($inner || encode($cycle || '|' || contact_id)))),
            '0123456789abcdef',
            'CDEFGHJKLMNPQRTW'
        ) as letters
    from contacts
),

shortened as (
    select
        *,
        row_number() over (partition by left(letters, 10)) as place
    from hashed
),

named as (
    select
        *,
        if(max(place) over () = 1, left(letters, 10), letters) as reference
    from shortened
)

select
    row_number() over (order by reference) as row_no,
    reference,
    case $strata
        when 'month' then strftime(month, '%Y-%m')
        when 'queue' then queue
        when 'reason' then reason_group
        else 'all'
    end as stratum,
    contact_id,
    received_at,
    queue,
    reason_group,
    case
        when reason_group = 'unknown' then null
        else reason_group != 'police_matter'
    end as is_avoidable,
    extracted_at
from named
order by row_no
