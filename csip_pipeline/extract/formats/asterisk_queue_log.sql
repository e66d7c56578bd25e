-- One row per call leg: the events from one ENTERQUEUE of a call to the next, whichever files hold
-- them, so that a call in progress when the log was cut keeps both its halves.
with

call_events as (
    select *
    from records
    where disposition = 'read'
    qualify
        row_number() over (
            partition by
                happened_at, call_id, queue, member, event, data_1, data_2, data_3, data_4, data_5
            order by extracted_at, file_id, source_row
        ) = 1
),

numbered as (
    select
        *,
        count_if(event = 'ENTERQUEUE') over (
            partition by call_id
            order by happened_at, extracted_at, file_id, source_row
        ) as leg
    from call_events
),

legs as (
    select
        call_id,
        leg,
        any_value(line) filter (where event = 'ENTERQUEUE') as line,
        coalesce(
            any_value(queue) filter (where event = 'ENTERQUEUE'), any_value(queue)
        ) as queue,
        min(arrived_at) as arrived_at,
        min(happened_at) filter (where event = 'ENTERQUEUE') as queued_at,
        min(happened_at) filter (where event = 'CONNECT') as connected_at,
        min(happened_at) filter (where is_called_back) as called_back_at,
        max(happened_at) filter (
            where event not in ('ENTERQUEUE', 'CONNECT') and not is_wrap_code and not is_called_back
        ) as left_at,
        bool_or(
            event in ('TRANSFER', 'BLINDTRANSFER', 'ATTENDEDTRANSFER', 'EXITWITHKEY')
            and not is_callback_request
        ) as is_passed_on,
        bool_or(is_callback_request) as is_to_be_called_back,
        bool_or(event = 'ABANDON') as is_abandoned,
        bool_or(event in ('EXITWITHTIMEOUT', 'EXITEMPTY')) as is_timed_out,
        max(try_cast(data_1 as double)) filter (where event = 'CONNECT') as hold_seconds,
        max(try_cast(data_3 as double)) filter (
            where event in ('ABANDON', 'EXITWITHTIMEOUT', 'EXITEMPTY')
        ) as gave_up_after_seconds,
        max(try_cast(data_2 as double)) filter (
            where event in ('COMPLETEAGENT', 'COMPLETECALLER')
        ) as completed_talk_seconds,
        max(try_cast(data_4 as double)) filter (
            where event in ('BLINDTRANSFER', 'TRANSFER')
        ) as transferred_talk_seconds,
        any_value(data_1) filter (where event in ('BLINDTRANSFER', 'TRANSFER')) as transferred_to,
        any_value(data_1) filter (where is_wrap_code) as wrap_code,
        nullif(any_value(data_2) filter (where event = 'ENTERQUEUE'), '') as caller_number,
        any_value(member) filter (where event = 'CONNECT') as handler_id,
        min(month) as month,
        max(extracted_at) as extracted_at,
        list({'file_id': file_id, 'source_row': source_row} order by happened_at, source_row)
            as origin
    from numbered
    group by call_id, leg
),

answered as (
    select
        *,
        coalesce(connected_at, if(is_to_be_called_back, called_back_at, null)) as answered_at,
        if(
            is_to_be_called_back and called_back_at > left_at, called_back_at, left_at
        ) as ended_at
    from legs
)

select
    call_id,
    leg,
    line,
    queue,
    arrived_at,
    queued_at,
    answered_at,
    ended_at,
    case
        when is_passed_on then 'transferred'
        when connected_at is not null then 'answered'
        when is_to_be_called_back then 'callback_requested'
        when is_abandoned then 'abandoned'
        when is_timed_out then 'timed_out'
    end as outcome,
    coalesce(
        hold_seconds,
        gave_up_after_seconds,
        epoch(coalesce(connected_at, left_at)) - epoch(queued_at)
    ) as wait_seconds,
    coalesce(
        completed_talk_seconds, transferred_talk_seconds, epoch(left_at) - epoch(connected_at)
    ) as talk_seconds,
    wrap_code,
    transferred_to,
    null::varchar as recording_id,
    caller_number,
    handler_id,
    month,
    extracted_at,
    origin
from answered
