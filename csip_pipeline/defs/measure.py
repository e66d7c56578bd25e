"""Measure: one asset for each table of measure.registry, and what must hold of them."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.partitions import MONTHS, month_of
from csip_pipeline.defs.resources import Warehouse
from csip_pipeline.defs.tables import OWNERS, claim, counted, rebuilt, upstream
from csip_pipeline.measure import abandoned_fates, panel_answers, response_times, service_levels
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.monthly_tables import Table, rebuild_history
from csip_pipeline.warehouse import ensure

PSEUDONYMISED = {"personal_data": "pseudonymised"}


def _settings(table: Table) -> dict[str, Any]:
    """What an asset says of its table: what it holds, and the tables that its queries read."""
    holds_somebody = "person_key" in promises.duckdb_columns(table.promise)
    return {
        "name": table.name.partition(".")[2],
        "key_prefix": "measure",
        "group_name": "measure",
        "owners": OWNERS,
        "kinds": {"duckdb", "python" if table.made else "sql"},
        "description": promises.describe(table.promise),
        "deps": upstream(table),
        "tags": PSEUDONYMISED if holds_somebody else {},
    }


def _month_by_month(table: Table) -> dg.AssetsDefinition:
    @dg.asset(partitions_def=MONTHS, **_settings(table))
    def measured(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
        return rebuilt(context, warehouse, table)

    return measured


def _from_every_month(table: Table) -> dg.AssetsDefinition:
    @dg.asset(**_settings(table))
    def measured(warehouse: Warehouse) -> dg.MaterializeResult:
        with warehouse.connected() as con:
            for other in TABLES:  # one that no month has filled yet is empty
                ensure(con, other.name, other.promise)
            return counted(rebuild_history(con, table), table.name)

    return measured


measured_tables = {
    table.name: _from_every_month(table) if table.is_history else _month_by_month(table)
    for table in TABLES
}
every_table = list(measured_tables.values())


@dg.asset_check(asset=measured_tables[response_times.TABLE.name], partitions_def=MONTHS)
def every_contact_is_promised_something(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act above act_above, the highest of the twelve months before: contacts without a standard.

    A contact whose channel had none on the day is in no breach.
    """
    return claim(
        warehouse, "measure/unpromised_contacts", month_of(context), "WARN", looks_back=True
    )


@dg.asset_check(
    asset=measured_tables[service_levels.TABLE.name], blocking=True, partitions_def=MONTHS
)
def levels_are_the_sum_of_their_parts(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act on any number above 0: a channel or line that is not the sum of its queues."""
    return claim(warehouse, "measure/uneven_levels", month_of(context), "ERROR")


@dg.asset_check(
    asset=measured_tables[abandoned_fates.TABLE.name], blocking=True, partitions_def=MONTHS
)
def everybody_who_gave_up_has_one_fate(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act on any number above 0: somebody who gave up is counted twice, not at all, or made up."""
    return claim(warehouse, "measure/astray_fates", month_of(context), "ERROR")


@dg.asset_check(asset=measured_tables[panel_answers.TABLE.name], partitions_def=MONTHS)
def every_score_is_of_a_call_that_is_heard(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act above act_above, the highest of the twelve months before: scores for nothing.

    They are of calls that are not in the sample, or of no item of the sheet.
    """
    return claim(
        warehouse,
        "measure/scores_that_count_for_nothing",
        month_of(context),
        "WARN",
        looks_back=True,
    )
