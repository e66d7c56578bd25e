"""What did not come: extracts late, missing or refused, and hours in which nobody logged."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from csip_pipeline import warehouse
from csip_pipeline.calendars import LONDON
from csip_pipeline.warehouse import Connection

ARRIVALS = """
select month, feed, source, files, first_extracted_at, due_on, status
from extract.arrivals where status in ('late', 'missing') order by month, feed, source
"""
REFUSALS = "select month, feed, reason from extract.refusals order by month, feed"
HOURS = """
select month, feed, line, began_at, ended_at, hours, expected_contacts
from extract.missing_hours order by began_at, feed, line
"""

Row = dict[str, Any]


def read(con: Connection) -> dict[str, list[Row]]:
    """Rows for a script: late, missing (each a source), refused (a feed), missing_hours."""
    arrivals = _rows(con, "extract.arrivals", ARRIVALS)
    return {
        "late": [row for row in arrivals if row.pop("status") == "late"],
        "missing_sources": [row for row in arrivals if not row["files"]],
        "refused": _rows(con, "extract.refusals", REFUSALS),
        "missing_hours": _rows(con, "extract.missing_hours", HOURS),
    }


def late(row: Row) -> str:
    """A source whose extract came late."""
    made, due = row["first_extracted_at"], row["due_on"]
    return f"Late for {row['month']}: {row['source']}, due by {due}, made at {_minute(made)}."


def missing(row: Row) -> str:
    """A source that sent nothing, of a feed that others feed too."""
    return f"Missing in {row['month']}: {row['source']} ({row['feed']})."


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
