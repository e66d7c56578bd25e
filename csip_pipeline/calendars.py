"""Panel cycles and their months: every question about dates. clocks has those about the clock."""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.refusals import RefusedError

LONDON = "Europe/London"


@dataclass(frozen=True)
class Cycle:
    """One round of the panel: the months it looks back on, and the day it meets."""

    cycle: str
    title: str
    starts_on: dt.date
    ends_on: dt.date
    meeting_on: dt.date

    @property
    def months(self) -> list[dt.date]:
        """The first day of each month the cycle covers."""
        return months_between(self.starts_on, self.ends_on)


def read_cycles(path: Path) -> list[Cycle]:
    """The panel's cycles, earliest first, from reference/panel_cycles.csv."""
    if not path.exists():
        raise RefusedError(
            f"{path.name} is missing from the reference folder. It says which months each panel "
            "cycle covers; copy the demo force's file and change it (data/README.md explains it)."
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        cycles = [
            Cycle(
                row["cycle"],
                row["title"],
                *(
                    dt.date.fromisoformat(row[day])
                    for day in ("starts_on", "ends_on", "meeting_on")
                ),
            )
            for row in rows
        ]
    except (KeyError, TypeError, ValueError):
        raise RefusedError(
            f"{path.name} cannot be read: it needs the columns cycle, title, starts_on, ends_on "
            "and meeting_on, with dates written YYYY-MM-DD."
        ) from None
    if not cycles:
        raise RefusedError(f"{path.name} has no rows, so no month belongs to a panel cycle.")
    return sorted(cycles, key=lambda cycle: cycle.starts_on)


def month_of(day: dt.date) -> dt.date:
    """The first day of the day's month."""
    return day.replace(day=1)


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return month_of(month + dt.timedelta(days=31))


def months_after(month: dt.date, count: int) -> dt.date:
    """The first day of the month so many months after (before, where count is negative)."""
    years, position = divmod(month.month - 1 + count, 12)
    return dt.date(month.year + years, position + 1, 1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of every month from first's to last's, both included."""
    months = [month_of(first)]
    while months[-1] < month_of(last):
        months.append(next_month(months[-1]))
    return months if first <= last else []


def parse_month(text: str) -> dt.date:
    """A month written 2026-10 as its first day. Raises ValueError where it is not one."""
    return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()
