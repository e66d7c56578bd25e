-- One row per online service: how far visitors to it got, and what was done online out of all that
-- was done online or by telephone.
with

contacts as (
    select * from harmonise.contacts
    where month = $month::date
),

web_sessions as (
    select * from extract.web_sessions
    where month = $month::date
),

intake as (
    select * from extract.intake
    where month = $month::date
),

reasons as (
    select * from reference.contact_reasons
    where service is not null
),

came as (
    select
        count(*) filter (where feed = 'telephony') > 0 as is_telephony_in,
        count(*) filter (where feed = 'web_forms') > 0 as is_web_forms_in
    from intake
    where accepted > 0
),

-- A count that is not known of one day is not known of the month.
visited as (
    select
        service,
        sum(visits) as visits,
        if(count(form_starts) = count(*), sum(form_starts), null) as form_starts,
        if(count(form_completions) = count(*), sum(form_completions), null) as form_completions,
        if(count(signposted_away) = count(*), sum(signposted_away), null) as signposted_away
    from web_sessions
    group by service
),

sent as (
    select
        queue as service,
        count(*) as forms
    from contacts
    where channel = 'web_form'
    group by queue
),

answered as (
    select
        reason,
        count(*) as calls
    from contacts
    where channel = 'telephone' and outcome = 'answered'
    group by reason
),

-- A service of which no reason for a call speaks is not here: how many calls are about it is not
-- known.
telephoned as (
    select
        reasons.service,
        coalesce(sum(answered.calls), 0) as calls
    from reasons
    left join answered on reasons.reason = answered.reason
    group by reasons.service
),

services as (
    select service from visited
    union
    select service from sent
    union
    select service from telephoned
),

counted as (
    select
        services.service,
        visited.visits,
        visited.form_starts,
        visited.form_completions,
        visited.signposted_away,
        if(came.is_web_forms_in, coalesce(sent.forms, 0), null) as completed_online,
        if(came.is_telephony_in, telephoned.calls, null) as completed_by_telephone,
        completed_online + completed_by_telephone as completed,
        -- no share of visitors is more than all of them, whatever a supplier counts
        if(visited.form_completions <= visited.form_starts, visited.form_completions, null)
            as completions_of_starts,
        if(visited.signposted_away <= visited.visits, visited.signposted_away, null)
            as signposted_of_visits
    from services
    cross join came
    left join visited on services.service = visited.service
    left join sent on services.service = sent.service
    left join telephoned on services.service = telephoned.service
)

select
    service,
    visits,
    form_starts,
    form_completions,
    completions_of_starts / nullif(form_starts, 0) as completion_share,
    wilson_lower(completions_of_starts, form_starts) as completion_share_lower,
    wilson_upper(completions_of_starts, form_starts) as completion_share_upper,
    signposted_away,
    signposted_of_visits / nullif(visits, 0) as signposted_share,
    completed_online,
    completed_by_telephone,
    completed,
    completed_online / nullif(completed, 0) as digital_takeup,
    wilson_lower(completed_online, completed) as digital_takeup_lower,
    wilson_upper(completed_online, completed) as digital_takeup_upper
from counted
