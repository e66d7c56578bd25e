"""What every asset of a monthly table shares."""

from collections.abc import Iterable, Sequence

import dagster as dg

from csip_pipeline.defs import columns
from csip_pipeline.defs.claims import Claim
from csip_pipeline.defs.partitions import month_of
from csip_pipeline.defs.resources import Warehouse
from csip_pipeline.monthly_tables import Table, rebuild_touched

OWNERS = ["team:csip"]
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
    context: dg.AssetExecutionContext,
    resource: Warehouse,
    table: Table,
    claims: Iterable[Claim] = (),
) -> dg.MaterializeResult:
    """Replace the run's month of a table, and others that rest on it; say how many rows it has.

    The claims are asked of the run's month alone.
    """
    month = month_of(context)
    with resource.connected() as con:
        rows = rebuild_touched(con, table, month)
        held = [claim.asked(con, month) for claim in claims]
    for other in rows.keys() - {month}:
        context.log_event(
            dg.AssetMaterialization(
                context.asset_key,
                partition=f"{other:%Y-%m}",
                metadata=_metadata(rows[other], table.name),
            )
        )
    return counted(rows[month], table.name, check_results=held)


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
