-- One row per change of a standard and month near it: the standard before and the one after, which
-- of them the month was under, and the month that a month after is compared with.
with

standards as (
    select * from reference.service_standards
),

months as (
    select distinct month from harmonise.contacts
),

changes as (
    select
        newer.channel,
        newer.line,
        newer.queue,
        newer.clock,
        older.standard_id as old_standard_id,
        newer.standard_id as new_standard_id,
        older.applies_from_on as old_from_on,
        newer.applies_from_on as changed_on,
        newer.applies_until_on as new_until_on,
        newer.applies_from_on - 1 as last_day_of_old_on,
        date_trunc('month', newer.applies_from_on)::date as first_touched,
        (date_trunc('month', newer.applies_from_on + interval 1 month - interval 1 day))::date
            as first_whole
    from standards as older
    inner join standards as newer
        on
            older.channel = newer.channel
            and older.line is not distinct from newer.line
            and older.queue is not distinct from newer.queue
            and older.clock = newer.clock
            and older.applies_until_on = newer.applies_from_on
    -- a standard that only promises to explain from now on measures what it measured before
    where
        (
            older.within_seconds,
            older.boundary,
            older.target_share,
            older.short_abandon_seconds,
            older.abandoned_after_seconds,
            older.calendar,
            older.wording
        )
        is distinct from (
            newer.within_seconds,
            newer.boundary,
            newer.target_share,
            newer.short_abandon_seconds,
            newer.abandoned_after_seconds,
            newer.calendar,
            newer.wording
        )
),

-- a month only part of which an earlier or later rule held is of neither of the two
near as (
    select
        changes.*,
        months.month,
        case
            when
                months.month < changes.first_touched
                and months.month >= changes.first_touched - interval 6 month
                and months.month >= changes.old_from_on
                then 'before'
            when
                months.month = changes.first_touched
                and changes.first_touched < changes.first_whole
                then 'during'
            when
                months.month >= changes.first_whole
                and months.month < changes.first_whole + interval 6 month
                and months.month + interval 1 month
                <= coalesce(changes.new_until_on, 'infinity'::date)
                then 'after'
        end as side
    from changes
    inner join months
        on months.month >= changes.first_touched - interval 6 month
    where side is not null
)

select
    changed_on,
    last_day_of_old_on,
    channel,
    line,
    queue,
    clock,
    old_standard_id,
    new_standard_id,
    month,
    side,
    if(clock = 'answer', 'service_level', 'kept_share') as measure,
    if(
        side = 'after',
        max(month) filter (where side = 'before') over (
            partition by old_standard_id
        ),
        null
    ) as compared_with_month
from near
order by changed_on, old_standard_id, month
