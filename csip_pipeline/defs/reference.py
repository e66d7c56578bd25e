"""Reference tables: what the force says about itself, held to its promises at every run."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, counted, upstream
from csip_pipeline.extract import sources
from csip_pipeline.monthly_tables import rebuild_history
from csip_pipeline.reference import open_intervals as intervals
from csip_pipeline.reference import tables

REFERENCE: dict[str, Any] = {"key_prefix": "reference", "group_name": "reference", "owners": OWNERS}


def _csv_table(table: str) -> dg.AssetsDefinition:
    @dg.asset(
        name=table,
        description=promises.describe(tables.TABLES[table]),
        kinds={"csv", "duckdb"},
        **REFERENCE,
    )
    def loaded(folder: DataFolder, warehouse: Warehouse) -> dg.MaterializeResult:
        with warehouse.connected() as con:
            rows = tables.load(con, folder.settings.reference, table)
        return counted(rows, f"reference.{table}", file=f"reference/{table}.csv")

    return loaded


@dg.asset(
    name="feeds",
    description=promises.describe(tables.Feeds),
    kinds={"toml", "duckdb"},
    **REFERENCE,
)
def feeds(folder: DataFolder, warehouse: Warehouse) -> dg.MaterializeResult:
    """Load what feeds.toml says each supplier sends."""
    expected = sources.load(folder.settings.reference / "feeds.toml")
    with warehouse.connected() as con:
        rows = tables.replace(con, "feeds", tables.Feeds, sources.as_table(expected))
    return counted(rows, "reference.feeds", file="reference/feeds.toml")


@dg.asset(
    name="open_intervals",
    description=promises.describe(intervals.OpenIntervals),
    deps=upstream(intervals.TABLE),
    kinds={"duckdb", "python"},
    **REFERENCE,
)
def open_intervals(warehouse: Warehouse) -> dg.MaterializeResult:
    """Lay out the opening hours of every calendar, day by day."""
    with warehouse.connected() as con:
        return counted(rebuild_history(con, intervals.TABLE), intervals.TABLE.name)


csv_tables = [_csv_table(table) for table in tables.TABLES]
