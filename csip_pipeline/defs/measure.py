"""Measure: response times, service levels, breaches and the shift between channels."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.partitions import MONTHS, month_of
from csip_pipeline.defs.resources import Warehouse
from csip_pipeline.defs.tables import OWNERS, claim, rebuilt
from csip_pipeline.measure import breaches, channel_shift, response_times, service_levels

MEASURE: dict[str, Any] = {
    "key_prefix": "measure",
    "group_name": "measure",
    "partitions_def": MONTHS,
    "owners": OWNERS,
    "kinds": {"duckdb", "sql"},
}


@dg.asset(
    name="response_times",
    description=promises.describe(response_times.ResponseTimes),
    deps=[["harmonise", "contacts"], ["reference", "service_standards"]],
    **MEASURE,
)
def response_times_table(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Hold every contact to every promise in force for it."""
    return rebuilt(warehouse, response_times.TABLE, month_of(context))


@dg.asset_check(asset=response_times_table, partitions_def=MONTHS)
def every_contact_is_promised_something(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act when it grows: contacts whose channel had no standard on the day are in no breach."""
    return claim(warehouse, "measure/unpromised_contacts", month_of(context), "WARN")


@dg.asset(
    name="service_levels",
    description=promises.describe(service_levels.ServiceLevels),
    deps=[
        ["harmonise", "call_legs"],
        ["harmonise", "contacts"],
        ["reference", "service_standards"],
    ],
    **MEASURE,
)
def service_levels_table(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Count who was answered in time, in every way it is counted."""
    return rebuilt(warehouse, service_levels.TABLE, month_of(context))


@dg.asset_check(asset=service_levels_table, blocking=True, partitions_def=MONTHS)
def levels_are_the_sum_of_their_parts(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act on any number above 0: a channel or line that is not the sum of its queues."""
    return claim(warehouse, "measure/uneven_levels", month_of(context), "ERROR")


@dg.asset(
    name="breaches",
    description=promises.describe(breaches.Breaches),
    deps=[
        ["harmonise", "contacts"],
        ["measure", "response_times"],
        ["reference", "service_standards"],
    ],
    tags={"personal_data": "pseudonymised"},
    **MEASURE,
)
def breaches_table(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """List every missed promise in the words in which it was made."""
    return rebuilt(warehouse, breaches.TABLE, month_of(context))


@dg.asset(
    name="channel_shift",
    description=promises.describe(channel_shift.ChannelShift),
    deps=[["extract", "intake"], ["harmonise", "contacts"], ["reference", "feeds"]],
    **MEASURE,
)
def channel_shift_table(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Divide the month's contact between the channels."""
    return rebuilt(warehouse, channel_shift.TABLE, month_of(context))
