-- One row per contact that gave up in the month: how its person was next heard of in 24 hours.
with

given_up as (
    select
        contact_id,
        channel,
        line,
        queue,
        person_key,
        wait_seconds,
        coalesce(ended_at, received_at + to_seconds(coalesce(wait_seconds, 0))) as gave_up_at
    from harmonise.contacts
    where month = $month::date and outcome in ('abandoned', 'timed_out')
),

-- a month has millions of contacts, and only those of people who gave up matter
contacts as (
    select
        month,
        person_key,
        received_at,
        responded_at,
        channel = 'telephone' and outcome = 'callback_requested' as is_callback,
        case
            when channel != 'telephone' then 'went_online'
            when line = '999' then 'moved_to_999'
            else 'returned_101'
        end as fate
    from harmonise.contacts
    where
        month in ($month::date, $month::date + interval '1 month')
        and person_key in (select given_up.person_key from given_up)
),

reached as (
    select
        timezone('Europe/London', ($month::date + interval '1 month')::timestamp) as month_ends_at,
        count(*) > 0 as is_next_month_in
    from harmonise.contacts
    where month = $month::date + interval '1 month'
),

shared as (
    select person_key from contacts
    where month = $month::date
    group by person_key
    having count(*) > 20
),

followed as (
    select
        given_up.contact_id,
        given_up.person_key,
        given_up.gave_up_at
    from given_up
    anti join shared using (person_key)
    where given_up.person_key is not null
),

-- at one moment 999 goes before 101, and either before online: the order of the alphabet
returns as (
    select
        person_key,
        received_at as heard_at,
        min(fate) as fate
    from contacts
    group by person_key, received_at
),

callbacks as (
    select
        person_key,
        responded_at as heard_at
    from contacts
    where is_callback and responded_at is not null
),

called_back as (
    select
        followed.contact_id,
        callbacks.heard_at
    from followed
    asof inner join callbacks
        on
            followed.person_key = callbacks.person_key
            and followed.gave_up_at < callbacks.heard_at
    where callbacks.heard_at <= followed.gave_up_at + interval '24 hours'
),

returned as (
    select
        followed.contact_id,
        returns.heard_at,
        returns.fate
    from followed
    asof inner join returns
        on
            followed.person_key = returns.person_key
            and followed.gave_up_at < returns.heard_at
    where returns.heard_at <= followed.gave_up_at + interval '24 hours'
)

select
    given_up.contact_id,
    given_up.channel,
    given_up.line,
    given_up.queue,
    given_up.gave_up_at,
    given_up.wait_seconds,
    case
        when followed.contact_id is null then 'unknown'
        when called_back.contact_id is not null then 'called_back'
        else coalesce(returned.fate, 'lost')
    end as fate,
    coalesce(called_back.heard_at, returned.heard_at) as heard_again_at,
    epoch(heard_again_at - given_up.gave_up_at) as heard_after_seconds,
    not reached.is_next_month_in
    and given_up.gave_up_at + interval '24 hours' >= reached.month_ends_at as is_provisional
from given_up
cross join reached
left join followed using (contact_id)
left join called_back using (contact_id)
left join returned using (contact_id)
