-- One row per line of an Asterisk queue log: typed, with the call it is about, or what is wrong.
with

log_parts as (
    select
        source_row,
        text,
        string_split(text, '|') as part
    from cells
),

cast_parts as (
    select
        *,
        try_cast(part[1] as bigint) as epoch,
        try_cast(regexp_extract(part[2], '(\d{9,10})\.\d+$', 1) as bigint) as arrived_epoch
    from log_parts
),

typed as (
    select
        source_row,
        text,
        len(part) as fields,
        -- from 1990 to 2100: anything else is digits, not a moment
        if(epoch between 631152000 and 4102444800, epoch, null) as epoch,
        if(arrived_epoch between 631152000 and 4102444800, arrived_epoch, null) as arrived_epoch,
        part[2] as call_id,
        part[3] as queue,
        part[4] as member,
        upper(trim(part[5])) as event,
        upper(trim(part[5])) = $wrap_code_event::varchar
        and $wrap_code_event::varchar != '' as is_wrap_code,
        upper(trim(part[5])) = $called_back_event::varchar
        and $called_back_event::varchar != '' as is_called_back,
        part[6] as data_1,
        part[7] as data_2,
        part[8] as data_3,
        part[9] as data_4,
        part[10] as data_5
    from cast_parts
),

known as (
    select
        *,
        case
            when
                is_wrap_code
                or is_called_back
                or event in (
                    'ENTERQUEUE', 'CONNECT', 'ABANDON', 'COMPLETEAGENT', 'COMPLETECALLER',
                    'EXITWITHTIMEOUT', 'EXITEMPTY', 'EXITWITHKEY', 'TRANSFER', 'BLINDTRANSFER',
                    'ATTENDEDTRANSFER'
                )
                then 'call'
            when
                list_contains($ignore_events::varchar[], event)
                or event in (
                    'ADDMEMBER', 'REMOVEMEMBER', 'PAUSE', 'UNPAUSE', 'PAUSEALL', 'UNPAUSEALL',
                    'PAUSEREASON', 'PENALTY', 'QUEUESTART', 'CONFIGRELOAD', 'RINGNOANSWER',
                    'RINGCANCELED', 'AGENTLOGIN', 'AGENTLOGOFF', 'AGENTCALLBACKLOGIN',
                    'AGENTCALLBACKLOGOFF', 'AGENTDUMP', 'SYSCOMPAT', 'DID', 'INFO'
                )
                then 'administration'
        end as kind
    from typed
),

judged as (
    select
        *,
        case
            when fields < 5 then 'has fewer than 5 fields (the line was cut off)'
            when epoch is null then 'the first field is not a time in seconds since 1970'
            when kind is null
                then
                    'the event is none of Asterisk''s, nor named in feeds.toml (wrap_code_event, '
                    || 'called_back_event, ignore_events)'
            when kind = 'call' and arrived_epoch is null
                then 'the call id is not <seconds since 1970>.<number>'
            when event = 'CONNECT' and try_cast(data_1 as bigint) is null
                then 'CONNECT without its hold time'
            when
                event in ('ABANDON', 'EXITWITHTIMEOUT', 'EXITEMPTY')
                and try_cast(data_3 as bigint) is null
                then 'the caller left the queue, but the wait is missing'
            when
                event in ('COMPLETEAGENT', 'COMPLETECALLER') and try_cast(data_2 as bigint) is null
                then 'a completed call without its talk time'
        end as fault
    from known
)

select
    judged.source_row,
    case when judged.kind = 'call' then judged.call_id end as entity,
    judged.call_id,
    judged.queue,
    coalesce(
        list_extract(
            $queue_lines::varchar[], list_position($queues::varchar[], judged.queue)
        ),
        $line::varchar
    ) as line,
    judged.member,
    judged.event,
    judged.data_1,
    judged.data_2,
    judged.data_3,
    judged.data_4,
    judged.data_5,
    judged.is_wrap_code,
    judged.is_called_back,
    judged.event = 'EXITWITHKEY'
    and judged.data_1 = $callback_key::varchar as is_callback_request,
    to_timestamp(judged.epoch) as happened_at,
    to_timestamp(judged.arrived_epoch) as arrived_at,
    date_trunc(
        'month',
        timezone('Europe/London', to_timestamp(coalesce(judged.arrived_epoch, judged.epoch)))
    )::date as month,
    case
        when judged.kind = 'administration' then 'out_of_scope'
        else 'read'
    end as disposition,
    if(judged.fault is null, [], [{'column': '', 'promise': judged.fault}]) as faults
from judged
