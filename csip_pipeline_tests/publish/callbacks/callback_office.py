"""A force with breaches and nothing else, and a word for each thing that a callback test does."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd

from csip_pipeline import monthly_tables, warehouse
from csip_pipeline.extract.callback_outcomes import FEED as OUTCOMES
from csip_pipeline.harmonise.contacts import TABLE as CONTACTS
from csip_pipeline.harmonise.people import TABLE as PEOPLE
from csip_pipeline.measure.breaches import TABLE as BREACHES
from csip_pipeline.publish.callback_list import TABLE as CALLBACK_LIST
from csip_pipeline.publish.callbacks import issuing, opening, reviewing
from csip_pipeline.reference import tables
from csip_pipeline.settings import Settings

SEPTEMBER, OCTOBER, NOVEMBER = (dt.date(2026, month, 1) for month in (9, 10, 11))
TODAY = dt.date(2026, 11, 5)
CYCLES = [("2026-Q3", "2026-07-01", "2026-09-30"), ("2026-Q4", "2026-10-01", "2026-12-31")]
REASONS = {"CRIME": "no", "DOMESTIC_ABUSE": "yes"}
USUAL = {
    "contact_id": "telephone:1",
    "clock": "answer",
    "channel": "telephone",
    "line": "101",
    "queue": "enquiries",
    "standard_id": "101-answer",
    "received_at": "2026-10-05 09:00Z",
    "due_at": "2026-10-05 09:10Z",
    "within_seconds": 600,
    "clock_seconds": 900,
    "is_still_waiting": False,
    "wording": "We answer calls to 101 within 10 minutes.",
    "citation": "Charter section 2",
    "explain_by_on": "2026-11-14",
    "reason": "CRIME",
    "person_key": "ann",
}


CONTACT = {
    "contact_id": "telephone:1",
    "channel": "telephone",
    "line": "101",
    "queue": "enquiries",
    "received_at": "2026-10-05 09:00Z",
    "outcome": "answered",
    "reason": "CRIME",
    "person_key": "ann",
}
ATTEMPT = {
    "notice_id": None,
    "attempted_at": "2026-11-10 14:00Z",
    "outcome": "explained",
    "code": None,
    "handler_key": "somebody",
    "source_file": "callbacks_2026-10-1.xlsx",
    "source_row": 2,
    "extracted_at": "2026-11-20 09:00Z",
}


@dataclass(frozen=True)
class Office:
    """A data folder with its warehouse open."""

    settings: Settings
    con: warehouse.Connection

    def missed(self, *given: dict, month: dt.date = OCTOBER) -> None:
        """Replace a month's breaches, and make the people in them reachable."""
        numbered = enumerate(given)
        rows = [{**USUAL, "contact_id": f"telephone:{each}"} | row for each, row in numbered]
        _replace(self.con, BREACHES, pd.DataFrame(rows, columns=list(USUAL), dtype="object"), month)
        self.reachable(*{row["person_key"]: None for row in rows if row["person_key"]}, month=month)

    def reachable(self, *people: str, month: dt.date = OCTOBER) -> None:
        """Replace whom the restricted store knows how to reach."""
        self.reach_by_phone(
            {key: f"+4477009{number:05}" for number, key in enumerate(people)}, month
        )

    def reach_by_phone(self, people: dict[str, str], month: dt.date = OCTOBER) -> None:
        """Replace whom the restricted store knows how to reach, and by which number."""
        points = [(key, "phone", number) for key, number in people.items()]
        rows = pd.DataFrame(points, columns=["person_key", "kind", "contact_point"], dtype="object")
        self.settings.make_restricted()
        with warehouse.connected(self.settings.people) as store:
            _replace(store, PEOPLE, rows, month)

    def issue(self, month: dt.date = OCTOBER, today: dt.date = TODAY) -> issuing.Issued:
        """Run the month's callbacks."""
        return issuing.issue_month(self.con, self.settings, month, today)

    def ledger(self, sql: str) -> list[tuple]:
        """What a query of the ledger finds."""
        with opening.opened(self.settings) as ledger:
            return ledger.con.execute(sql).fetchall()

    def notices(self) -> list[dict]:
        """Every notice of the ledger, by person, channel and clock."""
        with opening.opened(self.settings) as ledger:
            query = "from publish.notices order by cycle, person_key, channel, clock"
            found = ledger.con.sql(query)
            return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]

    def forget(self) -> None:
        """Lose the ledger, and what seals it."""
        for path in self.settings.restricted.glob("callbacks.*"):
            path.unlink()

    def states(self) -> dict[str, str]:
        """The state of each person's only notice."""
        return {notice["person_key"]: notice["state"] for notice in self.notices()}

    def ids(self) -> dict[str, str]:
        """The id of each person's only notice."""
        return {notice["person_key"]: notice["notice_id"] for notice in self.notices()}

    def in_touch(self, *given: dict, month: dt.date = OCTOBER) -> None:
        """Let people be in touch, beside what was missed: for the flags that it puts on them."""
        rows = [
            CONTACT | {"contact_id": f"telephone:{number}"} | row
            for number, row in enumerate(given)
        ]
        _replace(self.con, CONTACTS, pd.DataFrame(rows, dtype="object"), month)

    def reported(self, *given: dict, month: dt.date = NOVEMBER) -> None:
        """Let the contact team say what came of notices."""
        rows = [ATTEMPT | {"source_row": number} | row for number, row in enumerate(given, 2)]
        table = monthly_tables.Table(OUTCOMES.table, OUTCOMES.kept, ())
        _replace(self.con, table, pd.DataFrame(rows, columns=list(ATTEMPT), dtype="object"), month)

    def release(self, *people: str, **given: str) -> None:
        """Let a reviewer release people's notices."""
        decided = {"by": "A. Reviewer", "reason": "Looked into it."} | given
        ids = self.ids()
        with opening.opened(self.settings) as ledger:
            reviewing.release(ledger, [ids[person] for person in people], **decided)

    def withdraw(self, *people: str) -> None:
        """Let somebody withdraw people's notices."""
        ids = self.ids()
        with opening.opened(self.settings) as ledger:
            reviewing.withdraw(
                ledger, [ids[person] for person in people], by="A. Lead", reason="Not owed."
            )

    def listed(self) -> dict[str, list[str]]:
        """The notices in each worklist file, as the contact team sees them."""
        return {path.name: notices_in(path) for path in worklists(self.settings)}

    def marked_withdrawn(self, month: dt.date = OCTOBER) -> list[bool]:
        """Which of the month's notices the table marks as withdrawn, by person."""
        query = f"select is_withdrawn from {CALLBACK_LIST.name} where month = ? order by person_key"
        return [row[0] for row in self.con.execute(query, [month]).fetchall()]

    def column(self, heading: str) -> list[str]:
        """What the worklists say under a heading, row by row."""
        found = []
        for path in worklists(self.settings):
            sheet = openpyxl.load_workbook(path, read_only=True)["Callbacks"]
            header, *rows = sheet.iter_rows(values_only=True)
            found += [row[header.index(heading)] for row in rows]
        return found

    def callback_list(self, month: dt.date = OCTOBER) -> list[tuple]:
        """The month of publish.callback_list, whole."""
        query = f"from {CALLBACK_LIST.name} where month = $month order by notice_id"
        return self.con.execute(query, {"month": month}).fetchall()


def furnish(con: warehouse.Connection) -> None:
    """Give a warehouse two panel cycles and two reasons for contact."""
    cycles = pd.DataFrame(CYCLES, columns=["cycle", "starts_on", "ends_on"]).assign(
        title=lambda rows: rows["cycle"], meeting_on="2027-01-21"
    )
    tables.replace(con, "panel_cycles", tables.PanelCycles, cycles)
    flagged_reasons(con, reasons_with())
    for table in (CONTACTS.name, OUTCOMES.table):
        promise = CONTACTS.promise if table == CONTACTS.name else OUTCOMES.kept
        warehouse.ensure(con, table, promise)
    warehouse.ensure(con, "reference.contact_flags", tables.ContactFlags)


def reasons_with(**flag: str) -> pd.DataFrame:
    """The two reasons for contact, and the flag that each puts on a person."""
    return pd.DataFrame(REASONS.items(), columns=["reason", "hold_callback"]).assign(
        title=lambda rows: rows["reason"],
        reason_group="police_matter",
        service=None,
        flag=lambda rows: rows["reason"].map(flag).astype("object"),
    )


def flagged_reasons(con: warehouse.Connection, reasons: pd.DataFrame) -> None:
    """Say what each reason for contact means."""
    tables.replace(con, "contact_reasons", tables.ContactReasons, reasons)


def flags(con: warehouse.Connection, *given: dict) -> None:
    """Say what each flag means."""
    usual = {"title": "A flag", "holds": "yes", "is_urgent": "no", "remembered_days": 0}
    rows = [{**usual, "contacts_a_month": None} | row for row in given]
    promised = [*tables.ContactFlags.to_schema().columns]
    table = pd.DataFrame(rows, columns=promised, dtype="object").astype("string")
    tables.replace(con, "contact_flags", tables.ContactFlags, table)


def worklists(settings: Settings) -> list[Path]:
    """The finished worklist files."""
    return sorted(settings.worklists.glob("callbacks_*.xlsx"))


def notices_in(path: Path) -> list[str]:
    """The notice ids in a worklist file."""
    rows = openpyxl.load_workbook(path, read_only=True)["Callbacks"].iter_rows(values_only=True)
    return [row[0] for row in rows][1:]


def _replace(
    con: warehouse.Connection, table: monthly_tables.Table, rows: pd.DataFrame, month: dt.date
):
    warehouse.ensure(con, table.name, table.promise)
    con.execute(f"delete from {table.name} where month = $month", {"month": month})
    con.register("sample", rows.astype("string"))
    con.execute(
        f"insert into {table.name} by name select *, $month::date as month from sample",
        {"month": month},
    )
    con.unregister("sample")
