-- One row per month and channel: contacts and shares, for the table and the chart of channels.
select
    month,
    channel,
    contacts,
    contacts_on_all_channels,
    share,
    digital_share,
    feeds_missing
from measure.channel_shift
where month between $first_month::date and $last_month::date
order by month, channel
