-- How many people are due an explanation, and not told of it though their day is past.
with

notices as (
    select * from publish.callback_list
),

newest as (
    select max(as_at) as as_at from notices
)

select count(distinct notices.notice_id) as broken
from notices
cross join newest
where notices.state = 'due' and notices.due_by < newest.as_at
