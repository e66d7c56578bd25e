-- One row per contact record: its moments and durations, whether it is a leg, and its faults.
with

cast_records as (
    select
        *,
        coalesce(initial_contact_id, contact_id) as call_id,
        upper(channel) as channel_word,
        upper(initiation_method) as method,
        list_transform(
            [
                initiated, enqueued, dequeued, connected, disconnected, last_updated, reached
            ],
            lambda moment: if(
                regexp_full_match(moment, '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z'),
                try_cast(moment as timestamptz),
                null
            )
        ) as moments,
        list_transform(
            [queue_seconds, interaction_seconds, hold_seconds],
            lambda seconds: if(
                regexp_full_match(seconds, '\d+'), try_cast(seconds as bigint), null
            )
        ) as durations
    from cells
),

typed as (
    select
        *,
        moments[1] as initiated_at,
        moments[2] as enqueued_at,
        moments[3] as dequeued_at,
        moments[4] as connected_at,
        moments[5] as disconnected_at,
        moments[6] as last_updated_at,
        moments[7] as reached_at,
        coalesce(
            queue_name,
            -- the queue of one agent, to whom a colleague transferred the call, has no name
            if(contains(queue_arn, '/queue/agent/'), 'agent', null),
            if(method in ('CALLBACK', 'CALLBACK_CUSTOMER_FIRST_QUEUED'), 'callback', null)
        ) as queue,
        method in ('CALLBACK', 'CALLBACK_CUSTOMER_FIRST_QUEUED') as is_callback
    from cast_records
),

scoped as (
    select
        *,
        channel_word = 'VOICE'
        and (
            is_callback
            or (
                method in ('INBOUND', 'TRANSFER', 'QUEUE_TRANSFER', 'WEBRTC_API')
                and enqueued is not null
            )
        ) as is_offered
    from typed
),

judged as (
    select
        *,
        list_filter(
            [
                if(
                    contact_id is null,
                    {'column': 'ContactId', 'promise': 'must not be empty'},
                    null
                ),
                if(
                    coalesce(channel_word, '') not in ('VOICE', 'CHAT', 'TASK', 'EMAIL'),
                    {'column': 'Channel', 'promise': 'is none of Amazon Connect''s'},
                    null
                ),
                if(
                    coalesce(method, '') not in (
                        'INBOUND', 'OUTBOUND', 'TRANSFER', 'CALLBACK', 'API', 'QUEUE_TRANSFER',
                        'DISCONNECT', 'WEBRTC_API', 'EXTERNAL_OUTBOUND', 'MONITOR', 'AGENT_REPLY',
                        'FLOW', 'CAMPAIGN_PREVIEW', 'CALLBACK_CUSTOMER_FIRST_QUEUED',
                        'CALLBACK_CUSTOMER_FIRST_DIALED'
                    ),
                    {'column': 'InitiationMethod', 'promise': 'is none of Amazon Connect''s'},
                    null
                ),
                if(
                    initiated_at is null,
                    {
                        'column': 'InitiationTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    last_updated_at is null,
                    {
                        'column': 'LastUpdateTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    is_offered and enqueued is not null and enqueued_at is null,
                    {
                        'column': 'Queue.EnqueueTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    is_offered and dequeued is not null and dequeued_at is null,
                    {
                        'column': 'Queue.DequeueTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    is_callback and reached is not null and reached_at is null,
                    {
                        'column': 'ConnectedToSystemTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    is_offered and connected is not null and connected_at is null,
                    {
                        'column': 'Agent.ConnectedToAgentTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    is_offered and disconnected is not null and disconnected_at is null,
                    {
                        'column': 'DisconnectTimestamp',
                        'promise': 'is not a time written 2026-10-05T09:00:00Z'
                    },
                    null
                ),
                if(
                    is_offered and queue_seconds is not null and durations[1] is null,
                    {'column': 'Queue.Duration', 'promise': 'is not a whole number of seconds'},
                    null
                ),
                if(
                    is_offered and interaction_seconds is not null and durations[2] is null,
                    {
                        'column': 'Agent.AgentInteractionDuration',
                        'promise': 'is not a whole number of seconds'
                    },
                    null
                ),
                if(
                    is_offered and hold_seconds is not null and durations[3] is null,
                    {
                        'column': 'Agent.CustomerHoldDuration',
                        'promise': 'is not a whole number of seconds'
                    },
                    null
                ),
                if(
                    is_offered and queue is null,
                    {'column': 'Queue.Name', 'promise': 'must not be empty'},
                    null
                )
            ],
            lambda fault: fault is not null
        ) as faults
    from scoped
)

select
    source_row,
    call_id as entity,
    date_trunc('month', timezone('Europe/London', initiated_at))::date as month,
    if(is_offered, 'read', 'out_of_scope') as disposition,
    faults,
    -- null where none is known: greatest passes over nulls
    greatest(initiated_at, disconnected_at, last_updated_at) as happened_at,
    call_id,
    contact_id,
    is_callback,
    queue,
    ($named_lines::varchar[])[list_position($line_names::varchar[], queue_name)] as queue_line,
    ($named_lines::varchar[])[list_position($line_names::varchar[], system_address)]
        as number_line,
    $line::varchar as usual_line,
    initiated_at,
    enqueued_at,
    dequeued_at,
    connected_at,
    -- a call back reaches somebody once both they and a member of staff are on the line
    if(
        is_callback and reached_at is not null and connected_at is not null,
        greatest(reached_at, connected_at),
        null
    ) as called_back_at,
    disconnected_at,
    last_updated_at,
    durations[1] as queue_seconds,
    durations[2] as interaction_seconds,
    durations[3] as hold_seconds,
    disconnect_reason = 'CONTACT_FLOW_DISCONNECT' as is_ended_by_flow,
    transferred_to_type is not null as is_transferred_out,
    wrap_code,
    regexp_extract(recording, '([^/]+)$', 1) as recording_id,
    if(customer_address_type = 'TELEPHONE_NUMBER', customer_address, null) as caller_number,
    agent as handler_id
from judged
