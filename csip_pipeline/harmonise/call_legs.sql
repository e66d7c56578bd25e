-- One row per call leg offered to a queue, with the contact it is part of.
with

legs as (
    select * from extract.telephony
    where month = $month::date
)

select
    'telephone:' || call_id as contact_id,
    leg,
    'telephone' as channel,
    line,
    queue,
    queued_at as received_at,
    outcome,
    wait_seconds
from legs
