"""reference.open_intervals: the moments between which each calendar is open, day by day."""

import datetime as dt

import holidays
import pandas as pd
import pandera.pandas as pa

from csip_pipeline import clocks, warehouse
from csip_pipeline.calendars import LONDON
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Moment, Promise, Real, Text, duckdb_columns, rule
from csip_pipeline.reference.opening_hours import DAYS
from csip_pipeline.refusals import RefusedError
from csip_pipeline.rules import Column, Rows

BANK_HOLIDAY = DAYS[-1]
HOURS = "reference/hours_to_lay_out"
UNKNOWN = "reference/unknown_calendars"


class OpenIntervals(Promise):
    """One row per calendar and interval in which it is open.

    They reach from two years before the first panel cycle to three years after the last.
    open_seconds_before is how long the calendar was open before opens_at, counted from the first
    interval, so that the opening hours between two moments are a difference. next_opens_at is null
    in the last interval only: from its end on, nothing is known.
    """

    calendar: Text
    opens_at: Moment
    closes_at: Moment
    open_seconds: Real = pa.Field(gt=0)
    open_seconds_before: Real = pa.Field(ge=0)
    next_opens_at: Moment = pa.Field(nullable=True)

    @rule("an interval must open before it closes")
    def opens_before_it_closes(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Time is not open backwards."""
        return table["opens_at"] < table["closes_at"]


def made(con: warehouse.Connection, _: dt.date | None) -> pd.DataFrame:
    """Every interval of every calendar.

    Raises RefusedError where a standard names a calendar without opening hours, or a calendar has
    no single time zone.
    """
    unknown = warehouse.fetch(con, warehouse.read_query(UNKNOWN))["calendar"].tolist()
    if unknown:
        raise RefusedError(
            "service_standards.csv names a calendar that reference/opening_hours.csv does not "
            f"have: {', '.join(unknown)}. Give opening_hours.csv a row for each day on which it "
            "is open, or correct the name in service_standards.csv."
        )
    hours = warehouse.fetch(con, warehouse.read_query(HOURS))
    laid_out = [_calendar(str(name), rows) for name, rows in hours.groupby("calendar")]
    if not laid_out:
        return pd.DataFrame({name: [] for name in duckdb_columns(OpenIntervals)})
    return pd.concat(laid_out, ignore_index=True)


def _calendar(name: str, hours: pd.DataFrame) -> pd.DataFrame:
    """The intervals of one calendar in order, with the running total of open seconds."""
    zone = _zone(name, set(hours["zone"].fillna(LONDON)))
    first, last = hours["first_on"].iloc[0], hours["last_on"].iloc[0]
    days = pd.DataFrame({"on": pd.date_range(first, last)})
    days["day"] = days["on"].dt.day_name().str.lower()
    days.loc[days["on"].isin(bank_holidays(first, last)), "day"] = BANK_HOLIDAY
    table = days.merge(hours, on="day").sort_values(["on", "opens"], ignore_index=True)
    for moment, time in (("opens_at", "opens"), ("closes_at", "closes")):
        clock = table["on"] + pd.to_timedelta(table[time] + ":00")
        table[moment] = clocks.reached(clock, zone)
    table = table[table["opens_at"] < table["closes_at"]].reset_index(drop=True)
    table["open_seconds"] = (table["closes_at"] - table["opens_at"]).dt.total_seconds()
    table["open_seconds_before"] = table["open_seconds"].cumsum() - table["open_seconds"]
    table["next_opens_at"] = table["opens_at"].shift(-1)
    return table[list(duckdb_columns(OpenIntervals))]


def bank_holidays(first: dt.date, last: dt.date) -> list[pd.Timestamp]:
    """The bank holidays of England and Wales, substitute days and single occasions included.

    A holiday that falls on a weekend is one beside its substitute day.
    """
    years = range(first.year, last.year + 1)
    return [pd.Timestamp(day) for day in holidays.country_holidays("GB", "ENG", years=years)]


def _zone(calendar: str, zones: set[str]) -> str:
    """The one time zone of a calendar."""
    wrong = sorted(zone for zone in zones if not clocks.is_zone(zone))
    if wrong:
        raise RefusedError(
            f"reference/opening_hours.csv gives the calendar {calendar} the zone {wrong[0]}, which "
            "is not the name of a time zone. Leave it empty for Europe/London."
        )
    if len(zones) > 1:
        raise RefusedError(
            f"reference/opening_hours.csv gives the calendar {calendar} more than one zone "
            f"({', '.join(sorted(zones))}). Write the same in all of its rows."
        )
    return zones.pop()


TABLE = Table("reference.open_intervals", OpenIntervals, (HOURS, UNKNOWN), made, is_history=True)
