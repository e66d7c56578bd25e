"""Take a month of a feed in: every row received gets exactly one disposition, and is counted.

received = accepted + duplicate + superseded + quarantined + out of scope, for every file.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from csip_pipeline import promises, warehouse
from csip_pipeline.extract import candidates, restricted
from csip_pipeline.extract.accounts import ContactPoints, Dispositions, Quarantine, Refusals
from csip_pipeline.extract.catalogues import (
    Catalogue,
    Refused,
    catalogue,
    hold_back,
    months_touched,
)
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.refusals import KeptError
from csip_pipeline.settings import Settings

__all__ = [
    "Catalogue",
    "Refused",
    "Taken",
    "catalogue",
    "decide",
    "faults",
    "keep_month",
    "months_touched",
    "take_month",
]

TOLERANCE = 0.02
"""The share of a month's rows that may be quarantined before the month is refused."""


@dataclass(frozen=True)
class Taken:
    """What taking in one month of a feed came to: counts and file names only."""

    files: list[str]
    kept: int
    received: int
    quarantined: int


def take_month(  # noqa: PLR0913 - what, where, which month, and the two limits
    con: warehouse.Connection,
    settings: Settings,
    feed: Feed,
    catalogued: Catalogue,
    month: dt.date,
    *,
    covered: set[dt.date],
    tolerance: float = TOLERANCE,
) -> Taken:
    """Replace a month of extract.<feed>, its dispositions, contact points and quarantine.

    Raises KeptError where a file of the feed could not be read or more than the tolerance is
    quarantined: the month keeps what it had.
    """
    own = catalogued.of(feed.name)
    hold_back(con, catalogued, feed.name, month)
    decide(con, feed, own, month, covered)
    received, quarantined = _within(tolerance, con, feed, month)
    _from_one_source(con, feed, month)
    restricted.key_contact_points(con, settings, feed, month)
    restricted.keep(con, settings, feed, month)
    kept = warehouse.replace_month(con, feed.table, feed.kept, restricted.kept_query(feed), month)
    # Last, so that a month cut short before is taken in again.
    counted = warehouse.read_query("extract/dispositions")
    within = {"feed": feed.name}
    warehouse.replace_month(
        con, "extract.dispositions", Dispositions, counted, month, within=within
    )
    _refused(con, feed, month, None)
    files = [delivery.path.name for delivery in own if month in delivery.months]
    return Taken(files=files, kept=kept, received=received, quarantined=quarantined)


def keep_month(
    con: warehouse.Connection, settings: Settings, feed: Feed, month: dt.date, reason: str
) -> int:
    """Leave a month of extract.<feed> as it is, note why, and return how many rows it has.

    Whatever rests on the feed finds the tables that it reads, if need be empty ones.
    """
    settings.make_restricted()
    with warehouse.connected(settings.people) as store:
        warehouse.ensure(store, "extract.contact_points", ContactPoints)
        warehouse.ensure(store, "extract.quarantine", Quarantine)
    warehouse.ensure(con, feed.table, feed.kept)
    warehouse.ensure(con, "extract.dispositions", Dispositions)
    _refused(con, feed, month, reason)
    kept = f"select count(*) from {feed.table} where month = $month"
    return int(con.execute(kept, {"month": month}).fetchall()[0][0])


def decide(
    con: warehouse.Connection,
    feed: Feed,
    own: list[Delivery],
    month: dt.date,
    covered: set[dt.date],
) -> None:
    """Make the temporary table `decided`: each candidate row's disposition; and `broken`."""
    candidates.lay_out(con, feed, own, month, covered)
    promised = ", ".join(promises.duckdb_columns(feed.delivered))
    rows = warehouse.fetch(con, f"select {promised} from candidates order by row_id")
    con.register("broken_frame", promises.failures(rows, feed.delivered))
    con.execute(
        "create or replace temporary table broken as "
        'select position::bigint as row_id, "column"::varchar as "column", '
        "promise::varchar as promise from broken_frame"
    )
    con.unregister("broken_frame")
    con.execute(
        f"create or replace temporary table decided as {warehouse.read_query('extract/decided')}"
    )


def faults(con: warehouse.Connection, month: dt.date) -> pd.DataFrame:
    """What is wrong with the month's quarantined rows: file, source_row, column_name, promise."""
    query = warehouse.read_query("extract/quarantine")
    told = warehouse.fetch(con, query, {"month": month})
    return told.drop(columns="row").sort_values(["file", "source_row", "column_name"])


def _within(
    tolerance: float, con: warehouse.Connection, feed: Feed, month: dt.date
) -> tuple[int, int]:
    """Received and quarantined rows of the month; refused where the share is beyond tolerance."""
    ends = warehouse.fetch(con, warehouse.read_query("extract/dispositions"))
    totals = ends.groupby("disposition")["rows"].sum()
    received, quarantined = int(totals.get("received", 0)), int(totals.get("quarantined", 0))
    if quarantined <= tolerance * received:
        return received, quarantined
    told = faults(con, month).groupby(["file", "column_name", "promise"])["source_row"]
    worst = "; ".join(
        f"{file}: {column} {promise} ({len(rows):,} rows, the first is {rows.min():,})".replace(
            "  ", " "
        )
        for (file, column, promise), rows in sorted(told, key=lambda one: -len(one[1]))[:3]
    )
    raise KeptError(
        f"{feed.name}, {month:%B %Y}: {quarantined:,} of {received:,} rows cannot be used, more "
        f"than the {tolerance:.0%} that is tolerated, so the month keeps what it had. Most often: "
        f"{worst}. Send the supplier the report of: csip check FILE --feed {feed.name}"
    )


def _from_one_source(con: warehouse.Connection, feed: Feed, month: dt.date) -> None:
    """Refuse ids that two sources use: downstream they would be taken for the same thing."""
    shared = con.execute(
        "select count(distinct identity), list(distinct source order by source) from ("
        "  select identity, unnest(sources) as source from ("
        "    select identity, list(distinct source) as sources from candidates "
        "    inner join decided using (row_id) "
        "    where disposition = 'accepted' and month = $month group by identity"
        "  ) where len(sources) > 1)",
        {"month": month},
    ).fetchall()[0]
    if shared[0]:
        raise KeptError(
            f"{feed.name}, {month:%B %Y}: {shared[0]:,} ids are used by more than one of the "
            f"sources {', '.join(shared[1])}, so their rows cannot be told apart. Give each of "
            f'them its own prefix in feeds.toml, such as {feed.identity[-1]} = {{ column = "Id", '
            'prefix = "999-" }}. The month keeps what it had.'
        )


def _refused(con: warehouse.Connection, feed: Feed, month: dt.date, reason: str | None) -> None:
    """Note why a month of a feed was refused, or that it no longer is."""
    note = "select $reason::varchar as reason where $reason is not null"
    warehouse.replace_month(
        con,
        "extract.refusals",
        Refusals,
        note,
        month,
        within={"feed": feed.name},
        parameters={"reason": reason},
    )
