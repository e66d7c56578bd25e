-- One row per month and kind of promise, and per month of all kinds, which comes first: what became
-- of the explanations owed.
select * from measure.callbacks
where month between $first_month::date and $last_month::date
order by month, level, channel, clock
