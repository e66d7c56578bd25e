"""Publish: the callback list for the contact team, and the panel's pack."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from csip_pipeline import calendars, promises
from csip_pipeline.defs.partitions import CYCLES, MONTHS, cycle_of, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, claim, counted
from csip_pipeline.publish import callback_list, editions, panel_pack
from csip_pipeline.publish.callbacks import issuing

PUBLISH: dict[str, Any] = {"key_prefix": "publish", "group_name": "publish", "owners": OWNERS}


class Issuing(dg.Config):
    """The day on which callbacks are issued: today, unless a run says otherwise (YYYY-MM-DD)."""

    today: str | None = None

    @property
    def day(self) -> dt.date:
        """The day as a date."""
        now = dt.datetime.now(tz=ZoneInfo(calendars.LONDON))
        return dt.date.fromisoformat(self.today) if self.today else now.date()


@dg.asset(
    name="callback_list",
    description=promises.describe(callback_list.CallbackList),
    deps=[
        ["harmonise", "people"],
        ["measure", "breaches"],
        ["reference", "contact_reasons"],
        ["reference", "panel_cycles"],
    ],
    partitions_def=MONTHS,
    kinds={"duckdb", "excel"},
    tags={"personal_data": "restricted"},
    **PUBLISH,
)
def callback_list_table(
    context: dg.AssetExecutionContext, config: Issuing, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Issue each person owed an explanation once, in a worklist in the restricted folder."""
    with warehouse.connected() as con:
        issued = issuing.issue_month(con, folder.settings, month_of(context), config.day)
    return counted(
        issued.notices,
        callback_list.TABLE.name,
        new_notices=issued.new,
        without_contact_point=issued.unreachable,
        worklists=", ".join(issued.lists) or "none",
    )


@dg.asset_check(asset=callback_list_table, partitions_def=MONTHS)
def every_breach_has_somebody_to_tell(
    context: dg.AssetCheckExecutionContext, warehouse: Warehouse
) -> dg.AssetCheckResult:
    """Act when it grows: breaches that nobody can be told of, because the caller is not known."""
    return claim(warehouse, "publish/untold_breaches", month_of(context), "WARN")


def _drawn_on(table: str) -> dg.AssetDep:
    """A table that packs rest on: its every month, because their charts look back."""
    key = table.split(".")
    is_monthly = key[0] != "reference"
    return dg.AssetDep(key, partition_mapping=dg.AllPartitionMapping() if is_monthly else None)


@dg.asset(
    name="panel_pack",
    deps=[_drawn_on(table) for table in panel_pack.READS],
    partitions_def=CYCLES,
    kinds={"excel"},
    tags={"personal_data": "none"},
    **PUBLISH,
)
def panel_pack_workbook(
    context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One workbook per panel cycle: what the panel, the Legitimacy Board and the public read.

    It is never overwritten: a changed figure makes a new revision beside the old one. Its charts
    look back over every month up to the cycle's end, so it draws on all months, not only its own.
    """
    here, cycle = folder.settings, cycle_of(context)
    with warehouse.connected() as con:
        edition = editions.publish(con, here.published, cycle)
    return dg.MaterializeResult(
        metadata={
            "file": f"published/{cycle.cycle}/{edition.path.name}",
            "sha256": edition.sha256,
            "revision": edition.revision,
            "is_new": edition.is_new,
            "sheets": edition.sheets,
        }
    )
