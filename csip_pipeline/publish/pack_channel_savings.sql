-- One row per month and online channel: the capacity that its net shift frees, as a range.
select * from measure.channel_savings
where month between $first_month::date and $last_month::date
order by month, channel
