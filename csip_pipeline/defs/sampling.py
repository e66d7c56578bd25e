"""Publish: the frame and the draw of the panel's call sample, as measure and the pack read them."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.partitions import CYCLES_READ, MONTHS, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, counted
from csip_pipeline.publish.sampling import loading
from csip_pipeline.publish.sampling.tables import CallDraws, CallFrame, CallSample

SAMPLED: dict[str, Any] = {
    "key_prefix": "publish",
    "group_name": "publish",
    "owners": OWNERS,
    "partitions_def": MONTHS,
    "kinds": {"duckdb", "python"},
}
PSEUDONYMISED = {"personal_data": "pseudonymised"}


@dg.asset(
    name="call_frame",
    description=promises.describe(CallFrame),
    deps=[
        dg.AssetDep(["extract", "intake"], partition_mapping=dg.AllPartitionMapping()),
        dg.AssetDep(["harmonise", "contacts"], partition_mapping=dg.AllPartitionMapping()),
        ["reference", "force"],
        ["reference", "panel_cycles"],
    ],
    tags=PSEUDONYMISED,
    **SAMPLED,
)
def call_frame_table(
    context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Load the frame of the cycle that ends in the month, if it is frozen."""
    with warehouse.connected() as con:
        rows = loading.load_frame(con, folder.settings, CYCLES_READ, month_of(context))
    return counted(rows, loading.FRAME)


@dg.asset(
    name="call_sample",
    description=promises.describe(CallSample),
    deps=[call_frame_table],
    tags=PSEUDONYMISED,
    **SAMPLED,
)
def call_sample_table(
    context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Load the draw of the cycle that ends in the month, if it was made."""
    with warehouse.connected() as con:
        rows = loading.load_sample(con, folder.settings, CYCLES_READ, month_of(context))
    return counted(rows, loading.SAMPLE)


@dg.asset(
    name="call_draws",
    description=promises.describe(CallDraws),
    deps=[call_frame_table],
    **SAMPLED,
)
def call_draws_table(
    context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Load what is public of the draw of the cycle that ends in the month."""
    with warehouse.connected() as con:
        rows = loading.load_draws(con, folder.settings, CYCLES_READ, month_of(context))
    return counted(rows, loading.DRAWS)
