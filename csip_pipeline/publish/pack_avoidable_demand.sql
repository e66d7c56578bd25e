-- One row per month, all contact or line, and group of reasons: contacts and their share.
select * from measure.avoidable_demand
where month between $first_month::date and $last_month::date
