-- One row per submitted form or service request; its queue is the service it is about.
with

forms as (
    select * from extract.web_forms
    where month = $month::date
),

reasons as (
    select * from reference.contact_reasons
)

select
    coalesce(forms.channel, 'web_form') || ':' || forms.form_id as contact_id,
    coalesce(forms.channel, 'web_form') as channel,
    null as line,
    forms.service as queue,
    forms.submitted_at as received_at,
    forms.first_response_at as responded_at,
    forms.resolved_at,
    forms.resolved_at as ended_at,
    null as callback_asked_at,
    if(
        coalesce(forms.first_response_at, forms.resolved_at) is null, 'waiting', 'answered'
    ) as outcome,
    null as wait_seconds,
    null as first_queue_wait_seconds,
    null as handling_seconds,
    null as legs,
    forms.service as reason,
    coalesce(reasons.reason_group, 'unknown') as reason_group,
    forms.person_key,
    forms.person_kind,
    null as handler_key,
    forms.target_at,
    forms.paused_seconds,
    forms.source_file,
    forms.source_row,
    forms.extracted_at
from forms
left join reasons on forms.service = reasons.reason
