-- One row per event of a Zendesk chat export: typed, with who did it, or what is wrong with it.
with

staff as (
    -- an agent's number also stands bare where the same agent acts
    select distinct regexp_replace(actor_id, '^agent:', '') as actor_number
    from cells
    where actor_id like 'agent:_%'
),

typed as (
    select
        *,
        coalesce(regexp_replace(actor_id, '^agent:', ''), '') as actor_number,
        case
            when
                regexp_full_match(
                    created_at,
                    '\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[+-]\d\d(:?\d\d)?))?'
                )
                then try_cast(replace(created_at, ' UTC', 'Z') as timestamptz)
        end as happened_at
    from cells
),

known as (
    select
        typed.*,
        case
            when typed.actor_id like '\_\_%' escape '\' or typed.actor_number = '' then 'system'
            when staff.actor_number is not null then 'staff'
            else 'visitor'
        end as actor
    from typed
    left join staff on typed.actor_number = staff.actor_number
)

select
    source_row,
    chat_id as entity,
    chat_id,
    actor,
    type as event,
    chat_index,
    happened_at,
    $service::varchar as service,
    date_trunc('month', timezone('Europe/London', happened_at))::date as month,
    'read' as disposition,
    list_filter(
        [
            case
                when chat_id is null
                    then {'column': 'chat_id', 'promise': 'must not be empty'}
            end,
            case
                when happened_at is null
                    then
                        {
                            'column': 'created_at',
                            'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                        }
            end
        ],
        lambda fault: fault is not null
    ) as faults
from known
