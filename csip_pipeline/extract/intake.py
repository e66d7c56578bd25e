"""Take a month of a feed in: every row received gets exactly one disposition, and is counted.

received = accepted + duplicate + superseded + quarantined + out of scope, for every file.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from csip_pipeline import promises, pseudonyms, warehouse
from csip_pipeline.extract import candidates, deliveries
from csip_pipeline.extract.accounts import ContactPoints, Dispositions, Quarantine
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

TOLERANCE = 0.02
"""The share of a month's rows that may be quarantined before the month is refused."""


@dataclass(frozen=True)
class Taken:
    """What taking in one month of a feed came to: counts and file names only."""

    files: list[str]
    kept: int
    received: int
    quarantined: int


def catalogue(settings: Settings, sources: list[Source]) -> list[Delivery]:
    """Every delivered file, read. Raises one RefusedError that lists each file refused."""
    taken: list[Delivery] = []
    refused: list[str] = []
    for source, path in deliveries.find(settings, sources):
        try:
            taken.append(deliveries.take_in(settings, source, path))
        except RefusedError as refusal:
            refused.append(str(refusal))
    if refused:
        raise RefusedError("\n".join(refused))
    return taken


def take_month(  # noqa: PLR0913 - what, where, which month, and the two limits
    con: warehouse.Connection,
    settings: Settings,
    feed: Feed,
    catalogued: list[Delivery],
    month: dt.date,
    *,
    covered: set[dt.date],
    tolerance: float = TOLERANCE,
) -> Taken:
    """Replace a month of extract.<feed>, its dispositions, contact points and quarantine.

    Raises RefusedError where more than the tolerance is quarantined: the month keeps what it had.
    """
    own = [delivery for delivery in catalogued if delivery.source.feed.name == feed.name]
    decide(con, feed, own, month, covered)
    quarantined, received = _refuse_beyond(con, tolerance, feed, month)
    _key_contact_points(con, settings, feed)
    with warehouse.connected(settings.people) as restricted:
        _keep_restricted(con, restricted, feed, month)
    within = {"feed": feed.name}
    warehouse.replace_month(
        con,
        "extract.dispositions",
        Dispositions,
        warehouse.read_query("extract/dispositions"),
        month,
        within=within,
    )
    kept = warehouse.replace_month(con, feed.table, feed.kept, _kept_query(feed), month)
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
    rows = warehouse.fetch(con, "from candidates order by row_id")
    broken = promises.failures(rows[list(promises.duckdb_columns(feed.delivered))], feed.delivered)
    con.register("broken_frame", broken)
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


def months_touched(con: warehouse.Connection, catalogued: list[Delivery]) -> set[dt.date]:
    """Months holding rows of a file that the warehouse has not seen in them, or has lost.

    A format that chains rows across months (a reply in November to a question in October) also
    touches the month before.
    """
    seen: set[tuple[str, dt.date]] = set()
    if warehouse.exists(con, "extract.dispositions"):
        query = "select distinct sha256 || file, month from extract.dispositions"
        seen = set(con.execute(query).fetchall())
    now = {(d.sha256 + d.path.name, month): d for d in catalogued for month in d.months}
    touched = {month for _, month in seen - set(now)}
    for name, month in set(now) - seen:
        touched.add(month)
        if now[name, month].source.format.chains:
            touched.add((month - dt.timedelta(days=1)).replace(day=1))
    return touched


def _refuse_beyond(
    con: warehouse.Connection, tolerance: float, feed: Feed, month: dt.date
) -> tuple[int, int]:
    """Quarantined and received rows of the month; refused where the share is beyond tolerance."""
    ends = warehouse.fetch(con, warehouse.read_query("extract/dispositions"))
    totals = ends.groupby("disposition")["rows"].sum()
    quarantined, received = int(totals.get("quarantined", 0)), int(totals.get("received", 0))
    if received and quarantined / received > tolerance:
        told = faults(con, month).groupby(["file", "column_name", "promise"]).size()
        worst = "; ".join(
            f"{file}: {column} {promise} ({rows} rows)".replace("  ", " ")
            for (file, column, promise), rows in told.sort_values(ascending=False).head(3).items()
        )
        raise RefusedError(
            f"{feed.name}, {month:%B %Y}: {quarantined:,} of {received:,} rows cannot be used, "
            f"more than the {tolerance:.0%} that is tolerated, so the month keeps what it had. "
            f"Most often: {worst}. Send the supplier the report of: "
            f"csip check FILE --feed {feed.name}"
        )
    return quarantined, received


def _key_contact_points(con: warehouse.Connection, settings: Settings, feed: Feed) -> None:
    """Make keys_<column> for each personal column: as_given, contact_point, person_key."""
    key = settings.pseudonym_key()
    for column, kind in feed.personal.items():
        distinct = con.execute(
            f"select distinct {column} from candidates where {column} is not null "
            f"and {feed.names_a_person} order by 1"
        ).fetchall()
        keyed = pseudonyms.keyed(key, kind, (text for (text,) in distinct))
        con.register("keyed_frame", keyed)
        con.execute(f"create or replace temporary table keys_{column} as from keyed_frame")
        con.unregister("keyed_frame")


def _kept_query(feed: Feed) -> str:
    """The accepted rows of the month, with pseudonyms in place of contact points."""
    joins = " ".join(
        f"left join keys_{column} on candidates.{column} = keys_{column}.as_given"
        + ("" if column == feed.handler else f" and {feed.names_a_person}")
        for column in feed.personal
    )
    person = ", ".join(f"keys_{column}.person_key" for column in feed.contact_points)
    keys = [f"coalesce({person}, null) as person_key"]
    if feed.handler:
        keys.append(f"keys_{feed.handler}.person_key as handler_key")
    columns = [
        f"candidates.{name}"
        for name in promises.duckdb_columns(feed.delivered)
        if name not in feed.personal
    ]
    return f"""
        select {", ".join(columns + keys)}, candidates.extracted_at,
            deliveries.file as source_file, candidates.origin[1].source_row as source_row
        from candidates
        inner join decided using (row_id)
        inner join deliveries on candidates.origin[1].file_id = deliveries.file_id
        {joins}
        where decided.disposition = 'accepted' and candidates.month = $month::date
        order by candidates.{feed.happened}, candidates.identity
    """


def _keep_restricted(
    con: warehouse.Connection, restricted: warehouse.Connection, feed: Feed, month: dt.date
) -> None:
    """Replace the month's contact points and quarantined rows in the restricted store."""
    points = [
        f"select distinct person_key, '{kind}' as kind, contact_point from keys_{column}"
        for column, kind in feed.contact_points.items()
    ]
    found = con.sql(" union ".join(points)).to_arrow_table()
    quarantined = warehouse.read_query("extract/quarantine")
    rows = con.sql(quarantined, params={"month": month}).to_arrow_table()
    for table, promise, content in (
        ("extract.contact_points", ContactPoints, found),
        ("extract.quarantine", Quarantine, rows),
    ):
        restricted.register("restricted_rows", content)
        warehouse.replace_month(
            restricted,
            table,
            promise,
            "select * from restricted_rows",
            month,
            within={"feed": feed.name},
        )
        restricted.unregister("restricted_rows")
