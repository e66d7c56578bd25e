-- One row per call detail record: its moments in UTC, what it says of a queue, and its faults.
with

cast_records as (
    select
        *,
        coalesce(linkedid, uniqueid) as call_id,
        -- from 1990 to 2100: anything else is digits, not a moment
        try_cast(regexp_extract(uniqueid, '(\d{9,10})\.\d+$', 1) as bigint) as given_epoch,
        try_cast(regexp_extract(linkedid, '(\d{9,10})\.\d+$', 1) as bigint) as linked_epoch,
        list_transform(
            [start, answer, "end"],
            lambda clock: if(
                regexp_full_match(clock, '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'),
                epoch(try_cast(clock as timestamp))::bigint,
                null
            )
        ) as clocks,
        if(regexp_full_match(duration, '\d+'), try_cast(duration as bigint), null)
            as seconds_in_all,
        if(regexp_full_match(billsec, '\d+'), try_cast(billsec as bigint), null)
            as seconds_answered,
        regexp_extract(channel, '^(.*);[12]$', 1) as pair,
        regexp_extract(channel, ';([12])$', 1) as half,
        list_contains($apps::varchar[], lower(lastapp)) as is_queueing,
        ($context_queues::varchar[])[list_position($contexts::varchar[], dcontext)]
            as context_queue
    from cells
),

placed as (
    select
        *,
        if(given_epoch between 631152000 and 4102444800, given_epoch, null) as created_epoch,
        if(linked_epoch between 631152000 and 4102444800, linked_epoch, null) as first_epoch,
        clocks[1] as started_clock,
        clocks[2] as answered_clock,
        clocks[3] as ended_clock,
        half != '1' and (is_queueing or context_queue is not null) as is_a_callers
    from cast_records
),

offsets as (
    -- what the clock of the zone shows at a moment is never in doubt; the other way round it is
    select
        *,
        epoch(timezone($zone::varchar, to_timestamp(created_epoch)))::bigint - created_epoch
            as zone_offset,
        -- a channel's records follow one another, from the moment at which it was made
        created_epoch + coalesce(
            sum(seconds_in_all) over (
                partition by uniqueid
                order by source_row rows between unbounded preceding and 1 preceding
            ),
            0
        )::bigint as due_epoch
    from placed
),

possible as (
    -- the moments at which the clock showed the start and the channel was already there
    select
        *,
        if(
            abs(started_clock - zone_offset - created_epoch) <= 5 and due_epoch = created_epoch,
            [started_clock - zone_offset],
            list_filter(
                list_transform(
                    [created_epoch, created_epoch - 86400, created_epoch + 86400],
                    lambda near: started_clock + near
                    - epoch(timezone($zone::varchar, to_timestamp(near)))::bigint
                ),
                lambda moment: moment >= created_epoch - 5
                and epoch(timezone($zone::varchar, to_timestamp(moment)))::bigint = started_clock
            )
        ) as started_epochs
    from offsets
),

started as (
    select
        *,
        if(
            list_min(started_epochs) = list_max(started_epochs)
            or abs(list_min(started_epochs) - due_epoch)
            <= abs(list_max(started_epochs) - due_epoch),
            list_min(started_epochs),
            list_max(started_epochs)
        ) as started_epoch
    from possible
),

clocked as (
    select
        *,
        min(started_epoch - created_epoch) over (partition by uniqueid) as first_begins_after
    from started
),

halves as (
    -- the other half of a Local channel: when an agent behind it answered
    select
        pair,
        started_epoch,
        started_epoch + greatest(seconds_in_all - seconds_answered, 0) as answered_epoch
    from clocked
    where half = '2' and answered_clock is not null and disposition = 'ANSWERED'
),

answers as (
    select
        clocked.source_row,
        arg_max(halves.answered_epoch, halves.started_epoch) as person_answered_epoch
    from clocked
    inner join halves on left(clocked.dstchannel, -2) = halves.pair
    where
        clocked.is_a_callers
        and right(clocked.dstchannel, 2) = ';1'
        and halves.started_epoch
        between clocked.started_epoch - 2
        and clocked.started_epoch + clocked.seconds_in_all + 2
    group by clocked.source_row
),

met as (
    select
        clocked.*,
        answers.person_answered_epoch
    from clocked
    left join answers using (source_row)
),

named as (
    select
        *,
        case
            when not is_queueing then null
            when lower(lastapp) = 'queue' then nullif(trim(regexp_extract(lastdata, '^[^,|]*')), '')
            else dst
        end as queue,
        abs(abs(ended_clock - started_clock - seconds_in_all) % 3600) as clock_difference
    from met
),

judged as (
    select
        *,
        list_filter(
            [
                if(
                    created_epoch is null,
                    {
                        'column': 'uniqueid',
                        'promise': 'is not <seconds since 1970>.<number>'
                    },
                    null
                ),
                if(
                    linkedid is not null and first_epoch is null,
                    {
                        'column': 'linkedid',
                        'promise': 'is not <seconds since 1970>.<number>'
                    },
                    null
                ),
                if(
                    started_clock is null,
                    {'column': 'start', 'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'},
                    null
                ),
                if(
                    answer is not null and answered_clock is null,
                    {'column': 'answer', 'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'},
                    null
                ),
                if(
                    ended_clock is null,
                    {'column': 'end', 'promise': 'is not a time written YYYY-MM-DD HH:MM:SS'},
                    null
                ),
                if(
                    seconds_in_all is null,
                    {'column': 'duration', 'promise': 'is not a whole number of seconds'},
                    null
                ),
                if(
                    seconds_answered is null,
                    {'column': 'billsec', 'promise': 'is not a whole number of seconds'},
                    null
                ),
                if(
                    seconds_answered > seconds_in_all + 1,
                    {'column': 'billsec', 'promise': 'is more than duration'},
                    null
                ),
                if(
                    clock_difference between 3 and 3597,
                    {'column': 'duration', 'promise': 'is not the time from start to end'},
                    null
                ),
                if(
                    is_a_callers
                    and started_clock is not null
                    and created_epoch is not null
                    and (
                        started_epoch is null
                        or (
                            first_begins_after > 5
                            and first_begins_after % 900 not between 6 and 894
                        )
                    ),
                    {
                        'column': 'start',
                        'promise': 'is not the moment that uniqueid gives: is the zone right?'
                    },
                    null
                ),
                if(
                    is_a_callers
                    and coalesce(disposition, '') not in (
                        'ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION'
                    ),
                    {'column': 'disposition', 'promise': 'is none of Asterisk''s'},
                    null
                ),
                if(
                    is_a_callers and is_queueing and queue is null,
                    {
                        'column': if(lower(lastapp) = 'queue', 'lastdata', 'dst'),
                        'promise': 'does not name a queue'
                    },
                    null
                )
            ],
            lambda fault: fault is not null
        ) as faults
    from named
)

select
    source_row,
    call_id as entity,
    date_trunc(
        'month',
        timezone('Europe/London', to_timestamp(coalesce(first_epoch, created_epoch)))
    )::date as month,
    if(is_a_callers, 'read', 'out_of_scope') as disposition,
    faults,
    to_timestamp(started_epoch + seconds_in_all) as happened_at,
    call_id,
    uniqueid as channel_id,
    queue,
    context_queue,
    coalesce(
        ($queue_lines::varchar[])[
            list_position($line_queues::varchar[], coalesce(queue, context_queue))
        ],
        $line::varchar
    ) as line,
    to_timestamp(coalesce(first_epoch, created_epoch)) as arrived_at,
    to_timestamp(started_epoch) as started_at,
    if(
        answered_clock is not null,
        to_timestamp(started_epoch + greatest(seconds_in_all - seconds_answered, 0)),
        null
    ) as picked_up_at,
    if(
        person_answered_epoch is not null,
        to_timestamp(
            least(greatest(person_answered_epoch, started_epoch), started_epoch + seconds_in_all)
        ),
        null
    ) as person_answered_at,
    to_timestamp(started_epoch + seconds_in_all) as ended_at,
    $answers_first::boolean as is_picked_up_first,
    dstchannel is not null and disposition = 'ANSWERED' as is_answered,
    coalesce(lower(lastapp), '') = 'voicemail' as is_voicemail,
    disposition in ('BUSY', 'FAILED', 'CONGESTION') as is_turned_away,
    src as caller_number,
    regexp_replace(dstchannel, '-[0-9a-f]{8}(;[12])?$', '') as handler_id
from judged
