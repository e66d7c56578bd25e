-- One row per call leg: a channel's records in one queue, from its first agent's telephone ringing
-- to the last, or until one answered.
with

call_records as (
    select *
    from records
    where disposition = 'read'
    qualify
        row_number() over (
            partition by
                channel_id, started_at, ended_at, queue, handler_id, is_answered, picked_up_at
            order by extracted_at, file_id, source_row
        ) = 1
),

in_turn as (
    select
        *,
        coalesce(
            queue,
            last_value(queue ignore nulls) over before_it,
            context_queue
        ) as leg_queue,
        max(ended_at) filter (where is_answered) over before_it as talked_until,
        coalesce(bool_or(picked_up_at is not null) over before_it, false) as was_picked_up
    from call_records
    window before_it as (
        partition by channel_id
        order by started_at, ended_at, file_id, source_row
        rows between unbounded preceding and 1 preceding
    )
),

begun as (
    -- what follows an answer in no queue is the end of the call, not a leg of its own
    select
        *,
        case
            when row_number() over in_time = 1 then true
            when queue is null then false
            else
                leg_queue != lag(leg_queue) over in_time
                or coalesce(started_at >= talked_until, false)
        end as begins_leg
    from in_turn
    window in_time as (
        partition by channel_id order by started_at, ended_at, file_id, source_row
    )
),

numbered as (
    select
        *,
        count_if(begins_leg) over (
            partition by channel_id order by started_at, ended_at, file_id, source_row
        ) as stay
    from begun
),

stays as (
    select
        call_id,
        channel_id,
        stay,
        any_value(leg_queue) as queue,
        any_value(line) as line,
        min(arrived_at) as arrived_at,
        greatest(min(started_at), min(arrived_at)) as queued_at,
        coalesce(
            min(person_answered_at) filter (where is_answered),
            -- a channel that was picked up before has no moment of an agent's answer to show
            min(picked_up_at) filter (
                where is_answered and not is_picked_up_first and not was_picked_up
            )
        ) as answered_at,
        coalesce(max(ended_at) filter (where is_answered), max(ended_at)) as ended_at,
        bool_or(is_answered) as is_answered,
        bool_or(is_voicemail) as is_voicemail,
        bool_or(queue is null) or arg_max(is_turned_away, ended_at) as is_let_go,
        any_value(caller_number) as caller_number,
        any_value(handler_id) filter (where is_answered) as handler_id,
        min(month) as month,
        max(extracted_at) as extracted_at,
        list({'file_id': file_id, 'source_row': source_row} order by started_at, source_row)
            as origin
    from numbered
    group by call_id, channel_id, stay
),

legs as (
    select
        *,
        row_number() over in_the_call as leg,
        lead(queue) over in_the_call as next_queue
    from stays
    window in_the_call as (partition by call_id order by queued_at, channel_id, stay)
),

timed as (
    select
        *,
        if(is_answered, answered_at, ended_at) as waited_until
    from legs
)

select
    call_id,
    leg,
    line,
    queue,
    arrived_at,
    queued_at,
    if(is_answered, answered_at, null) as answered_at,
    ended_at,
    case
        when is_answered and next_queue is not null then 'transferred'
        when is_answered then 'answered'
        when is_voicemail then 'voicemail'
        when is_let_go or next_queue is not null then 'timed_out'
        else 'abandoned'
    end as outcome,
    epoch(waited_until) - epoch(queued_at) as wait_seconds,
    if(is_answered, epoch(ended_at) - epoch(answered_at), null) as talk_seconds,
    null::varchar as wrap_code,
    if(is_answered, next_queue, null) as transferred_to,
    null::varchar as recording_id,
    caller_number,
    handler_id,
    month,
    extracted_at,
    origin
from timed
