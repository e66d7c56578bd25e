"""Measure: one asset for each table of measure.registry, and what must hold of them."""

from typing import Any

import dagster as dg

from csip_pipeline import promises
from csip_pipeline.defs.claims import ERROR, Claim, specs
from csip_pipeline.defs.partitions import MONTHS
from csip_pipeline.defs.resources import Warehouse
from csip_pipeline.defs.tables import OWNERS, counted, rebuilt, upstream
from csip_pipeline.measure import abandoned_fates, panel_answers, response_times, service_levels
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.monthly_tables import Table, rebuild_history
from csip_pipeline.warehouse import ensure

PSEUDONYMISED = {"personal_data": "pseudonymised"}
CLAIMS = {
    response_times.TABLE.name: Claim(
        "every_contact_is_promised_something",
        "measure/unpromised_contacts",
        "Act above act_above, the highest of the twelve months before: contacts without a "
        "standard.\n\nA contact whose channel had none on the day is in no breach.",
        looks_back=True,
    ),
    service_levels.TABLE.name: Claim(
        "levels_are_the_sum_of_their_parts",
        "measure/uneven_levels",
        "Act on any number above 0: a channel or line that is not the sum of its queues.",
        ERROR,
        is_blocking=True,
    ),
    abandoned_fates.TABLE.name: Claim(
        "everybody_who_gave_up_has_one_fate",
        "measure/astray_fates",
        "Act on any number above 0: somebody who gave up is counted twice, not at all, or made up.",
        ERROR,
        is_blocking=True,
    ),
    panel_answers.TABLE.name: Claim(
        "every_score_is_of_a_call_that_is_heard",
        "measure/scores_that_count_for_nothing",
        "Act above act_above, the highest of the twelve months before: scores for nothing.\n\n"
        "They are of calls that are not in the sample, or of no item of the sheet.",
        looks_back=True,
    ),
}
"""What must hold of a table, by its name."""


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
    claims = [CLAIMS[table.name]] if table.name in CLAIMS else []

    @dg.asset(partitions_def=MONTHS, check_specs=specs(table.name, claims), **_settings(table))
    def measured(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
        return rebuilt(context, warehouse, table, claims)

    return measured


def _from_every_month(table: Table) -> dg.AssetsDefinition:
    @dg.asset(**_settings(table))
    def measured(warehouse: Warehouse) -> dg.MaterializeResult:
        with warehouse.connected() as con:
            for other in TABLES:  # one that no month has filled yet is empty
                ensure(con, other.name, other.promise)
            return counted(rebuild_history(con, table), table.name)

    return measured


measured_tables = [
    _from_every_month(table) if table.is_history else _month_by_month(table) for table in TABLES
]
