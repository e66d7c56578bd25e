"""Clock times into moments: the only place where a zone and its two clock changes are decided.

The repeated hour in autumn is its first pass (summer time) unless it is known to be the second; a
time in the hour that never happens in spring is moved forward by it. `moment` says so for one
time; `lay_out` gives DuckDB the same decision as a table, a row for each day, so that a query
never asks DuckDB's own timezone() about a clock time (which takes the second pass, unasked).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa

from csip_pipeline import warehouse

FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
"""No contact is outside these days: what says otherwise was misread."""
DAY = dt.timedelta(days=1)
COLUMNS = pa.schema(
    [
        ("clock_date", pa.date32()),
        ("offset_before", pa.duration("us")),
        ("offset_after", pa.duration("us")),
        ("repeated_from", pa.timestamp("us")),
        ("missing_from", pa.timestamp("us")),
        ("changed_by", pa.timestamp("us")),
    ]
)
NEVER = "false"
DISORDER = dt.timedelta(minutes=5)
"""How far rows "in time order" may stand out of it without meaning that the clocks went back."""


def moment(clock: dt.datetime, zone: str, *, second_pass: bool = False) -> dt.datetime:
    """The UTC moment of a clock time without offset."""
    # Within a gap, fold 0 counts on from before it: moved forward by the hour that is missing.
    fold = int(second_pass and is_repeated(clock, zone))
    return clock.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC)


def is_repeated(clock: dt.datetime, zone: str) -> bool:
    """Whether the clock shows this time twice, because it goes back."""
    first, second = (clock.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def reached(clock: pd.Series, zone: str) -> pd.Series:
    """The UTC moments at which a clock comes to show these times, or goes past them.

    A time in the missing hour is passed as the clocks go forward, so that what opens within it is
    open for the rest of it and nothing overlaps; one in the repeated hour is its first pass.
    """
    first_pass = np.ones(len(clock), dtype=bool)
    local = clock.dt.tz_localize(zone, ambiguous=first_pass, nonexistent="shift_forward")
    return local.dt.tz_convert("UTC").astype("datetime64[us, UTC]")


def is_zone(name: str) -> bool:
    """Whether a time zone is called so."""
    return name in available_timezones()


@dataclass(frozen=True)
class ClockDay:
    """One day of a zone: its offset from UTC, and what changes in the course of it."""

    clock_date: dt.date
    offset_before: dt.timedelta
    offset_after: dt.timedelta
    repeated_from: dt.datetime | None = None
    """From when the clock shows times for the first of two times."""
    missing_from: dt.datetime | None = None
    """From when the clock shows times that never happen."""
    changed_by: dt.datetime | None = None
    """From when on every clock time is surely after the change."""


def lay_out(con: warehouse.Connection, table: str, zone: str) -> None:
    """Make a temporary table with the zone's days: clock_date, the offsets and their change."""
    con.register("clock_days_given", _days(zone))
    con.execute(f"create or replace temporary table {table} as from clock_days_given")
    con.unregister("clock_days_given")


def utc(clock: str, day: str, second_pass: str = NEVER) -> str:
    """SQL: the UTC moment (TIMESTAMP) of a clock time, joined to its day of `lay_out`."""
    return (
        f"{clock} - case when {clock} >= {day}.changed_by then {day}.offset_after "
        f"when {clock} >= {day}.repeated_from and {second_pass} then {day}.offset_after "
        f"else {day}.offset_before end"
    )


def repeated(clock: str, day: str) -> str:
    """SQL: whether the clock shows this time twice."""
    return f"coalesce({clock} >= {day}.repeated_from and {clock} < {day}.changed_by, false)"


def missing(clock: str, day: str) -> str:
    """SQL: whether the clock never shows this time."""
    return f"coalesce({clock} >= {day}.missing_from and {clock} < {day}.changed_by, false)"


@cache
def _days(zone: str) -> pa.Table:
    days = list(_clock_days(ZoneInfo(zone)))
    return pa.Table.from_pydict(
        {name: [getattr(day, name) for day in days] for name in COLUMNS.names}, COLUMNS
    )


def _clock_days(zone: ZoneInfo) -> Iterator[ClockDay]:
    midnight = dt.datetime.combine(FIRST_DAY, dt.time())
    before = _offset(midnight, zone)
    while midnight.date() < LAST_DAY:
        after = _offset(midnight + DAY, zone)
        if before == after:
            yield ClockDay(midnight.date(), before, after)
        else:
            yield _changing(midnight, before, after, zone)
        midnight, before = midnight + DAY, after


def _changing(
    midnight: dt.datetime, before: dt.timedelta, after: dt.timedelta, zone: ZoneInfo
) -> ClockDay:
    """The day whose clock changes: found to the second, in UTC."""
    low, high = midnight - before, midnight + DAY - after
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) // 2
        is_after = middle.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset() == after
        low, high = (low, middle) if is_after else (middle, high)
    change = high.replace(microsecond=0)
    old_clock, new_clock = change + before, change + after
    if after < before:
        return ClockDay(
            midnight.date(), before, after, repeated_from=new_clock, changed_by=old_clock
        )
    return ClockDay(midnight.date(), before, after, missing_from=old_clock, changed_by=new_clock)


def _offset(clock: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return clock.replace(tzinfo=zone).utcoffset() or dt.timedelta()
