-- One row per month and channel: contacts, shares and their changes, for tables and the chart.
select * from measure.channel_shift
where month between $first_month::date and $last_month::date
order by month, channel
