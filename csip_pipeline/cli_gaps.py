"""What did not come: extracts late or missing, feeds refused, and hours in which nobody logged."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from csip_pipeline import calendars, warehouse
from csip_pipeline.calendars import LONDON
from csip_pipeline.cli_extracts import Look
from csip_pipeline.extract import lateness
from csip_pipeline.extract.lateness import Arrival
from csip_pipeline.extract.sources import Source
from csip_pipeline.warehouse import Connection

REFUSALS = "select month, feed, reason from extract.refusals order by month, feed"
HOURS = """
select month, feed, line, began_at, ended_at, hours, expected_contacts
from extract.missing_hours order by began_at, feed, line
"""

TOLD = ("month", "feed", "source", "files", "first_extracted_at", "due_on")

Row = dict[str, Any]


def read(con: Connection) -> dict[str, list[Row]]:
    """Rows for a script: refused (a feed) and missing_hours."""
    return {
        "refused": _rows(con, "extract.refusals", REFUSALS),
        "missing_hours": _rows(con, "extract.missing_hours", HOURS),
    }


def overdue(con: Connection | None, look: Look, declared: list[Source]) -> list[Arrival]:
    """Each source that came late or has not come, by month.

    That is of the months that were run, and of the last whole month if anything came before it.
    """
    month = calendars.months_after(calendars.month_of(lateness.today()), -1)
    begun = {each for delivery in look.catalogue for each in delivery.months}
    told: list[Arrival] = []
    recorded: set[str] = set()
    if con is not None and warehouse.exists(con, "extract.arrivals"):
        told = lateness.overdue(con)
        recorded = {one.source for one in lateness.arrivals(con, month)}
        begun |= lateness.months(con)
    if month in look.covered and any(each <= month for each in begun):
        unrecorded = [source for source in declared if source.name not in recorded]
        found = lateness.of_no_run(unrecorded, look.catalogue, month)
        told += [one for one in found if one.status != "on_time"]
    return sorted(told, key=lambda one: (one.month, one.feed, one.source))


def for_a_script(arrivals: list[Arrival]) -> dict[str, list[Row]]:
    """Rows for a script: late and missing_sources."""
    rows: dict[str, list[Row]] = {"late": [], "missing_sources": []}
    for one in arrivals:
        row = {name: _plain(name, getattr(one, name)) for name in TOLD}
        rows["late" if one.status == "late" else "missing_sources"].append(row)
    return rows


def refused(row: Row) -> str:
    """A feed that keeps what it had."""
    return f"Refused in {row['month']}: {row['feed']} keeps what it had. {row['reason']}"


def hours(row: Row) -> str:
    """A stretch of hours in London time."""
    what = row["feed"] if row["line"] is None else f"{row['feed']} ({row['line']})"
    return (
        f"Nothing was logged for {row['hours']} hours in {what}, from {_minute(row['began_at'])} "
        f"to {_minute(row['ended_at'])}: about {row['expected_contacts']:,.0f} contacts are usual."
    )


def _rows(con: Connection, table: str, query: str) -> list[Row]:
    if not warehouse.exists(con, table):
        return []
    found = con.execute(query)
    names = [column[0] for column in found.description or []]
    return [
        {name: _plain(name, value) for name, value in zip(names, row, strict=True)}
        for row in found.fetchall()
    ]


def _plain(name: str, value: object) -> object:
    if name == "month" and isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    return value.isoformat() if isinstance(value, dt.date) else value


def _minute(moment: str) -> str:
    """A moment on London's clocks."""
    return f"{dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(LONDON)):%Y-%m-%d %H:%M}"
