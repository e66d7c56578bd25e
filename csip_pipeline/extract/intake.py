"""Take a month of a feed in: every row received gets exactly one disposition, and is counted.

received = accepted + duplicate + superseded + quarantined + out of scope, for every file.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from csip_pipeline import promised_tables, promises, warehouse
from csip_pipeline.extract import candidates, expired, restricted
from csip_pipeline.extract.accounts import Dispositions, Refusals
from csip_pipeline.extract.catalogues import (
    Catalogue,
    Refused,
    catalogue,
    hold_back,
    months_touched,
)
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.feeds import Feed, Kept
from csip_pipeline.phones import DEFAULT_RULE
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

DOUBTFUL = """
    create or replace temporary table doubtful as
    with repeated as (
        select hash(source, {named}) as thing from candidates group by thing having count(*) > 1
    )
    select row_id, source, {identity} as identity, month, version_at, file_id, source_row,
        hash({content}) as content
    from candidates
    where row_id in (select row_id from broken)
        or hash(source, {named}) in (select thing from repeated)
        or month not in (select covered_months.month from covered_months)
"""
"""Most rows are the only version of their thing and keep their promise: they are accepted."""
ACCEPTED = """
    create or replace temporary view accepted as
    select candidates.* from candidates left join doubts using (row_id)
    where coalesce(doubts.disposition, 'accepted') = 'accepted'
"""


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
    quarantined: the month keeps what it had. So it does where a file of it was deleted because its
    time was up.
    """
    if (feed.name, month) in catalogued.expired:
        raise expired.refusal(feed.name, month)
    own = catalogued.of(feed.name)
    hold_back(con, catalogued, feed.name, month)
    if not any(month in delivery.bears_on for delivery in own) and not _is_held(con, feed, month):
        warehouse.ensure(con, feed.table, feed.kept)
        restricted.ensure(settings)
        return Taken(files=[], kept=0, received=0, quarantined=0)
    decide(con, feed, own, month, covered)
    received, quarantined = _within(tolerance, con, feed, month)
    _from_one_source(con, feed, month)
    rule = own[0].source.phones if own else DEFAULT_RULE
    restricted.key_contact_points(con, settings, feed, month, rule)
    restricted.keep(con, settings, feed, month)
    promised_tables.hold(con, "candidate_rows", Kept, feed.table, in_part=True)
    kept = warehouse.put_month(con, feed.table, feed.kept, restricted.kept_query(feed), month)
    # Last, so that a month cut short before is taken in again.
    counted = warehouse.read_query("extract/dispositions")
    within = {"feed": feed.name}
    warehouse.replace_month(
        con, "extract.dispositions", Dispositions, counted, month, within=within
    )
    _refused(con, feed, month, None)
    files = [delivery.path.name for delivery in own if month in delivery.months]
    return Taken(files=files, kept=kept, received=received, quarantined=quarantined)


def _is_held(con: warehouse.Connection, feed: Feed, month: dt.date) -> bool:
    """Whether anything of the month was taken in before, which a withdrawn file leaves behind."""
    warehouse.ensure(con, "extract.dispositions", Dispositions)
    if not warehouse.exists(con, feed.table):
        return False
    found = con.execute(
        f"select 1 from {feed.table} where month = $month union all "
        "select 1 from extract.dispositions where feed = $feed and month = $month limit 1",
        {"feed": feed.name, "month": month},
    ).fetchall()
    return bool(found)


def keep_month(
    con: warehouse.Connection, settings: Settings, feed: Feed, month: dt.date, reason: str
) -> int:
    """Leave a month of extract.<feed> as it is, note why, and return how many rows it has.

    Whatever rests on the feed finds the tables that it reads, if need be empty ones.
    """
    restricted.ensure(settings)
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
    """Make `doubts`: what becomes of rows that are not just `accepted`; and `broken`."""
    candidates.lay_out(con, feed, own, month, covered)
    promised_tables.judge(con, "candidate_rows", feed.delivered)
    named = ", ".join(f'"{name}"' for name in feed.identity)
    content = ", ".join(f'"{name}"' for name in promises.duckdb_columns(feed.delivered))
    told = {"named": named, "identity": candidates.identity(feed), "content": content}
    con.execute(DOUBTFUL.format(**told))
    decided = warehouse.read_query("extract/decided")
    con.execute(f"create or replace temporary table doubts as {decided}")
    con.execute(ACCEPTED)


def faults(con: warehouse.Connection, month: dt.date) -> pd.DataFrame:
    """What is wrong with the month's quarantined rows: file, source_row, column_name, promise."""
    query = warehouse.read_query("extract/quarantine")
    told = warehouse.fetch(con, query, {"month": month})
    return told.drop(columns="row").sort_values(["file", "source_row", "column_name"])


def _within(
    tolerance: float, con: warehouse.Connection, feed: Feed, month: dt.date
) -> tuple[int, int]:
    """Received and quarantined rows of the month; refused where the share is beyond tolerance."""
    ends = warehouse.fetch(con, warehouse.read_query("extract/dispositions"), {"month": month})
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
    if len(con.execute("select distinct source from candidates").fetchall()) <= 1:
        return
    shared = con.execute(
        "select count(distinct identity), list(distinct source order by source) from ("
        "  select identity, unnest(sources) as source from ("
        f"    select {candidates.identity(feed)} as identity, list(distinct source) as sources "
        "    from accepted where month = $month group by identity"
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
