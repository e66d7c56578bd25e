-- How many calls, forms, chats and conversations of the month do not have exactly one contact.
with

units as (
    select distinct 'telephone:' || call_id as contact_id from extract.telephony
    where month = $month::date
    union all
    select coalesce(channel, 'web_form') || ':' || form_id as contact_id from extract.web_forms
    where month = $month::date
    union all
    select 'web_chat:' || chat_id as contact_id from extract.web_chats
    where month = $month::date
    union all
    select distinct 'social:' || platform || ':' || conversation_id as contact_id
    from extract.social
    where month = $month::date and direction = 'in'
),

contacts as (
    select
        contact_id,
        count(*) as times
    from harmonise.contacts
    where month = $month::date
    group by contact_id
)

select count(*) as broken
from units
full join contacts using (contact_id)
where units.contact_id is null or contacts.times is distinct from 1
