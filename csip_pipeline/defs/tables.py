"""What every asset and check of a monthly table shares."""

import datetime as dt
from typing import Literal

import dagster as dg

from csip_pipeline import warehouse
from csip_pipeline.defs.resources import Warehouse
from csip_pipeline.warehouse import Table

OWNERS = ["team:csip"]


def rebuilt(resource: Warehouse, table: Table, month: dt.date) -> dg.MaterializeResult:
    """Replace a month of a table, and say how many rows it has."""
    with resource.connected() as con:
        return counted(warehouse.rebuild(con, table, month), table.name)


def counted(
    rows: int, table: str, **metadata: dg.MetadataValue | int | str
) -> dg.MaterializeResult:
    """A materialisation with its row count: counts and file names only, never a preview."""
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "dagster/table_name": table, **metadata}
    )


def claim(
    resource: Warehouse, query: str, month: dt.date, severity: Literal["WARN", "ERROR"]
) -> dg.AssetCheckResult:
    """A check that passes when its query file counts nothing (its one column is `broken`)."""
    with resource.connected() as con:
        found = warehouse.fetch(con, warehouse.read_query(query), {"month": month})
    broken = int(found["broken"].iloc[0])
    return dg.AssetCheckResult(
        passed=broken == 0,
        severity=dg.AssetCheckSeverity[severity],
        metadata={"found": broken},
    )
