-- One row per channel, line or queue: B gave up out of Q offered (answered or gave up), four ways.
with

contacts as (
    select
        contact_id,
        channel,
        line,
        queue,
        outcome,
        wait_seconds,
        timezone('Europe/London', received_at)::date as received_on
    from harmonise.contacts
    where month = $month::date and legs is not null
),

fates as (
    select * from measure.abandoned_fates
    where month = $month::date
),

breaches as (
    select
        contact_id,
        channel,
        person_key
    from measure.breaches
    where month = $month::date and clock = 'answer' and explain_by_on is not null
),

callback_list as (
    select
        month,
        channel,
        clock,
        person_key,
        state,
        explained_at,
        as_at
    from publish.callback_list
    where month between $month::date and $month::date + interval '2 months'
),

notices as (
    select * from callback_list
    where month = $month::date and clock = 'answer'
),

standards as (
    select * from reference.service_standards
    where clock = 'answer'
),

places as (
    select distinct
        channel,
        line,
        queue,
        received_on
    from contacts
),

promised as (
    select
        places.channel,
        places.line,
        places.queue,
        places.received_on,
        standards.abandoned_after_seconds as limit_seconds
    from places
    left join standards
        on
            places.channel = standards.channel
            and (standards.line is null or places.line = standards.line)
            and (standards.queue is null or places.queue = standards.queue)
            and places.received_on >= standards.applies_from_on
            and places.received_on < coalesce(standards.applies_until_on, 'infinity'::date)
    qualify
        row_number() over (
            partition by places.channel, places.line, places.queue, places.received_on
            order by standards.queue is null, standards.line is null
        ) = 1
),

-- after the second month that follows nothing is added, so that a figure settles; a month is kept
-- anew only when one of its notices changes, so the latest of the three says how far they are known
settling as (
    select
        ($month::date + interval '3 months')::date as settles_on,
        timezone('Europe/London', settles_on::timestamp) as settles_at,
        max(as_at) < settles_on as is_settling
    from callback_list
),

-- a notice explained before somebody gave up was about an earlier promise of the same kind
told as (
    select
        breaches.contact_id,
        bool_or(
            notices.explained_at > fates.gave_up_at and notices.explained_at < settling.settles_at
        ) as is_explained,
        bool_or(
            notices.explained_at is null
            and notices.state != 'withdrawn'
            and settling.is_settling
        ) as is_open
    from breaches
    inner join fates using (contact_id)
    inner join notices
        on breaches.channel = notices.channel and breaches.person_key = notices.person_key
    cross join settling
    where fates.fate != 'called_back'
    group by breaches.contact_id
),

judged as (
    select
        contacts.channel,
        contacts.line,
        contacts.queue,
        contacts.wait_seconds,
        promised.limit_seconds,
        fates.fate,
        fates.is_provisional,
        told.is_explained,
        told.is_open or fates.is_provisional as is_net_provisional,
        contacts.outcome in ('abandoned', 'timed_out') as is_abandoned,
        is_abandoned or contacts.outcome = 'answered' as is_offered
    from contacts
    inner join promised
        on
            contacts.channel = promised.channel
            and contacts.line is not distinct from promised.line
            and contacts.queue = promised.queue
            and contacts.received_on = promised.received_on
    left join fates using (contact_id)
    left join told using (contact_id)
),

counted as (
    select
        channel,
        line,
        queue,
        case grouping(channel, line, queue)
            when 0 then 'queue' when 1 then 'line' else 'channel'
        end as level,
        count(*) filter (where is_offered) as q,
        count(*) filter (where is_abandoned) as b,
        count(limit_seconds) = count(*) as is_limited,
        if(
            is_limited and min(limit_seconds) = max(limit_seconds), min(limit_seconds), null
        ) as after_seconds,
        -- who waited so long is known only where the wait of all who gave up is known
        count(wait_seconds) filter (where is_abandoned) = b as is_known,
        if(
            is_limited and is_known,
            count(*) filter (where is_abandoned and wait_seconds >= limit_seconds),
            null
        ) as after,
        count(*) filter (where fate = 'called_back') as called_back,
        count(*) filter (where fate = 'returned_101') as returned_101,
        count(*) filter (where fate = 'moved_to_999') as moved_to_999,
        count(*) filter (where fate = 'went_online') as went_online,
        count(*) filter (where fate = 'lost') as lost,
        count(*) filter (where fate = 'unknown') as unknown,
        count(*) filter (where is_explained) as explained,
        coalesce(bool_or(is_provisional), false) as is_provisional,
        coalesce(bool_or(is_net_provisional), false) as is_net_provisional
    from judged
    group by grouping sets ((channel), (channel, line), (channel, line, queue))
)

select
    level,
    channel,
    line,
    queue,
    q as offered,
    b as abandoned,
    b / nullif(q, 0) as abandoned_share,
    wilson_lower(b, q) as abandoned_share_lower,
    wilson_upper(b, q) as abandoned_share_upper,
    after_seconds,
    after as abandoned_after,
    after / nullif(q, 0) as abandoned_after_share,
    wilson_lower(after, q) as abandoned_after_share_lower,
    wilson_upper(after, q) as abandoned_after_share_upper,
    called_back,
    returned_101,
    moved_to_999,
    went_online,
    lost,
    unknown,
    explained,
    (b - called_back - explained) / nullif(q, 0) as abandoned_net_of_callback_share,
    wilson_lower(b - called_back - explained, q) as abandoned_net_of_callback_share_lower,
    wilson_upper(b - called_back - explained, q) as abandoned_net_of_callback_share_upper,
    lost / nullif(q, 0) as lost_share,
    wilson_lower(lost, q) as lost_share_lower,
    wilson_upper(lost, q) as lost_share_upper,
    (lost + unknown) / nullif(q, 0) as lost_share_at_most,
    is_provisional,
    is_net_provisional
from counted
