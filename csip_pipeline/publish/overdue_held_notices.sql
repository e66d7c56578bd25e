-- How many people wait for a reviewer, though the day is past by which they should be told.
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
where notices.state = 'held' and notices.due_by < newest.as_at
