-- How many files do not reconcile, feeds keep rows where none was accepted or none where some
-- were, and kept rows name a file that did not come.
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
    select
        'telephony' as feed,
        source_file
    from extract.telephony
    where month = $month::date
    union all
    select
        'web_forms' as feed,
        source_file
    from extract.web_forms
    where month = $month::date
    union all
    select
        'web_chats' as feed,
        source_file
    from extract.web_chats
    where month = $month::date
    union all
    select
        'social' as feed,
        source_file
    from extract.social
    where month = $month::date
    union all
    select
        'web_sessions' as feed,
        source_file
    from extract.web_sessions
    where month = $month::date
    union all
    select
        'callback_outcomes' as feed,
        source_file
    from extract.callback_outcomes
    where month = $month::date
    union all
    select
        'panel_scores' as feed,
        source_file
    from extract.panel_scores
    where month = $month::date
),

keeping as (
    select distinct feed from kept
),

disagreeing as (
    select count(*) as feeds
    from accepted
    full join keeping on accepted.feed = keeping.feed
    where
        coalesce(accepted.has_accepted, false) != (keeping.feed is not null)
        -- all that social media has for a month may be replies to the month before
        and not (accepted.feed = 'social' and keeping.feed is null)
),

-- a reply in November's file may belong to October's conversation, so also files that bear on the
-- month without a row of their own in it, which intake does not list
bearing as (
    select distinct
        feed,
        file
    from extract.dispositions
    where month = $month::date
),

of_no_file as (
    select count(*) as rows_kept
    from kept
    anti join bearing on kept.feed = bearing.feed and kept.source_file = bearing.file
)

select unbalanced.files + disagreeing.feeds + of_no_file.rows_kept as broken
from unbalanced
cross join disagreeing
cross join of_no_file
