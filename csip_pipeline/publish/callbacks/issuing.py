"""Issue callbacks: from breaches to a worklist in the restricted folder, each person once."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csip_pipeline import warehouse
from csip_pipeline.calendars import LONDON
from csip_pipeline.publish.callbacks import ledger as callback_ledger, worklist
from csip_pipeline.publish.callback_list import TABLE
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

CONTACT_KINDS = {"phone": "Telephone", "email": "E-mail", "handle": "Social media"}


@dataclass(frozen=True)
class Issued:
    """What issuing a month came to."""

    notices: int
    new: int
    unreachable: int
    """Due, but the restricted store does not know how to reach them: they wait for a later list."""
    lists: list[str]


def issue_month(con: Connection, settings: Settings, month: dt.date, today: dt.date) -> Issued:
    """Record the month's notices, write a worklist of those due, and keep publish.callback_list.

    Killed at any point and run again: every due person is in exactly one list. Where a correction
    took somebody's contact point away meanwhile, they stay due and the others are not kept waiting.
    """
    query = warehouse.read_query("publish/callback_list")
    wanted = warehouse.fetch(con, query, {"month": month}).assign(month=month)
    settings.make_restricted()
    with callback_ledger.opened(settings.callbacks) as ledger:
        written = [
            _finish(settings, ledger, list_id) for list_id in callback_ledger.unconfirmed(ledger)
        ]
        new = callback_ledger.record(ledger, wanted, today)
        list_id = callback_ledger.next_list_id(
            ledger, month, lambda list_id: _path(settings, list_id).exists()
        )
        if callback_ledger.claim(ledger, list_id):
            written.append(_finish(settings, ledger, list_id))
        states = callback_ledger.states(ledger)
        unreachable = callback_ledger.count_by_state(ledger).get("due", 0)
    kept = wanted.assign(state=wanted["notice_id"].map(states))
    con.register("noticed", kept)
    try:
        notices = warehouse.replace_month(
            con, TABLE.name, TABLE.promise, "select * from noticed", month
        )
    finally:
        con.unregister("noticed")
    lists = [name for name in written if name is not None]
    return Issued(notices=notices, new=new, unreachable=unreachable, lists=lists)


def _finish(settings: Settings, ledger: Connection, list_id: str) -> str | None:
    """Write a claimed list whole, unless it is, and confirm it; return its file's name, if any."""
    path = _path(settings, list_id)
    if not path.exists() and not _write(settings, ledger, list_id, path):
        return None
    path.chmod(0o600)
    callback_ledger.confirm(ledger, list_id)
    return path.name


def _write(settings: Settings, ledger: Connection, list_id: str, path: Path) -> bool:
    """Write those of a list who can be reached; False where nobody can."""
    claimed = callback_ledger.listed(ledger, list_id)
    rows = claimed.merge(_contact_points(settings, claimed["person_key"]), on="person_key")
    lost = sorted(set(claimed["notice_id"]) - set(rows["notice_id"]))
    if lost:
        callback_ledger.release(ledger, list_id, lost)
    if rows.empty:
        return False
    shown = rows.assign(contact_kind=rows["kind"].map(CONTACT_KINDS), explain_by_on=rows["due_by"])
    about = worklist.Worklist(list_id=list_id, made_on=_made_on(rows))
    path.parent.mkdir(mode=0o700, exist_ok=True)
    put(path, worklist.render(shown, about))
    return True


def _path(settings: Settings, list_id: str) -> Path:
    return settings.worklists / f"callbacks_{list_id}.xlsx"


def _contact_points(settings: Settings, person_keys: pd.Series) -> pd.DataFrame:
    """Columns person_key, kind and contact_point of the people in a list."""
    with warehouse.connected(settings.people, read_only=True) as people:
        people.register("wanted", person_keys.to_frame())
        return people.sql(
            "select distinct person_key, kind, contact_point "
            "from harmonise.people semi join wanted using (person_key)"
        ).df()


def _made_on(rows: pd.DataFrame) -> dt.date:
    """The day of the newest thing in the list, so that the same list is always the same file."""
    newest: dt.datetime = rows["received_at"].max().tz_convert(LONDON)
    return newest.date()
