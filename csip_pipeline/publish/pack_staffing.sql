-- One row per telephone line and hour of the week, of the cycle's last month that is in.
with

staffing as (
    select * from measure.staffing
    where month between $first_month::date and $last_month::date
)

select
    *,
    'line' as level,
    'telephone' as channel
from staffing
qualify month = max(month) over ()
order by line, weekday, hour
