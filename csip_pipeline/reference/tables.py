"""The promise of each reference table, and how it is loaded: as text, then held to it."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from csip_pipeline import warehouse
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.channels import CHANNELS
from csip_pipeline.reference.csv_files import read_csv
from csip_pipeline.reference.events import ChannelCosts, Events
from csip_pipeline.reference.opening_hours import OpeningHours
from csip_pipeline.reference.recommendations import Recommendations
from csip_pipeline.reference.retention import Retention
from csip_pipeline.reference.score_sheet import ScoreSheet
from csip_pipeline.rules import (
    Column,
    Rows,
    before,
    how_many,
    is_first,
    is_first_of_month,
    is_last_of_month,
    is_null,
)

CLOCKS = ["answer", "first_response", "next_response", "resolution", "callback"]
REASON_GROUPS = [
    "police_matter",
    "other_agency",
    "information_online",
    "progress_chasing",
    "misdial",
    "unknown",
]


class ServiceStandards(Promise):
    """One row per service standard and the days it is in force.

    A null line or queue means every line or queue. A null within_seconds means that only the
    supplier's own due time (target_at) decides. A null applies_until_on means still in force. A
    null explain_within_days means that nobody is called back when it is missed. A null calendar
    means that the clock runs day and night; else it runs in the hours of opening_hours.csv only.
    abandoned_after_seconds is how long somebody must have waited for their giving up to be counted
    in the second abandonment figure; null where the line has none.
    """

    standard_id: Text = pa.Field(unique=True)
    channel: Text = pa.Field(isin=CHANNELS)
    line: Text = pa.Field(nullable=True)
    queue: Text = pa.Field(nullable=True)
    clock: Text = pa.Field(isin=CLOCKS)
    within_seconds: Whole = pa.Field(nullable=True, ge=0)
    boundary: Text = pa.Field(isin=["<", "<="])
    target_share: Real = pa.Field(nullable=True, ge=0, le=1)
    short_abandon_seconds: Whole = pa.Field(ge=0)
    explain_within_days: Whole = pa.Field(nullable=True, ge=0)
    calendar: Text = pa.Field(nullable=True)
    abandoned_after_seconds: Whole = pa.Field(nullable=True, ge=0)
    wording: Text
    citation: Text
    applies_from_on: Day
    applies_until_on: Day = pa.Field(nullable=True)

    @rule("a standard must begin before it ends")
    def begins_before_it_ends(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The last day comes after the first."""
        return is_null(table["applies_until_on"]) | (
            table["applies_from_on"] < table["applies_until_on"]
        )

    @rule("two standards for the same channel, line, queue and clock must not overlap in time")
    def no_two_at_once(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Each day has at most one standard of a kind."""
        kind = ("channel", "line", "queue", "clock")
        ended_on = before(table, "applies_until_on", "applies_from_on", within=kind)
        return is_first(table, "applies_from_on", within=kind) | (
            ended_on <= table["applies_from_on"]
        )


class PanelCycles(Promise):
    """One row per panel cycle: the months it looks back on, and the day the panel meets.

    A month that no cycle covers is not run. The panel meets after the cycle's last month, not in
    it.
    """

    cycle: Text = pa.Field(unique=True)
    title: Text
    starts_on: Day
    ends_on: Day
    meeting_on: Day

    @rule("a cycle must start before it ends, and end before the panel meets")
    def in_order(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Start, end and meeting follow each other."""
        return (table["starts_on"] < table["ends_on"]) & (table["ends_on"] < table["meeting_on"])

    @rule("a cycle must be made of whole months: from the first day of one to the last of another")
    def of_whole_months(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A month belongs to a cycle or it does not."""
        return is_first_of_month(table["starts_on"]) & is_last_of_month(table["ends_on"])

    @rule("two cycles must not look back on the same month")
    def no_month_twice(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody is told twice because two cycles hold the same contact."""
        ended_on = before(table, "ends_on", "starts_on")
        is_open = is_null(ended_on) | is_null(table["starts_on"])
        return is_open | (ended_on < table["starts_on"])


class ContactReasons(Promise):
    """One row per reason code (a wrap code or an online service) and what it means.

    service is the online service that does the same as a call with this reason; null where there is
    none, and for an online service itself.
    hold_callback says that a person with this reason must not be called back before a named
    reviewer has looked, because a call could put them at risk. flag names a flag of
    contact_flags.csv that the reason puts on the person; null where it puts none.
    """

    reason: Text = pa.Field(unique=True)
    title: Text
    reason_group: Text = pa.Field(isin=REASON_GROUPS)
    hold_callback: Text = pa.Field(isin=["yes", "no"])
    service: Text = pa.Field(nullable=True)
    flag: Text = pa.Field(nullable=True)


class ContactFlags(Promise):
    """One row per flag that a person may carry, and what it means for calling them back.

    holds: nobody may call before a named reviewer has looked. is_urgent: they come first.
    remembered_days is how long a contact whose reason has the flag keeps it on the person, on
    whatever channel they are in touch next; 0 is for that contact alone. A person with more than
    contacts_a_month contacts in a month has the flag; null where that says nothing.
    """

    flag: Text = pa.Field(unique=True)
    title: Text
    holds: Text = pa.Field(isin=["yes", "no"])
    is_urgent: Text = pa.Field(isin=["yes", "no"])
    remembered_days: Whole = pa.Field(ge=0)
    contacts_a_month: Whole = pa.Field(nullable=True, ge=1)


class Queues(Promise):
    """One row per queue or online service, with the name the panel knows it by.

    What is missing here is still counted, but an online service without a name is left out of the
    pack's table of services.
    """

    queue: Text = pa.Field(unique=True)
    line: Text = pa.Field(nullable=True)
    title: Text


class Force(Promise):
    """One row: the force whose contact this is, its panel, and whom to ask about a pack.

    Counts below hide_below, other than nought, are hidden in public editions; 5 where it is null.
    """

    name: Text
    panel: Text
    office: Text
    contact: Text
    hide_below: Whole = pa.Field(nullable=True, ge=2, le=100)

    @rule("there must be exactly one row")
    def is_one_force(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A pack is about one force."""
        return how_many(table) == 1


class Feeds(Promise):
    """One row per source that feeds.toml expects: what it feeds, how often, in which format.

    due_day is the day of the next month by which a month's files must have been made; 0 means that
    nothing is due.
    """

    source: Text = pa.Field(unique=True)
    feed: Text
    comes: Text = pa.Field(isin=["monthly", "cyclically", "when it happens"])
    format: Text
    files: Text
    due_day: Whole = pa.Field(ge=0, le=28)


TABLES: dict[str, type[Promise]] = {
    "force": Force,
    "service_standards": ServiceStandards,
    "panel_cycles": PanelCycles,
    "contact_reasons": ContactReasons,
    "contact_flags": ContactFlags,
    "queues": Queues,
    "opening_hours": OpeningHours,
    "events": Events,
    "channel_costs": ChannelCosts,
    "recommendations": Recommendations,
    "score_sheet": ScoreSheet,
    "retention": Retention,
}
"""The reference tables that are CSV files of the same name. (Feeds come from feeds.toml.)"""
OPTIONAL = {
    "contact_flags",
    "opening_hours",
    "events",
    "channel_costs",
    "recommendations",
    "score_sheet",
    "retention",
}
"""Those that a force may do without: no file is no rows."""


def load(con: warehouse.Connection, folder: Path, table: str) -> int:
    """Replace reference.<table> with its CSV file, and return the row count.

    Raises RefusedError naming the file and the column where it breaks its promise.
    """
    path, promise = folder / f"{table}.csv", TABLES[table]
    if table in OPTIONAL and not path.exists():
        warehouse.ensure(con, f"reference.{table}", promise)
        con.execute(f"delete from reference.{table}")
        return 0
    return replace(con, table, promise, read_csv(path, promise))


def replace(
    con: warehouse.Connection, table: str, promise: type[Promise], rows: pd.DataFrame
) -> int:
    """Replace reference.<table> with the rows, held to the promise."""
    try:
        con.register("rows_of_reference", rows)
        return warehouse.replace_table(
            con, f"reference.{table}", promise, "select * from rows_of_reference"
        )
    finally:
        con.unregister("rows_of_reference")
