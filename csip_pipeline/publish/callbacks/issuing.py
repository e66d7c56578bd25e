"""Issue callbacks: from breaches to notices that reach each person once, and what came of them."""

import datetime as dt
from dataclasses import dataclass, replace

from csip_pipeline import warehouse
from csip_pipeline.publish.callback_list import TABLE
from csip_pipeline.publish.callbacks import gate, hearing, recording, routes, telling
from csip_pipeline.publish.callbacks.hearing import Heard
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.publish.callbacks.opening import opened
from csip_pipeline.publish.callbacks.sending import Outbox
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

KEPT = """
select
    $month::date as month,
    notice_id, cycle, person_key, channel, clock,
    coalesce(list_sum(map_values(standing)), 0) as breaches,
    received_at, longest_seconds, is_still_waiting, why, promised, due_by, priority, held_because,
    if(state = 'claimed', 'due', state) as state,
    cardinality(standing) = 0 or state = 'withdrawn' as is_withdrawn,
    issued_at, attempted_at, explained_at,
    $today::date as as_at
from publish.notices where list_contains(months, $month::date)
"""
"""A month of publish.callback_list, as the ledger has it."""

OVERDUE = """
select state, count(*) from publish.notices
where state in ('due', 'claimed', 'held') and due_by < $today::date group by state
"""
TOUCHED = """
select distinct unnest(notices.months) as month
from publish.notices as notices
where notice_id in (select notice_id from publish.transitions where entry > $entry)
"""


@dataclass(frozen=True)
class Issued:
    """What issuing a month came to: counts, and the names of lists."""

    notices: int
    new: int
    unreachable: int
    """Due, but the restricted store does not know how to reach them: they wait for a later list."""
    lists: list[str]
    heard: Heard
    troubles: list[str]
    """What kept a channel from its work. The notices wait; nobody is told twice."""
    overdue: int
    """Due, on a day after the one promised."""
    overdue_held: int
    """Held, on a day after the one promised."""
    months: dict[dt.date, int]
    """The months of publish.callback_list that were kept anew, and their rows."""


def issue_month(con: Connection, settings: Settings, month: dt.date, today: dt.date) -> Issued:
    """Record the month's notices, send out all that are due, and keep publish.callback_list.

    Killed at any point and run again: every due person is issued exactly once.
    """
    routed = routes.load(settings.reference)
    wanted = warehouse.fetch_arrow(
        con, warehouse.read_query("publish/callback_list"), {"month": month}
    )
    with opened(settings) as ledger:
        began = ledger.head.entry
        outbox = Outbox(ledger, routed, settings)
        outbox.recover()
        heard = hearing.hear_the_team(con, ledger)
        hearing.ask_the_channels(ledger, outbox.channel)
        listed = gate.listed(ledger, settings, today)
        judged = gate.judged(con, ledger, listed, gate.asked(ledger, wanted, month), today)
        new = recording.record(ledger, wanted, judged, month, today)
        outbox = replace(outbox, safe_times=judged.select(["notice_id", "safe_time"]))
        unreachable = outbox.send(month)
        untold = telling.tell(ledger, routed.mail, settings)
        kept = _kept(con, ledger, month, began, today)
        overdue = dict(ledger.con.execute(OVERDUE, {"today": today}).fetchall())
    return Issued(
        notices=kept[month],
        new=new,
        unreachable=unreachable,
        lists=outbox.sent.lists,
        heard=heard,
        troubles=[*outbox.sent.troubles, *untold],
        overdue=overdue.get("due", 0) + overdue.get("claimed", 0),
        overdue_held=overdue.get("held", 0),
        months=kept,
    )


def _kept(
    con: Connection, ledger: Ledger, month: dt.date, began: int, today: dt.date
) -> dict[dt.date, int]:
    """Keep the month in publish.callback_list, and every other of which a notice changed."""
    touched = ledger.fetch(TOUCHED, {"entry": began})["month"].dt.date
    kept = {}
    for each in sorted({month, *touched}):
        rows = warehouse.fetch_arrow(ledger.con, KEPT, {"month": each, "today": today})
        with warehouse.registered(con, noticed=rows):
            kept[each] = warehouse.replace_month(
                con, TABLE.name, TABLE.promise, "select * from noticed", each
            )
    return kept
