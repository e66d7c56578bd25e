-- One row per notice asked about: the flags on its person today, and whether they hold it.
with

-- what the pipeline flags by itself; a force may decide otherwise in contact_flags.csv
own_rules as (
    select
        own.flag,
        own.title,
        'yes' as holds,
        'no' as is_urgent,
        0 as remembered_days,
        null::bigint as contacts_a_month
    from (
        values
        ('reason_holds', 'A call could put them at risk'),
        ('no_reason', 'Nobody recorded why they were in touch'),
        ('unknown_reason', 'Nobody recorded why they were in touch'),
        ('unsafe_before', 'Contact was found to be unsafe before')
    ) as own (flag, title)
    where own.flag not in (select contact_flags.flag from reference.contact_flags)
),

rules as (
    select * from reference.contact_flags
    union all by name
    select * from own_rules
),

asked as (
    select * from asked_notices
),

listed as (
    select * from listed_people
),

contacts as (
    select
        person_key,
        month,
        received_at,
        reason
    from harmonise.contacts
    where person_key in (select asked.person_key from asked)
),

remembered as (
    select distinct
        contacts.person_key,
        reasons.flag
    from contacts
    inner join reference.contact_reasons as reasons using (reason)
    left join rules using (flag)
    where
        reasons.flag is not null
        and timezone('Europe/London', contacts.received_at)::date
        >= $today::date - coalesce(rules.remembered_days, 365)::int
        and coalesce(rules.remembered_days, 365) > 0
),

busy as (
    select
        person_key,
        month,
        count(*) as contacts
    from contacts
    group by person_key, month
),

flagged as (
    select
        notice_id,
        unnest(flags) as flag
    from asked
    union all
    select
        asked.notice_id,
        remembered.flag
    from asked
    inner join remembered using (person_key)
    union all
    select
        asked.notice_id,
        rules.flag
    from asked
    inner join busy
        on asked.person_key = busy.person_key and list_contains(asked.months, busy.month)
    inner join rules on busy.contacts > rules.contacts_a_month
    union all
    select
        asked.notice_id,
        listed.flag
    from asked
    inner join listed using (person_key)
    where listed.flag is not null
),

judged as (
    select distinct
        flagged.notice_id,
        flagged.flag,
        coalesce(rules.is_urgent = 'yes', false) as is_urgent,
        coalesce(rules.title, 'A flag that contact_flags.csv does not explain') as title,
        -- what is not known holds
        coalesce(rules.holds, 'yes') = 'yes'
        and not list_contains(asked.released_flags, flagged.flag) as is_holding
    from flagged
    inner join asked using (notice_id)
    left join rules using (flag)
),

safe_times as (
    select
        person_key,
        min(safe_time) as safe_time
    from listed
    where safe_time is not null
    group by person_key
)

select
    asked.notice_id,
    coalesce(
        list(distinct judged.flag order by judged.flag) filter (where judged.flag is not null), []
    ) as flags,
    string_agg(distinct judged.title, '; ' order by judged.title) filter (where judged.is_holding)
        as held_because,
    coalesce(bool_or(judged.is_urgent), false) as is_urgent,
    any_value(safe_times.safe_time) as safe_time
from asked
left join judged using (notice_id)
left join safe_times using (person_key)
group by asked.notice_id
