-- One row per contact and clock of a standard in force on the London day it was received: how long
-- the clock ran, how long it was allowed, and whether that was in time as far as the supplier saw.
with

contacts as (
    select
        *,
        -- the day whose standards judge it: its own, or another to compare two rules on one month
        coalesce($rules_of::date, timezone('Europe/London', received_at)::date) as ruled_on
    from harmonise.contacts
    where month = $month::date
),

further_messages as (
    select * from harmonise.further_messages
    where month = $month::date
),

standards as (
    select * from reference.service_standards
),

open_intervals as (
    select * from reference.open_intervals
),

kinds as (
    select distinct
        channel,
        line,
        queue,
        ruled_on
    from contacts
),

promised as (
    select
        kinds.*,
        standards.standard_id,
        standards.clock,
        standards.boundary,
        standards.within_seconds as standard_seconds,
        standards.calendar
    from kinds
    inner join standards
        on
            kinds.channel = standards.channel
            and (standards.line is null or kinds.line = standards.line)
            and (standards.queue is null or kinds.queue = standards.queue)
            and kinds.ruled_on >= standards.applies_from_on
            and kinds.ruled_on < coalesce(standards.applies_until_on, 'infinity'::date)
    qualify
        row_number() over (
            partition by
                kinds.channel, kinds.line, kinds.queue, kinds.ruled_on, standards.clock
            order by standards.queue is null, standards.line is null
        ) = 1
),

owed as (
    select
        contacts.contact_id,
        promised.clock,
        contacts.channel,
        contacts.line,
        contacts.queue,
        promised.standard_id,
        promised.boundary,
        promised.standard_seconds,
        contacts.received_at,
        contacts.responded_at,
        contacts.resolved_at,
        contacts.callback_asked_at,
        contacts.outcome,
        contacts.wait_seconds,
        contacts.extracted_at,
        -- the supplier's own due time is a moment, whatever the hours
        if(promised.clock = 'resolution', contacts.target_at, null) as target_at,
        if(promised.clock = 'resolution', contacts.paused_seconds, null) as paused_seconds,
        if(
            promised.clock = 'resolution' and contacts.target_at is not null,
            null,
            promised.calendar
        )
            as calendar
    from contacts
    inner join promised
        on
            contacts.channel = promised.channel
            and contacts.line is not distinct from promised.line
            and contacts.queue = promised.queue
            and contacts.ruled_on = promised.ruled_on
    where
        case promised.clock
            when 'answer' then contacts.legs is not null
            when 'next_response' then contacts.channel = 'social'
            when 'callback' then contacts.outcome = 'callback_requested'
            else true
        end
),

clocked as (
    select
        owed.*,
        case owed.clock
            when 'answer' then owed.outcome = 'answered'
            when 'first_response' then owed.responded_at is not null
            when 'next_response' then further_messages.replied_at is not null
            when 'resolution' then owed.resolved_at is not null
            when 'callback' then owed.responded_at is not null
        end as is_done,
        owed.clock = 'answer' and owed.outcome in ('abandoned', 'timed_out') as is_given_up,
        case owed.clock
            when 'next_response' then further_messages.asked_at
            when 'callback' then owed.callback_asked_at
            else owed.received_at
        end as starts_at,
        case owed.clock
            when 'answer'
                then owed.received_at + to_microseconds((owed.wait_seconds * 1000000)::bigint)
            when 'first_response' then owed.responded_at
            when 'next_response' then further_messages.replied_at
            when 'resolution' then owed.resolved_at
            when 'callback' then owed.responded_at
        end as stops_at
    from owed
    left join further_messages
        on owed.clock = 'next_response' and owed.contact_id = further_messages.contact_id
),

seen as (
    select
        *,
        -- to its end, to giving up, or to what we can see
        if(is_done or is_given_up, stops_at, extracted_at) as seen_until
    from clocked
),

day_and_night as (
    select
        *,
        starts_at as runs_from,
        true as is_laid_out,
        -- what the switch counted is exact; a difference of moments need not be
        if(
            clock = 'answer' and (is_done or is_given_up),
            wait_seconds,
            epoch(seen_until) - epoch(starts_at)
        ) as passed_seconds,
        coalesce(epoch(target_at) - epoch(received_at), standard_seconds) as within_seconds,
        coalesce(
            target_at, starts_at + to_microseconds((standard_seconds * 1000000)::bigint)
        ) as due_at
    from seen
    where calendar is null
),

under_calendar as (
    select * from seen
    where calendar is not null
),

started as (
    select
        under_calendar.*,
        if(
            under_calendar.starts_at < open_intervals.closes_at,
            under_calendar.starts_at,
            open_intervals.next_opens_at
        ) as runs_from,
        open_intervals.open_seconds_before + least(
            epoch(under_calendar.starts_at) - epoch(open_intervals.opens_at),
            open_intervals.open_seconds
        ) as open_seconds_at_start
    from under_calendar
    asof left join open_intervals
        on
            under_calendar.calendar = open_intervals.calendar
            and under_calendar.starts_at >= open_intervals.opens_at
),

ran as (
    select
        started.*,
        if(
            started.seen_until < open_intervals.closes_at
            or open_intervals.next_opens_at is not null,
            open_intervals.open_seconds_before + least(
                epoch(started.seen_until) - epoch(open_intervals.opens_at),
                open_intervals.open_seconds
            ),
            null
        ) as open_seconds_when_seen
    from started
    asof left join open_intervals
        on
            started.calendar = open_intervals.calendar
            and started.seen_until >= open_intervals.opens_at
),

in_opening_hours as (
    select
        ran.* exclude (ran.open_seconds_at_start, ran.open_seconds_when_seen),
        ran.open_seconds_when_seen - ran.open_seconds_at_start as passed_seconds,
        ran.standard_seconds as within_seconds,
        -- the first moment by which so much of the opening hours has passed
        if(
            ran.open_seconds_at_start + ran.standard_seconds - open_intervals.open_seconds_before
            <= open_intervals.open_seconds,
            greatest(
                ran.runs_from,
                open_intervals.opens_at + to_microseconds(
                    (
                        (
                            ran.open_seconds_at_start
                            + ran.standard_seconds
                            - open_intervals.open_seconds_before
                        ) * 1000000
                    )::bigint
                )
            ),
            null
        ) as due_at
    from ran
    asof left join open_intervals
        on
            ran.calendar = open_intervals.calendar
            and ran.open_seconds_at_start + ran.standard_seconds
            > open_intervals.open_seconds_before
),

laid_out as (
    select
        *,
        runs_from is not null
        and passed_seconds is not null
        and (due_at is not null or standard_seconds is null) as is_laid_out
    from in_opening_hours
),

passed as (
    select * from day_and_night
    union all by name
    select * from laid_out
),

judged as (
    select
        *,
        if(
            boundary = '<', passed_seconds >= within_seconds, passed_seconds > within_seconds
        ) as is_over
    from passed
),

longest_waits as (
    -- of the times that somebody wrote again: a miss before what is open before what is done
    select *
    from judged
    where clock = 'next_response'
    qualify
        row_number() over (
            partition by contact_id
            order by is_over desc, is_done asc, passed_seconds desc, starts_at asc
        ) = 1
),

kept as (
    select * from judged
    where clock != 'next_response'
    union all
    select * from longest_waits
),

excluded as (
    select
        *,
        case
            when clock = 'next_response' and starts_at is null and responded_at is null
                then 'not yet answered for the first time'
            when clock = 'next_response' and starts_at is null
                then 'nobody wrote again after the first reply'
            when clock = 'callback' and starts_at is null
                then 'when the callback was asked for is not known'
            when within_seconds is null then 'no due time is given'
            when seen_until is null then 'the wait is not known'
            when not is_laid_out then 'its opening hours are not known for these days'
            when is_given_up and not is_over then 'gave up before the standard had passed'
            when clock = 'answer' and not is_done and not is_given_up
                then 'chose a callback or voicemail'
        end as excluded_because
    from kept
)

select
    contact_id,
    clock,
    channel,
    line,
    queue,
    standard_id,
    received_at,
    within_seconds,
    boundary,
    due_at,
    if(is_done or is_given_up, passed_seconds, null) as clock_seconds,
    paused_seconds,
    calendar,
    case
        when excluded_because is not null then 'excluded'
        when is_over then 'missed'
        when is_done then 'met'
        else 'pending'
    end as status,
    excluded_because,
    extracted_at as as_of
from excluded
