"""Record a month's notices: what is new, corrected or taken away, and what must be held."""

import datetime as dt

import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks.ledger import Ledger

TOO_LATE_DAYS = 90
"""A notice first recorded this long after it was due expires: a call would only puzzle them."""

NEW = """
select
    wanted.notice_id, cycle, person_key, channel, clock,
    map {$month::date: breaches} as standing,
    [$month::date] as months,
    received_at, longest_seconds, is_still_waiting, why, promised, due_by,
    if(judged.is_urgent, 1, priority) as priority,
    judged.flags,
    []::varchar[] as released_flags,
    judged.held_because,
    case
        when due_by < $latest::date then 'expired'
        when judged.held_because is not null then 'held'
        else 'due'
    end as state,
    null::varchar as route,
    null::varchar as list_id,
    null::timestamptz as claimed_at,
    null::timestamptz as issued_at,
    0 as attempts,
    null::timestamptz as attempted_at,
    null::timestamptz as explained_at,
    null::varchar as safe_time,
    null::varchar as released_by,
    null::varchar as withdrawn_by,
    judged.held_because as reason
from wanted
inner join judged using (notice_id)
anti join publish.notices using (notice_id)
"""

KNOWN = """
with known as (
    select
        wanted.notice_id,
        notices.* exclude (notice_id),
        wanted as given,
        judged.held_because as held_now,
        coalesce(judged.is_urgent, false) as is_urgent,
        notices.state in ('due', 'held', 'withdrawn') as is_untold,
        is_untold and notices.months = [$month::date] as is_of_this_month,
        map_from_entries(list_sort(list_filter(
            map_entries(notices.standing), lambda each : each.key != $month::date
        ) || [{'key': $month::date, 'value': wanted.breaches}])) as standing_now
    from wanted
    inner join publish.notices as notices using (notice_id)
    left join judged using (notice_id)
),

amended as (
    select
        notice_id,
        state,
        if(
            state = 'withdrawn' and withdrawn_by is null,
            if(held_now is null, 'due', 'held'),
            state
        ) as to_state,
        standing_now as standing,
        list_sort(list_distinct(months || [$month::date])) as months,
        case
            when is_of_this_month then given.received_at
            when is_untold then least(received_at, given.received_at)
            else received_at
        end as received_at,
        case
            when is_of_this_month then given.longest_seconds
            when is_untold then greatest(longest_seconds, given.longest_seconds)
            else longest_seconds
        end as longest_seconds,
        case
            when is_of_this_month then given.is_still_waiting
            when is_untold then is_still_waiting or given.is_still_waiting
            else is_still_waiting
        end as is_still_waiting,
        if(is_untold and given.received_at <= received_at or is_of_this_month, given.why, why)
            as why,
        if(
            is_untold and given.received_at <= received_at or is_of_this_month,
            given.promised,
            promised
        ) as promised,
        case
            when is_of_this_month then given.due_by
            when is_untold then least(due_by, given.due_by)
            else due_by
        end as due_by,
        case
            when not is_untold then priority
            when is_urgent then 1
            when is_of_this_month then given.priority
            when is_still_waiting or given.is_still_waiting then 1
            when list_sum(map_values(standing_now)) > 1 then least(priority, 2)
            else priority
        end as priority,
        {'standing': known.standing, 'months': known.months, 'received_at': known.received_at,
         'longest_seconds': known.longest_seconds, 'is_still_waiting': known.is_still_waiting,
         'why': known.why, 'promised': known.promised, 'due_by': known.due_by,
         'priority': known.priority} as before
    from known
)

select
    * exclude (state, before),
    if(state = to_state, 'the extracts say more of it', 'the breach is back') as reason
from amended
where state != to_state or before is distinct from {
    'standing': standing, 'months': months, 'received_at': received_at,
    'longest_seconds': longest_seconds, 'is_still_waiting': is_still_waiting,
    'why': why, 'promised': promised, 'due_by': due_by, 'priority': priority
}
"""
FACTS = (
    "standing",
    "months",
    "received_at",
    "longest_seconds",
    "is_still_waiting",
    "why",
    "promised",
    "due_by",
    "priority",
)

GONE = """
with gone as (
    select
        *,
        map_from_entries(list_filter(
            map_entries(standing), lambda each : each.key != $month::date
        )) as left_standing
    from publish.notices
    anti join wanted using (notice_id)
    where
        list_contains(map_keys(standing), $month::date)
        -- whoever was erased is not in the extracts any more, and was told all the same
        and not starts_with(person_key, 'erased ')
)

select
    notice_id,
    if(state in ('due', 'held') and cardinality(left_standing) = 0, 'withdrawn', state) as to_state,
    left_standing as standing,
    'a correction took the breach away' as reason
from gone
"""

FLAGGED = """
select
    notice_id,
    if(judged.held_because is not null, 'held', state) as to_state,
    judged.flags,
    coalesce(judged.held_because, notices.held_because) as held_because,
    if(judged.is_urgent, 1, priority) as priority,
    coalesce(judged.held_because, 'its flags changed') as reason
from publish.notices as notices
inner join judged using (notice_id)
where
    state in ('due', 'held')
    and (
        notices.flags is distinct from judged.flags
        or (state = 'due' and judged.held_because is not null)
        or (judged.is_urgent and priority > 1)
    )
"""


def record(
    ledger: Ledger, wanted: pa.Table, judged: pa.Table, month: dt.date, today: dt.date
) -> int:
    """Record a month's notices as one entry of the ledger, and return how many are new.

    A notice known already keeps its state, except that one not yet told of is withdrawn where a
    correction took its breach away (and comes back with it), and held where its flags say so now.
    """
    latest = today - dt.timedelta(days=TOO_LATE_DAYS)
    given = {"month": month, "latest": latest}
    with warehouse.registered(ledger.con, wanted=wanted, judged=judged), ledger.entry():
        ledger.move(KNOWN, given, sets=FACTS)
        ledger.move(GONE, given, sets=("standing",))
        ledger.move(FLAGGED, sets=("flags", "held_because", "priority"))
        return ledger.add(NEW, given)
