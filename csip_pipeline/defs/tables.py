"""What every asset and check of a monthly table shares."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import dagster as dg

from csip_pipeline import calendars, warehouse
from csip_pipeline.defs import columns
from csip_pipeline.defs.partitions import month_of
from csip_pipeline.defs.resources import Warehouse
from csip_pipeline.monthly_tables import Table, rebuild_touched

OWNERS = ["team:csip"]
MONTHS_BEFORE = 12
Told = dg.MetadataValue | dg.TableColumnLineage | int | str
"""What may be said of a materialisation: counts, names of files and of columns."""


def upstream(table: Table) -> list[dg.AssetDep]:
    """The tables that a table's queries read, and which of their months."""
    return [
        dg.AssetDep(
            name.split("."),
            partition_mapping=None if name.startswith("reference.") else _months_of(table),
        )
        for name in sorted(table.reads)
    ]


def _months_of(table: Table) -> dg.PartitionMapping | None:
    if table.is_history:
        return dg.AllPartitionMapping()
    if table.looks_at == (0,):
        return None
    return dg.TimeWindowPartitionMapping(
        start_offset=min(table.looks_at),
        end_offset=max(table.looks_at),
        allow_nonexistent_upstream_partitions=True,
    )


def rebuilt(
    context: dg.AssetExecutionContext, resource: Warehouse, table: Table
) -> dg.MaterializeResult:
    """Replace the run's month of a table, and others that rest on it; say how many rows it has."""
    month = month_of(context)
    with resource.connected() as con:
        rows = rebuild_touched(con, table, month)
    for other in rows.keys() - {month}:
        context.log_event(
            dg.AssetMaterialization(
                context.asset_key,
                partition=f"{other:%Y-%m}",
                metadata=_metadata(rows[other], table.name),
            )
        )
    return counted(rows[month], table.name)


def counted(
    rows: int,
    table: str,
    *,
    check_results: Sequence[dg.AssetCheckResult] = (),
    **metadata: Told,
) -> dg.MaterializeResult:
    """A materialisation with its row count: counts and file names only, never a preview."""
    told = {**_metadata(rows, table), **metadata}
    return dg.MaterializeResult(metadata=told, check_results=check_results)


def _metadata(rows: int, table: str) -> dict[str, Told]:
    told: dict[str, Told] = {"dagster/row_count": rows, "dagster/table_name": table}
    lineage = columns.lineage(table)
    if lineage:
        told["dagster/column_lineage"] = lineage
        told["dagster/column_schema"] = dg.MetadataValue.table_schema(columns.explained(table))
    return told


def claim(
    resource: Warehouse,
    query: str,
    month: dt.date,
    severity: Literal["WARN", "ERROR"],
    *,
    looks_back: bool = False,
    **metadata: Told,
) -> dg.AssetCheckResult:
    """A check that passes when its query file counts nothing (its one column is `broken`).

    One that looks back is of what never is nothing: it passes up to the highest count of the
    twelve months before, so that a warning still means something.
    """
    earlier = range(1, MONTHS_BEFORE + 1) if looks_back else ()
    with resource.connected() as con:
        broken = _broken(con, query, month)
        before = [_broken(con, query, calendars.months_after(month, -back)) for back in earlier]
    act_above = max(before, default=0)
    return dg.AssetCheckResult(
        passed=broken <= act_above,
        severity=dg.AssetCheckSeverity[severity],
        metadata={"found": broken, "act_above": act_above, **metadata},
    )


def _broken(con: warehouse.Connection, query: str, month: dt.date) -> int:
    found = warehouse.fetch(con, warehouse.read_query(query), {"month": month})
    return int(found["broken"].iloc[0])
