-- One row per call of a cycle's sample, random and targeted: what the contact centre needs to find
-- its recording.
with

drawn as (
    select * from publish.call_sample
    where cycle = $cycle
),

contacts as (
    select * from harmonise.contacts
),

recordings as (
    select
        call_id,
        string_agg(distinct recording_id, ' ' order by recording_id) as recordings
    from extract.telephony
    group by call_id
)

select
    drawn.sample_no,
    drawn.arm,
    drawn.state,
    drawn.reference,
    strftime(timezone('Europe/London', contacts.received_at), '%Y-%m-%d %H:%M:%S') as received_at,
    contacts.queue,
    split_part(drawn.contact_id, ':', 2) as call_id,
    coalesce(recordings.recordings, '') as recordings
from drawn
left join contacts using (contact_id)
left join recordings on split_part(drawn.contact_id, ':', 2) = recordings.call_id
order by drawn.sample_no
