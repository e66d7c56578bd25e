-- One row per version of a conversation: its moments, whether the public asked, and its faults.
with

cast_rows as (
    select
        *,
        -- Fivetran's times are UTC, whether they say so or not
        list_transform(
            [
                created_at, updated_at, waiting_since, first_contact_reply_created_at,
                statistics_first_admin_reply_at, statistics_last_close_at
            ],
            lambda moment: if(
                regexp_full_match(
                    moment,
                    '\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( ?UTC|Z|\+00(:?00)?)?'
                ),
                try_cast(regexp_extract(moment, '^[0-9T :.-]+\d') || '+00' as timestamptz),
                null
            )
        ) as moments
    from cells
),

typed as (
    select
        *,
        moments[1] as began_at,
        moments[2] as version_at,
        moments[3] as waiting_at,
        moments[4] as contact_replied_at,
        moments[5] as replied_at,
        moments[6] as closed_at,
        lower(source_type) = 'conversation' as is_chat,
        coalesce(lower(source_delivered_as) = 'customer_initiated', false) as is_asked
    from cast_rows
),

scoped as (
    select
        *,
        -- a message that the Force sent first is a chat from the moment that somebody replied
        if(is_asked, began_at, contact_replied_at) as requested_at,
        coalesce(is_chat, false)
        and (is_asked or first_contact_reply_created_at is not null) as is_requested
    from typed
),

judged as (
    select
        *,
        list_filter(
            [
                if(id is null, {'column': 'id', 'promise': 'must not be empty'}, null),
                if(
                    source_type is null,
                    {'column': 'source_type', 'promise': 'must not be empty'},
                    null
                ),
                if(
                    coalesce(lower(state), '') not in ('open', 'closed', 'snoozed'),
                    {'column': 'state', 'promise': 'is none of open, closed and snoozed'},
                    null
                ),
                if(
                    began_at is null,
                    {
                        'column': 'created_at',
                        'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                    },
                    null
                ),
                if(
                    version_at is null,
                    {
                        'column': 'updated_at',
                        'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                    },
                    null
                ),
                if(
                    waiting_since is not null and waiting_at is null,
                    {
                        'column': 'waiting_since',
                        'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                    },
                    null
                ),
                if(
                    first_contact_reply_created_at is not null and contact_replied_at is null,
                    {
                        'column': 'first_contact_reply_created_at',
                        'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                    },
                    null
                ),
                if(
                    statistics_first_admin_reply_at is not null and replied_at is null,
                    {
                        'column': 'statistics_first_admin_reply_at',
                        'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                    },
                    null
                ),
                if(
                    statistics_last_close_at is not null and closed_at is null,
                    {
                        'column': 'statistics_last_close_at',
                        'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'
                    },
                    null
                )
            ],
            lambda fault: fault is not null
        ) as faults
    from scoped
)

select
    source_row,
    id as entity,
    date_trunc('month', timezone('Europe/London', coalesce(requested_at, began_at)))::date as month,
    if(is_requested, 'read', 'out_of_scope') as disposition,
    faults,
    greatest(began_at, version_at) as happened_at,
    id as chat_id,
    $service::varchar as service,
    requested_at,
    version_at,
    replied_at,
    lower(state) = 'closed' as is_closed,
    closed_at,
    waiting_at is not null as is_waiting,
    bool_or(statistics_first_admin_reply_at is not null) over () as has_statistics
from judged
