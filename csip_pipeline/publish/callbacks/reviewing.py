"""What people decide about notices: a named reviewer releases one, or somebody withdraws it."""

import datetime as dt

import pandas as pd

from csip_pipeline.publish.callbacks.ledger import PIPELINE, Ledger
from csip_pipeline.publish.callbacks.states import DUE, HELD
from csip_pipeline.refusals import RefusedError

RELEASED = """
select
    notice_id, 'due' as to_state, flags as released_flags, null as held_because,
    $by::varchar as released_by, coalesce($safe_time::varchar, safe_time) as safe_time,
    $reason::varchar as reason
from publish.notices where list_contains($ids::varchar[], notice_id)
"""
WITHDRAWN = """
select
    notice_id, 'withdrawn' as to_state, $by::varchar as withdrawn_by, $reason::varchar as reason
from publish.notices where list_contains($ids::varchar[], notice_id)
"""
STATES = (
    "select notice_id, state from publish.notices where list_contains($ids::varchar[], notice_id)"
)
NOTICE = "from publish.notices where notice_id = $id"
HISTORY = """
select happened_at, coalesce(from_state, 'new') as from_state, to_state, "by", why
from publish.transitions where notice_id = $id order by step
"""
ABOUT = "select person_key, channel, clock, months from publish.notices where notice_id = $id"
WAITING = """
select
    notice_id, array_to_string(list_transform(months, lambda each : strftime(each, '%Y-%m')), ', ')
        as months, channel, clock, priority, due_by, due_by < $today::date as is_late, held_because
from publish.notices where state = $state order by due_by, priority, notice_id
"""


def release(
    ledger: Ledger, ids: list[str], *, by: str, reason: str, safe_time: str | None = None
) -> None:
    """Let held notices go to the next worklist: a person calls, never an automatic message.

    They are held again only for a flag that they did not have. Raises RefusedError, and releases
    none of them, where one is not held.
    """
    _check(by, reason)
    _must_be(ledger, ids, (HELD,), "released")
    sets = ("released_flags", "held_because", "released_by", "safe_time")
    with ledger.entry():
        given = {"ids": ids, "by": by, "reason": reason, "safe_time": safe_time}
        ledger.move(RELEASED, given, by=by, sets=sets)


def withdraw(ledger: Ledger, ids: list[str], *, by: str, reason: str) -> None:
    """Take notices back for good: nobody is told.

    Raises RefusedError, and withdraws none of them, where one is past that.
    """
    _check(by, reason)
    _must_be(ledger, ids, (DUE, HELD), "withdrawn")
    with ledger.entry():
        given = {"ids": ids, "by": by, "reason": reason}
        ledger.move(WITHDRAWN, given, by=by, sets=("withdrawn_by",))


def waiting(ledger: Ledger, state: str, today: dt.date) -> pd.DataFrame:
    """The notices in a state: what each is about, never whom."""
    return ledger.fetch(WAITING, {"state": state, "today": today})


def history(ledger: Ledger, notice_id: str) -> pd.DataFrame:
    """Every change of a notice: happened_at, from_state, to_state, by, why."""
    found = ledger.fetch(HISTORY, {"id": notice_id})
    if found.empty:
        raise RefusedError(_unknown([notice_id]))
    return found


def about(ledger: Ledger, notice_id: str) -> dict[str, object]:
    """What a notice is about: person_key, channel, clock and months. It must be known."""
    (found,) = ledger.fetch(ABOUT, {"id": notice_id}).to_dict("records")
    return {**found, "months": [month.date() for month in found["months"]]}


def _check(by: str, reason: str) -> None:
    if not by.strip() or by.strip().casefold() == PIPELINE or not reason.strip():
        raise RefusedError("Give the name of whoever decides (--by) and why (--reason).")


def _must_be(ledger: Ledger, ids: list[str], states: tuple[str, ...], done: str) -> None:
    found = dict(ledger.fetch(STATES, {"ids": ids}).itertuples(index=False, name=None))
    unknown = sorted(set(ids) - set(found))
    if unknown:
        raise RefusedError(_unknown(unknown))
    for notice_id, state in sorted(found.items()):
        if state not in states:
            wanted = " or ".join(states)
            raise RefusedError(
                f"Notice {notice_id} is {state}, and only one that is {wanted} can be {done}. "
                f"Nothing was changed. Its history: csip callbacks status {notice_id}"
            )


def _unknown(ids: list[str]) -> str:
    return (
        f"The ledger knows no notice {', '.join(ids)}. Nothing was changed. A notice has 16 "
        "letters and digits; csip callbacks status --held lists those that are held."
    )
