"""Extract: each feed's month, held to its promise, with an account of every row received."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.claims import ERROR, Claim, specs
from csip_pipeline.defs.partitions import COVERED, MONTHS, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, counted, rebuilt
from csip_pipeline.extract import accounts, completeness, intake, lateness, sources
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.monthly_tables import rebuild
from csip_pipeline.refusals import KeptError
from csip_pipeline.warehouse import ensure

EXTRACT: dict[str, Any] = {
    "key_prefix": "extract",
    "group_name": "extract",
    "partitions_def": MONTHS,
    "owners": OWNERS,
}

OF_INTAKE = [
    Claim(
        "every_row_is_accounted_for",
        "extract/unexplained_rows",
        "Act on any number above 0: a file whose counts do not add up, or rows unexplained.",
        ERROR,
        is_blocking=True,
    ),
    Claim(
        "every_feed_was_taken_in",
        "extract/refused_feeds",
        "Act on any number above 0: a refused feed keeps what it had, and stops no other channel.",
        ERROR,
    ),
]
IN_TIME = Claim(
    "no_feed_is_late_or_missing",
    "extract/late_or_missing",
    "Act on any number above 0: ask the supplier. A missing feed stops no other channel.\n\n"
    "It says of each source how many days late the month is, by London's days. "
    "Asked every morning.",
)
OF_MISSING_HOURS = [
    Claim(
        "no_hours_are_missing",
        "extract/silent_stretches",
        "Act on any number above 0: ask whether the system stood still, or its log was cut short.",
    )
]

COMES_BEFORE = {
    accounts.INTAKE.name: accounts.Intake,
    "extract.refusals": accounts.Refusals,
}
"""What arrivals are read from, and a folder without a run has not got."""


def _feed(feed: Feed) -> dg.AssetsDefinition:
    @dg.asset(
        name=feed.name,
        description=promises.describe(feed.kept),
        deps=[["reference", "feeds"]],
        kinds={"duckdb", "pandera"},
        tags={"personal_data": "pseudonymised"} if feed.personal else {},
        **EXTRACT,
    )
    def taken(
        context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
    ) -> dg.MaterializeResult:
        here = folder.settings
        declared = sources.load(here.reference / "feeds.toml")
        own = [source for source in declared if source.feed.name == feed.name]
        month = month_of(context)
        with warehouse.connected() as con:
            catalogue = intake.catalogue(here, own)
            try:
                took = intake.take_month(con, here, feed, catalogue, month, covered=COVERED)
            except KeptError as refusal:
                kept = intake.keep_month(con, here, feed, month, str(refusal))
                return counted(kept, feed.table, refused=str(refusal))
            rows: dict[str, Any] = accounts.totals(con, month, of=feed.name)
        files = ", ".join(took.files) or "none arrived"
        return counted(took.kept, feed.table, files=files, **rows)

    return taken


feeds = [_feed(feed) for feed in FEEDS.values()]


@dg.asset(
    name="intake",
    description=promises.describe(accounts.Intake),
    deps=[["extract", feed] for feed in FEEDS],
    kinds={"duckdb", "sql"},
    check_specs=specs(accounts.INTAKE.name, OF_INTAKE),
    **EXTRACT,
)
def intake_table(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Bring together what became of every row of every file."""
    month = month_of(context)
    with warehouse.connected() as con:
        rows = rebuild(con, accounts.INTAKE, month)
        account = dg.MetadataValue.md(accounts.as_markdown(con, month))
        ends = accounts.totals(con, month)
        held = [claim.asked(con, month) for claim in OF_INTAKE]
    rows_by_end: dict[str, Any] = {f"rows_{end}": count for end, count in ends.items()}
    return counted(rows, accounts.INTAKE.name, check_results=held, account=account, **rows_by_end)


@dg.asset(
    name="arrivals",
    description=promises.describe(completeness.Arrivals),
    deps=[["extract", "intake"], *(["extract", feed] for feed in FEEDS), ["reference", "feeds"]],
    kinds={"duckdb", "sql"},
    check_specs=specs(completeness.ARRIVALS.name, [IN_TIME]),
    **EXTRACT,
)
def arrivals_table(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Say of every supplier's system whether the month's extract came, and in time."""
    with warehouse.connected() as con:
        for name, promise in COMES_BEFORE.items():  # what is late is asked before any month is run
            ensure(con, name, promise)
    made = rebuilt(context, warehouse, completeness.ARRIVALS)
    with warehouse.connected() as con:
        found = lateness.arrivals(con, month_of(context))
        held = IN_TIME.asked(con, month_of(context), **_overdue(found))
    for feed in sorted({one.feed for one in found}):
        told = _freshness([one for one in found if one.feed == feed])
        key = ["extract", feed]
        context.log_event(dg.AssetObservation(key, partition=context.partition_key, metadata=told))
    told = {**(made.metadata or {}), **_freshness(found)}
    return dg.MaterializeResult(metadata=told, check_results=[held])


def _freshness(found: list[lateness.Arrival]) -> dict[str, Any]:
    """What the UI says of sources' month, as of today: telephony for October is 3 days late."""
    today = lateness.today()
    told = "\n".join(f"* {one.as_text(today)}" for one in found)
    return {
        "freshness": dg.MetadataValue.md(told or "Nothing is due."),
        "days_late": max((one.days_late(today) for one in found), default=0),
    }


def _overdue(found: list[lateness.Arrival]) -> dict[str, Any]:
    """What the check of arrivals adds: which sources are overdue, and each one's days, by today."""
    today = lateness.today()
    overdue = [one for one in found if one.status in ("late", "missing")]
    return {
        "words": "\n".join(one.as_text(today) for one in overdue) or "Every source came in time.",
        "days_late": max((one.days_late(today) for one in found), default=0),
        "days_late_by_source": dg.MetadataValue.json(
            {one.source: one.days_late(today) for one in found}
        ),
    }


@dg.asset(
    name="missing_hours",
    description=promises.describe(completeness.MissingHours),
    deps=[
        ["extract", "intake"],
        *(["extract", feed] for feed in ("social", "telephony", "web_chats", "web_forms")),
    ],
    kinds={"duckdb", "sql"},
    check_specs=specs(completeness.MISSING_HOURS.name, OF_MISSING_HOURS),
    **EXTRACT,
)
def missing_hours_table(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Find the hours in which a system that is usually busy logged nothing."""
    return rebuilt(context, warehouse, completeness.MISSING_HOURS, OF_MISSING_HOURS)
