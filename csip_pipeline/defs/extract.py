"""Extract: each feed's month, held to its promise, with an account of every row received."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.partitions import CYCLES_READ, MONTHS, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, claim, counted, rebuilt
from csip_pipeline.extract import accounts, intake, sources
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.registry import FEEDS

EXTRACT: dict[str, Any] = {
    "key_prefix": "extract",
    "group_name": "extract",
    "partitions_def": MONTHS,
    "owners": OWNERS,
}
COVERED = {month for cycle in CYCLES_READ for month in cycle.months}


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
        with warehouse.connected() as con:
            catalogue = intake.catalogue(here, own)
            took = intake.take_month(con, here, feed, catalogue, month_of(context), covered=COVERED)
        return counted(
            took.kept,
            feed.table,
            received=took.received,
            quarantined=took.quarantined,
            files=", ".join(took.files) or "none arrived",
        )

    return taken


feeds = [_feed(feed) for feed in FEEDS.values()]


@dg.asset(
    name="intake",
    description=promises.describe(accounts.Intake),
    deps=[["extract", feed] for feed in FEEDS],
    kinds={"duckdb", "sql"},
    **EXTRACT,
)
def intake_table(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Bring together what became of every row of every file."""
    return rebuilt(warehouse, accounts.INTAKE, month_of(context))


@dg.asset_check(asset=intake_table, blocking=True, partitions_def=MONTHS)
def every_row_is_accounted_for(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act on any number above 0: a file whose counts do not add up, or rows unexplained."""
    return claim(warehouse, "extract/unexplained_rows", month_of(context), "ERROR")


@dg.asset_check(asset=intake_table, partitions_def=MONTHS)
def every_expected_feed_came(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act on any number above 0: ask the supplier. A missing feed stops no other channel."""
    return claim(warehouse, "extract/missing_feeds", month_of(context), "WARN")
