"""Take a month of a feed in: every row received gets exactly one disposition, and is counted.

received = accepted + duplicate + superseded + quarantined + out of scope, for every file.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from csip_pipeline import promised_tables, warehouse
from csip_pipeline.extract import candidates, restricted
from csip_pipeline.extract.accounts import Dispositions
from csip_pipeline.extract.catalogues import Catalogue, Refused, catalogue, months_touched
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

__all__ = [
    "Catalogue",
    "Refused",
    "Taken",
    "catalogue",
    "decide",
    "faults",
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

    Raises RefusedError where a file of the feed could not be read or more than the tolerance is
    quarantined: the month keeps what it had.
    """
    own = catalogued.of(feed.name)
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
    files = [delivery.path.name for delivery in own if month in delivery.months]
    return Taken(files=files, kept=kept, received=received, quarantined=quarantined)


def decide(
    con: warehouse.Connection,
    feed: Feed,
    own: list[Delivery],
    month: dt.date,
    covered: set[dt.date],
) -> None:
    """Make the temporary table `decided`: each candidate row's disposition; and `broken`."""
    candidates.lay_out(con, feed, own, month, covered)
    promised_tables.judge(con, "candidates", feed.delivered, key="row_id")
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
    raise RefusedError(
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
        raise RefusedError(
            f"{feed.name}, {month:%B %Y}: {shared[0]:,} ids are used by more than one of the "
            f"sources {', '.join(shared[1])}, so their rows cannot be told apart. Give each of "
            f'them its own prefix in feeds.toml, such as {feed.identity[-1]} = {{ column = "Id", '
            'prefix = "999-" }}. The month keeps what it had.'
        )
