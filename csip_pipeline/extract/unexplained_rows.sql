-- How many files do not reconcile, or say a different number than their feed's table keeps.
with

intake as (
    select * from extract.intake
    where month = $month::date
),

unbalanced as (
    select count(*) as files
    from intake
    where received != accepted + duplicate + superseded + quarantined + out_of_scope
),

accepted as (
    select
        feed,
        sum(accepted) > 0 as has_accepted
    from intake
    group by feed
),

kept as (
    select 'telephony' as feed from extract.telephony
    where month = $month::date
    union
    select 'web_forms' as feed from extract.web_forms
    where month = $month::date
    union
    select 'web_chats' as feed from extract.web_chats
    where month = $month::date
    union
    select 'social' as feed from extract.social
    where month = $month::date
),

disagreeing as (
    select count(*) as feeds
    from accepted
    full join kept on accepted.feed = kept.feed
    where coalesce(accepted.has_accepted, false) != (kept.feed is not null)
)

select unbalanced.files + disagreeing.feeds as broken
from unbalanced
cross join disagreeing
