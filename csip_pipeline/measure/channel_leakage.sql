-- One row per online service, and one for all of them: contacts by web form and web chat, and how
-- many of them were followed by a telephone call of the same person.
with

online as (
    select
        contact_id,
        received_at,
        if(person_kind = 'phone', person_key, null) as person_key,
        if(channel = 'web_form', queue, reason) as service
    from harmonise.contacts
    where month = $month::date and channel in ('web_form', 'web_chat')
),

-- a month has millions of contacts, and only those of people who were online matter
contacts as (
    select
        month,
        person_key,
        channel,
        received_at
    from harmonise.contacts
    where
        month in ($month::date, $month::date + interval '1 month')
        and person_key in (select online.person_key from online)
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
        online.contact_id,
        online.person_key,
        online.received_at
    from online
    anti join shared using (person_key)
    where online.person_key is not null
),

calls as (
    select
        person_key,
        received_at
    from contacts
    where channel = 'telephone'
),

telephoned as (
    select
        followed.contact_id,
        followed.person_key,
        calls.received_at <= followed.received_at + interval '24 hours' as is_within_24h,
        calls.received_at <= followed.received_at + interval '72 hours' as is_within_72h
    from followed
    asof left join calls
        on
            followed.person_key = calls.person_key
            and followed.received_at < calls.received_at
),

judged as (
    select
        online.service,
        telephoned.person_key,
        telephoned.is_within_24h,
        telephoned.is_within_72h,
        telephoned.contact_id is not null as is_followed,
        not reached.is_next_month_in
        and online.received_at + interval '72 hours' >= reached.month_ends_at as is_provisional
    from online
    cross join reached
    left join telephoned using (contact_id)
),

counted as (
    select
        service,
        if(grouping(service) = 0, 'service', 'all') as level,
        count(*) as gross_shift,
        count(*) filter (where is_within_72h) as leaked,
        count(*) filter (where not is_followed) as not_followed,
        count(distinct person_key) as people,
        count(distinct person_key) filter (where is_within_24h) as telephoned_24h,
        count(distinct person_key) filter (where is_within_72h) as telephoned_72h,
        bool_or(is_provisional) as is_provisional
    from judged
    group by grouping sets ((), (service))
    having count(*) > 0 and (grouping(service) = 1 or service is not null)
)

select
    level,
    service,
    gross_shift,
    leaked,
    gross_shift - leaked as net_shift,
    not_followed,
    people,
    telephoned_24h,
    telephoned_24h / nullif(people, 0) as telephoned_24h_share,
    wilson_lower(telephoned_24h, people) as telephoned_24h_share_lower,
    wilson_upper(telephoned_24h, people) as telephoned_24h_share_upper,
    telephoned_72h,
    telephoned_72h / nullif(people, 0) as telephoned_72h_share,
    wilson_lower(telephoned_72h, people) as telephoned_72h_share_lower,
    wilson_upper(telephoned_72h, people) as telephoned_72h_share_upper,
    is_provisional
from counted
