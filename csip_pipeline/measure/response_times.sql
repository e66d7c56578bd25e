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

standards as (
    select * from reference.service_standards
),

owed as (
    select
        contacts.*,
        standards.standard_id,
        standards.clock,
        standards.boundary,
        standards.within_seconds as standard_seconds
    from contacts
    inner join standards
        on
            contacts.channel = standards.channel
            and (standards.line is null or contacts.line = standards.line)
            and (standards.queue is null or contacts.queue = standards.queue)
            and contacts.ruled_on >= standards.applies_from_on
            and contacts.ruled_on < coalesce(standards.applies_until_on, 'infinity'::date)
    where standards.clock != 'answer' or contacts.legs is not null
    qualify
        row_number() over (
            partition by contacts.contact_id, standards.clock
            order by standards.queue is null, standards.line is null
        ) = 1
),

clocked as (
    select
        *,
        case
            when clock = 'answer' then wait_seconds
            when clock = 'first_response' then epoch(responded_at) - epoch(received_at)
            when clock = 'resolution' then epoch(resolved_at) - epoch(received_at)
        end as clock_seconds,
        case
            when clock = 'answer' then outcome = 'answered'
            when clock = 'first_response' then responded_at is not null
            when clock = 'resolution' then resolved_at is not null
        end as is_done,
        clock = 'answer' and outcome in ('abandoned', 'timed_out') as is_given_up,
        if(
            clock = 'resolution' and target_at is not null,
            epoch(target_at) - epoch(received_at),
            standard_seconds
        ) as within_seconds,
        epoch(extracted_at) - epoch(received_at) as seen_seconds
    from owed
),

judged as (
    select
        *,
        -- the time that has passed on the clock: to its end, to giving up, or to what we can see
        if(is_done or is_given_up, clock_seconds, seen_seconds) as passed_seconds,
        if(
            boundary = '<', passed_seconds >= within_seconds, passed_seconds > within_seconds
        ) as is_over
    from clocked
),

excluded as (
    select
        *,
        case
            when within_seconds is null then 'no due time is given'
            when passed_seconds is null then 'the wait is not known'
            when is_given_up and not is_over then 'gave up before the standard had passed'
            when clock = 'answer' and not is_done and not is_given_up
                then 'chose a callback or voicemail'
        end as excluded_because
    from judged
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
    received_at + to_microseconds((within_seconds * 1000000)::bigint) as due_at,
    if(is_done or is_given_up, clock_seconds, null) as clock_seconds,
    null as paused_seconds,
    null as calendar,
    case
        when excluded_because is not null then 'excluded'
        when is_over then 'missed'
        when is_done then 'met'
        else 'pending'
    end as status,
    excluded_because,
    extracted_at as as_of
from excluded
