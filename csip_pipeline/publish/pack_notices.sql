-- One row: how many explanations the cycle's breaches call for, one a person and kind of promise.
with

notices as (
    select * from publish.callback_list
    where month between $first_month::date and $last_month::date
)

select count(distinct notice_id) as notices
from notices
