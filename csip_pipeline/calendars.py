"""Panel cycles, London months, and the two clock changes: every question about dates."""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from csip_pipeline.refusals import RefusedError

LONDON = "Europe/London"
DISORDER = pd.Timedelta(minutes=5)
"""How far rows "in time order" may stand out of it without meaning that the clocks went back."""


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


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of every month from first's to last's, both included."""
    months = [month_of(first)]
    while months[-1] < month_of(last):
        months.append(next_month(months[-1]))
    return months if first <= last else []


def parse_month(text: str) -> dt.date:
    """A month written 2026-10 as its first day. Raises ValueError where it is not one."""
    return dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()


def london_month(moments: pd.Series) -> pd.Series:
    """The London month each UTC moment falls in: 30 April 23:30 UTC is in May."""
    local = moments.dt.tz_convert(LONDON).dt.tz_localize(None)
    return local.dt.to_period("M").dt.to_timestamp().dt.as_unit("us")


@dataclass(frozen=True)
class Localised:
    """Clock times made into moments, and what the two clock changes did to them."""

    moments: pd.Series
    repeated_hour: int
    """Times inside the hour that happens twice: told apart by order, else the first pass."""
    missing_hour: int
    """Times inside the hour that never happens: moved forward by it."""


def localise(
    clock: pd.Series, zone: str, *, in_order: bool = False, not_before: pd.Series | None = None
) -> Localised:
    """Naive clock times in a zone as UTC moments; the only place where this is decided.

    The repeated hour in autumn is the first pass (summer time) unless something says otherwise:
    `in_order` says that rows stand in time order, so that from the row where the clock jumps back
    it is the second pass; `not_before` gives moments that each time cannot come before.
    """
    naive = clock.astype("datetime64[us]")
    first_pass = pd.Series(True, index=naive.index)
    first = _as_utc(naive, zone, first_pass)
    second = _as_utc(naive, zone, ~first_pass)
    repeated = (first != second) & naive.notna()
    use_second = pd.Series(False, index=naive.index)
    if in_order:
        use_second |= repeated & _after_the_clock_went_back(naive, repeated)
    if not_before is not None:
        use_second |= repeated & (first < not_before)
    moments = first.where(~use_second, second)
    round_trip = moments.dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None)
    missing = (round_trip != naive) & naive.notna()
    return Localised(moments, int(repeated.sum()), int(missing.sum()))


def _as_utc(naive: pd.Series, zone: str, is_first_pass: pd.Series) -> pd.Series:
    local = naive.dt.tz_localize(
        ZoneInfo(zone), ambiguous=is_first_pass.to_numpy(), nonexistent=pd.Timedelta(hours=1)
    )
    return local.dt.tz_convert("UTC").astype("datetime64[us, UTC]")


def _after_the_clock_went_back(naive: pd.Series, repeated: pd.Series) -> pd.Series:
    """True from the first row, within each day's repeated hour, whose clock jumps back."""
    inside = naive[repeated]
    latest = inside.groupby(inside.dt.date).cummax()
    jumped = (latest - inside) > DISORDER
    return jumped.groupby(inside.dt.date).cummax().reindex(naive.index, fill_value=False)
