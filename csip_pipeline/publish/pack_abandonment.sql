-- One row per month and line or channel: who gave up, four ways, and what became of them.
select * from measure.abandonment
where
    month between $first_month::date and $last_month::date
    and level in ('channel', 'line')
order by month, channel, line
