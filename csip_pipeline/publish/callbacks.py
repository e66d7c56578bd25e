"""Issue callbacks: from breaches to a worklist in the restricted folder, each person once."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from csip_pipeline import warehouse
from csip_pipeline.calendars import LONDON
from csip_pipeline.publish import callback_ledger, worklist
from csip_pipeline.publish.callback_list import TABLE
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

CONTACT_KINDS = {"phone": "Telephone", "email": "E-mail", "handle": "Social media"}


@dataclass(frozen=True)
class Issued:
    """What issuing a month came to."""

    notices: int
    new: int
    lists: list[str]


def issue_month(con: Connection, settings: Settings, month: dt.date, today: dt.date) -> Issued:
    """Record the month's notices, write a worklist of those due, and keep publish.callback_list.

    Killed at any point and run again: every due person is in exactly one list.
    """
    query = warehouse.read_query("publish/callback_list")
    wanted = warehouse.fetch(con, query, {"month": month}).assign(month=month)
    settings.make_restricted()
    with callback_ledger.opened(settings.callbacks) as ledger:
        lists = [
            _finish(settings, ledger, list_id) for list_id in callback_ledger.unconfirmed(ledger)
        ]
        new = callback_ledger.record(ledger, wanted, today)
        list_id = callback_ledger.next_list_id(ledger, month)
        if callback_ledger.claim(ledger, list_id):
            lists.append(_finish(settings, ledger, list_id))
        states = callback_ledger.states(ledger)
    kept = wanted.assign(state=wanted["notice_id"].map(states))
    con.register("noticed", kept)
    try:
        notices = warehouse.replace_month(
            con, TABLE.name, TABLE.promise, "select * from noticed", month
        )
    finally:
        con.unregister("noticed")
    return Issued(notices=notices, new=new, lists=lists)


def _finish(settings: Settings, ledger: Connection, list_id: str) -> str:
    """Write a claimed list whole, then confirm it; return the name of its file."""
    rows = callback_ledger.listed(ledger, list_id)
    with_points = rows.merge(_contact_points(settings, rows["person_key"]), on="person_key")
    if len(with_points) != len(rows):
        raise RefusedError(
            f"Worklist {list_id} was not written: the restricted store does not know the contact "
            f"point of {len(rows) - len(with_points)} people in it. Run the month again, or "
            "restore restricted/people.duckdb; the list is finished then."
        )
    shown = with_points.assign(
        contact_kind=with_points["kind"].map(CONTACT_KINDS), explain_by_on=with_points["due_by"]
    )
    about = worklist.Worklist(list_id=list_id, made_on=_made_on(rows))
    settings.worklists.mkdir(mode=0o700, exist_ok=True)
    path = settings.worklists / f"callbacks_{list_id}.xlsx"
    put(path, worklist.render(shown, about))
    path.chmod(0o600)
    callback_ledger.confirm(ledger, list_id)
    return path.name


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
