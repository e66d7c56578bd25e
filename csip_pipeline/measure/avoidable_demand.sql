-- One row per reason group and all contact, channel or line that has contacts: how many, and what
-- share of all of them.
with

contacts as (
    select * from harmonise.contacts
    where month = $month::date
),

reason_groups as (
    select
        unnest([
            'police_matter',
            'other_agency',
            'information_online',
            'progress_chasing',
            'misdial',
            'unknown'
        ]) as reason_group,
        reason_group in ('other_agency', 'information_online', 'progress_chasing', 'misdial')
            as is_avoidable
),

counted as (
    select
        channel,
        line,
        reason_group,
        count(*) as contacts
    from contacts
    group by channel, line, reason_group
),

places as (
    select distinct
        channel,
        line
    from counted
),

filled as (
    select
        places.channel,
        places.line,
        reason_groups.reason_group,
        reason_groups.is_avoidable,
        coalesce(counted.contacts, 0) as contacts
    from places
    cross join reason_groups
    left join counted
        on
            places.channel = counted.channel
            and places.line is not distinct from counted.line
            and reason_groups.reason_group = counted.reason_group
),

summed as (
    select
        case grouping(channel, line) when 0 then 'line' when 1 then 'channel' else 'all' end
            as level,
        channel,
        line,
        reason_group,
        is_avoidable,
        sum(contacts) as contacts
    from filled
    group by
        grouping sets (
            (reason_group, is_avoidable),
            (channel, reason_group, is_avoidable),
            (channel, line, reason_group, is_avoidable)
        )
),

totalled as (
    select
        *,
        sum(contacts) over of_level as contacts_in_all,
        sum(contacts) filter (where reason_group <> 'unknown') over of_level as contacts_known,
        if(reason_group = 'unknown', null, contacts) as known
    from summed
    where level <> 'line' or line is not null
    window of_level as (partition by level, channel, line)
)

select
    level,
    channel,
    line,
    reason_group,
    is_avoidable,
    contacts,
    contacts_in_all,
    contacts / contacts_in_all as share,
    wilson_lower(contacts, contacts_in_all) as share_lower,
    wilson_upper(contacts, contacts_in_all) as share_upper,
    known / nullif(contacts_known, 0) as share_of_known,
    wilson_lower(known, contacts_known) as share_of_known_lower,
    wilson_upper(known, contacts_known) as share_of_known_upper
from totalled
