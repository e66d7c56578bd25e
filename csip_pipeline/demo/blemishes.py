"""What is wrong with the extracts, as data: broken rows, and files that came twice, late or never.

A pipeline that takes them in must count exactly these (and the calls that the outage cut short).
"""

import datetime as dt
from dataclasses import dataclass

ROWS_FOR_EACH = 60  # a file with fewer rows than this for each broken one is left whole
EVERY = 20  # rows, of which a file that left answers out lacks one


@dataclass(frozen=True)
class BrokenRow:
    """One row of a month's file, broken in one way."""

    extract: str
    month: dt.date
    kind: str


@dataclass(frozen=True)
class Correction:
    """A month's file that left answers out, and the day on which the whole one was delivered."""

    extract: str
    month: dt.date
    column: int
    """Empty in one row of EVERY in the first delivery."""
    made: dt.date


BROKEN_ROWS = tuple(
    BrokenRow(extract, dt.date.fromisoformat(f"{month}-01"), kind)
    for month, extract, kind in (
        ("2025-03", "queue_log", "cut_off"),
        ("2025-03", "queue_log", "cut_off"),
        ("2025-11", "999", "impossible_date"),
        ("2026-07", "queue_log", "cut_off"),
        ("2026-07", "999", "damaged_number"),
        ("2026-07", "999", "extra_delimiter"),
        ("2026-07", "forms", "resolved_before_submission"),
        ("2026-09", "999", "impossible_date"),
        ("2026-09", "999", "damaged_number"),
        ("2026-09", "forms", "extra_delimiter"),
        ("2026-09", "ticket_chat_event", "no_chat_id"),
        ("2026-09", "twcs", "impossible_date"),
    )
)
DELIVERED_TWICE = frozenset({("queue_log", dt.date(2025, 12, 1))})
NOT_SENT = frozenset({("twcs", dt.date(2025, 8, 1))})
CORRECTIONS = (Correction("forms", dt.date(2026, 5, 1), 4, dt.date(2026, 7, 3)),)


def broken_rows(extract: str, month: dt.date, rows: int) -> list[BrokenRow]:
    """The broken rows of a month's file that has so many rows."""
    planned = [row for row in BROKEN_ROWS if (row.extract, row.month) == (extract, month)]
    return planned if rows >= ROWS_FOR_EACH * len(planned) else []


def correction(extract: str, month: dt.date) -> Correction | None:
    """The correction of a month's file, if there is one."""
    found = (it for it in CORRECTIONS if (it.extract, it.month) == (extract, month))
    return next(found, None)
