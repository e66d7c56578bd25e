-- One row per online channel that has contacts (web forms, web chats): its net shift, and what so
-- many contacts would have cost more by telephone.
with

contacts as (
    select * from harmonise.contacts
    where month in ($month::date, ($month::date + interval 1 month)::date)
),


costs as (
    select * from reference.channel_costs
    where
        applies_from_on <= $month::date
        and $month::date < coalesce(applies_until_on, 'infinity'::date)
),

-- how far the telephone extracts have got: the next month may only have begun to come in
telephony as (
    select
        greatest(
            timezone('Europe/London', ($month::date + interval '1 month')::timestamp),
            max(received_at) filter (where month > $month::date)
        ) as reached_at,
        count(*) filter (where month = $month::date) > 0 as is_in
    from contacts
    where channel = 'telephone'
),

shared as (
    select person_key
    from contacts
    where month = $month::date and person_key is not null
    group by person_key
    having count(*) > 20
),

online as (
    select
        contacts.channel,
        contacts.person_key,
        contacts.received_at,
        not telephony.is_in
        or contacts.received_at + interval 72 hours >= telephony.reached_at as may_leak_yet,
        telephony.is_in
        and contacts.person_key is not null
        and coalesce(contacts.person_kind = 'phone', false)
        and shared.person_key is null as is_followed
    from contacts
    cross join telephony
    left join shared on contacts.person_key = shared.person_key
    where contacts.month = $month::date and contacts.channel in ('web_form', 'web_chat')
),

followed as (
    select * from online
    where is_followed
),

calls as (
    select
        person_key,
        received_at
    from contacts
    where
        channel = 'telephone'
        and person_key in (select followed.person_key from followed)
        and received_at
        <= timezone('Europe/London', $month::date + interval 1 month) + interval 72 hours
),

leaked as (
    select
        followed.channel,
        count(*) as leaked
    from followed
    asof inner join calls
        on followed.person_key = calls.person_key and followed.received_at < calls.received_at
    where calls.received_at <= followed.received_at + interval 72 hours
    group by followed.channel
),

gross as (
    select
        channel,
        count(*) as gross_shift,
        count(*) filter (where is_followed) as followed,
        bool_or(may_leak_yet) as may_leak_yet
    from online
    group by channel
),

counted as (
    select
        gross.*,
        coalesce(leaked.leaked, 0) as leaked
    from gross
    left join leaked using (channel)
),

netted as (
    select
        *,
        gross_shift - followed as not_followed,
        gross_shift - leaked as net_shift,
        -- where nobody could be followed, everybody may have telephoned
        ceil(not_followed * coalesce(wilson_upper(leaked, followed), 1)) as leaked_unseen,
        greatest(net_shift - leaked_unseen, 0) as net_shift_at_least
    from counted
),

priced as (
    select
        netted.*,
        telephone.unit_cost_low - costs.unit_cost_high as saving_per_contact_low,
        telephone.unit_cost_high - costs.unit_cost_low as saving_per_contact_high,
        if(
            telephone.citation = costs.citation,
            costs.citation,
            telephone.citation || '; ' || costs.citation
        ) as citation
    from netted
    left join costs on netted.channel = costs.channel
    left join costs as telephone on telephone.channel = 'telephone'
)

select
    priced.channel,
    priced.gross_shift,
    priced.leaked,
    priced.not_followed,
    priced.net_shift,
    priced.net_shift_at_least,
    priced.saving_per_contact_low,
    priced.saving_per_contact_high,
    -- where a contact costs more online, the more of them the lower the saving
    least(
        priced.net_shift_at_least * priced.saving_per_contact_low,
        priced.net_shift * priced.saving_per_contact_low
    ) as saving_low,
    greatest(
        priced.net_shift_at_least * priced.saving_per_contact_high,
        priced.net_shift * priced.saving_per_contact_high
    ) as saving_high,
    'capacity, not cash' as kind,
    priced.citation,
    priced.may_leak_yet or not telephony.is_in as is_provisional
from priced
cross join telephony
