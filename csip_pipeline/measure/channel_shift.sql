-- One row per channel: contacts received in the month, their share of all, and the digital share
-- (web forms, web chats and social media over all channels), with their changes on the month before
-- and on the same month of last year.
with

contacts as (
    select * from harmonise.contacts
    where
        month in (
            $month::date,
            ($month::date - interval 1 month)::date,
            ($month::date - interval 12 month)::date
        )
),

intake as (
    select * from extract.intake
),

feeds as (
    select distinct
        feed,
        case feed
            when 'telephony' then 'telephone'
            when 'web_forms' then 'web_form'
            when 'web_chats' then 'web_chat'
            when 'social' then 'social'
        end as channel
    from reference.feeds
    where feed in ('telephony', 'web_forms', 'web_chats', 'social')
),

months as (
    select unnest([
        $month::date,
        ($month::date - interval 1 month)::date,
        ($month::date - interval 12 month)::date
    ]) as month
),

came as (
    select
        month,
        feed
    from intake
    group by month, feed
    having sum(accepted) > 0
),

expected as (
    select
        months.month,
        feeds.feed,
        feeds.channel,
        came.feed is null as is_missing
    from months
    cross join feeds
    left join came on months.month = came.month and feeds.feed = came.feed
),

missing as (
    select
        month,
        string_agg(feed, ', ' order by feed) as feeds_missing
    from expected
    where is_missing
    group by month
),

counted as (
    select
        month,
        channel,
        count(*) as contacts
    from contacts
    group by month, channel
),

channels as (
    select channel from feeds
    union
    select channel from counted
),

-- E-mails come with the forms, so they are missing when the forms are.
filled as (
    select
        months.month,
        channels.channel,
        if(
            coalesce(expected.is_missing, false), counted.contacts, coalesce(counted.contacts, 0)
        ) as contacts
    from months
    cross join channels
    left join counted on months.month = counted.month and channels.channel = counted.channel
    left join expected
        on
            months.month = expected.month
            and if(channels.channel = 'email', 'web_form', channels.channel) = expected.channel
),

totalled as (
    select
        filled.month,
        filled.channel,
        filled.contacts,
        missing.feeds_missing,
        coalesce(sum(filled.contacts) over of_month, 0) as contacts_on_all_channels,
        coalesce(
            sum(if(filled.channel in ('web_form', 'web_chat', 'social'), filled.contacts, 0))
                over of_month,
            0
        ) as digital_contacts,
        -- what shares are of: nothing, where contact is missing
        if(missing.feeds_missing is null, contacts_on_all_channels, null) as whole
    from filled
    left join missing on filled.month = missing.month
    window of_month as (partition by filled.month)
),

this_month as (
    select * from totalled
    where month = $month::date
),

last_month as (
    select * from totalled
    where month = $month::date - interval 1 month
),

last_year as (
    select * from totalled
    where month = $month::date - interval 12 month
)

select
    this_month.channel,
    this_month.contacts,
    this_month.contacts_on_all_channels,
    this_month.contacts / nullif(this_month.whole, 0) as share,
    this_month.digital_contacts / nullif(this_month.whole, 0) as digital_share,
    share - last_month.contacts / nullif(last_month.whole, 0) as share_change_on_last_month,
    newcombe_lower(
        this_month.contacts, this_month.whole, last_month.contacts, last_month.whole
    ) as share_change_on_last_month_lower,
    newcombe_upper(
        this_month.contacts, this_month.whole, last_month.contacts, last_month.whole
    ) as share_change_on_last_month_upper,
    share - last_year.contacts / nullif(last_year.whole, 0) as share_change_on_last_year,
    newcombe_lower(
        this_month.contacts, this_month.whole, last_year.contacts, last_year.whole
    ) as share_change_on_last_year_lower,
    newcombe_upper(
        this_month.contacts, this_month.whole, last_year.contacts, last_year.whole
    ) as share_change_on_last_year_upper,
    digital_share - last_month.digital_contacts / nullif(last_month.whole, 0)
        as digital_share_change_on_last_month,
    newcombe_lower(
        this_month.digital_contacts,
        this_month.whole,
        last_month.digital_contacts,
        last_month.whole
    ) as digital_share_change_on_last_month_lower,
    newcombe_upper(
        this_month.digital_contacts,
        this_month.whole,
        last_month.digital_contacts,
        last_month.whole
    ) as digital_share_change_on_last_month_upper,
    digital_share - last_year.digital_contacts / nullif(last_year.whole, 0)
        as digital_share_change_on_last_year,
    newcombe_lower(
        this_month.digital_contacts, this_month.whole, last_year.digital_contacts, last_year.whole
    ) as digital_share_change_on_last_year_lower,
    newcombe_upper(
        this_month.digital_contacts, this_month.whole, last_year.digital_contacts, last_year.whole
    ) as digital_share_change_on_last_year_upper,
    this_month.feeds_missing
from this_month
inner join last_month on this_month.channel = last_month.channel
inner join last_year on this_month.channel = last_year.channel
