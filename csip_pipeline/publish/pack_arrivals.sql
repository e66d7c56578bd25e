-- One row per month and source from which something is due: whether its extract came, and in time.
with

arrivals as (
    select * from extract.arrivals
    where month between $first_month::date and $last_month::date
)

select
    month,
    feed,
    source,
    files,
    first_extracted_at,
    due_on,
    status
from arrivals
order by month, feed, source
