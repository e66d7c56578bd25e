-- One row per channel: contacts received in the month, their share of all, and the digital share
-- (web forms, web chats and social media over all channels).
with

contacts as (
    select * from harmonise.contacts
    where month = $month::date
),

intake as (
    select
        feed,
        sum(accepted) as accepted
    from extract.intake
    where month = $month::date
    group by feed
),

expected as (
    select distinct
        feeds.feed,
        case feeds.feed
            when 'telephony' then 'telephone'
            when 'web_forms' then 'web_form'
            when 'web_chats' then 'web_chat'
            when 'social' then 'social'
        end as channel,
        coalesce(intake.accepted, 0) = 0 as is_missing
    from reference.feeds as feeds
    left join intake using (feed)
    where feeds.feed in ('telephony', 'web_forms', 'web_chats', 'social')
),

missing as (
    select string_agg(feed, ', ' order by feed) as feeds_missing
    from expected
    where is_missing
),

counted as (
    select
        channel,
        count(*) as contacts
    from contacts
    group by channel
),

channels as (
    select
        coalesce(counted.channel, expected.channel) as channel,
        if(expected.is_missing, counted.contacts, coalesce(counted.contacts, 0)) as contacts
    from counted
    full join expected using (channel)
),

totalled as (
    select
        *,
        coalesce(sum(contacts) over (), 0) as contacts_on_all_channels,
        sum(contacts) filter (where channel in ('web_form', 'web_chat', 'social')) over ()
            as digital_contacts
    from channels
)

select
    totalled.channel,
    totalled.contacts,
    totalled.contacts_on_all_channels,
    if(
        missing.feeds_missing is null,
        totalled.contacts / nullif(totalled.contacts_on_all_channels, 0),
        null
    ) as share,
    if(
        missing.feeds_missing is null,
        coalesce(totalled.digital_contacts, 0) / nullif(totalled.contacts_on_all_channels, 0),
        null
    ) as digital_share,
    null as share_change_on_last_month,
    null as share_change_on_last_month_lower,
    null as share_change_on_last_month_upper,
    null as share_change_on_last_year,
    null as share_change_on_last_year_lower,
    null as share_change_on_last_year_upper,
    null as digital_share_change_on_last_month,
    null as digital_share_change_on_last_month_lower,
    null as digital_share_change_on_last_month_upper,
    null as digital_share_change_on_last_year,
    null as digital_share_change_on_last_year_lower,
    null as digital_share_change_on_last_year_upper,
    missing.feeds_missing
from totalled
cross join missing
