-- One row per month, window and all contact, channel or line: contacts that were repeats.
select * from measure.repeat_contacts
where month between $first_month::date and $last_month::date
