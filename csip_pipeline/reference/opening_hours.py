"""The promise of opening_hours.csv: when a calendar is open."""

import re

import pandera.pandas as pa

from csip_pipeline.promises import Promise, Text, rule
from csip_pipeline.rules import Column, Rows, before, is_first, matches

DAYS = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "bank_holiday",
]
TIME_OF_DAY = re.compile(r"^(?:[01]\d|2[0-3]):[0-5]\d$")
TIME_OF_DAY_OR_MIDNIGHT = re.compile(r"^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$")


class OpeningHours(Promise):
    """One row per calendar, kind of day and interval in which it is open.

    A day may have several intervals, none of which overlap. Times are on the clock of zone
    (Europe/London where it is empty), written HH:MM; closes may be 24:00. A calendar is closed on a
    bank holiday of England and Wales unless it has rows for the day `bank_holiday`, which then take
    the place of the weekday's.
    """

    calendar: Text
    day: Text = pa.Field(isin=DAYS)
    opens: Text
    closes: Text
    zone: Text = pa.Field(nullable=True)

    @rule("must be a time of day written HH:MM", of="opens")
    def opens_at_a_time(cls, times: Column) -> Column:  # noqa: N805 - Pandera's way
        """Excel writes 8:00 for 08:00, which would sort after 20:00."""
        return matches(times, TIME_OF_DAY)

    @rule("must be a time of day written HH:MM, or 24:00", of="closes")
    def closes_at_a_time(cls, times: Column) -> Column:  # noqa: N805 - Pandera's way
        """A calendar may be open until midnight."""
        return matches(times, TIME_OF_DAY_OR_MIDNIGHT)

    @rule("an interval must open before it closes")
    def opens_before_it_closes(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A night is two intervals: until 24:00, and from 00:00."""
        return table["opens"] < table["closes"]

    @rule("two intervals of a calendar's day must not overlap")
    def no_two_at_once(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No second is counted twice."""
        kind = ("calendar", "day")
        closed = before(table, "closes", "opens", within=kind)
        return is_first(table, "opens", within=kind) | (closed <= table["opens"])
