"""Publish: the callback list for the contact team, and the panel's pack."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg

from csip_pipeline import calendars, promises
from csip_pipeline.defs.claims import ERROR, WARN, Claim, specs
from csip_pipeline.defs.partitions import CYCLES, MONTHS, cycle_of, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, counted
from csip_pipeline.publish import callback_list, editions, pack_figures
from csip_pipeline.publish.callbacks import issuing

PUBLISH: dict[str, Any] = {"key_prefix": "publish", "group_name": "publish", "owners": OWNERS}
FOUND_WHILE_ISSUING = {
    "no_notice_is_past_its_day": (
        ERROR,
        "Act on any number above 0: people who are due an explanation, later than was promised.",
    ),
    "no_held_notice_is_past_its_day": (
        WARN,
        "Act on any number above 0: a reviewer is to look (csip callbacks status --held).",
    ),
    "every_outcome_is_of_a_notice_issued": (
        WARN,
        "Act on any number above 0: a returned list was edited, or somebody held was called.",
    ),
    "every_channel_did_its_work": (
        WARN,
        "Act on any number above 0: the run's metadata says what kept it. The notices wait.",
    ),
    "whoever_is_flagged_is_listed": (
        WARN,
        "Act on 1: restricted/flagged_people.csv is not there, so nobody is known to be at risk.",
    ),
}
"""Checks of the callback list that issuing answers by itself: how grave, and what to do."""
TOLD = Claim(
    "every_breach_has_somebody_to_tell",
    "publish/untold_breaches",
    "Act above act_above, the highest of the twelve months before: breaches nobody is told of.\n\n"
    "The caller is not known: withheld numbers among them, so that it is never nothing.",
    looks_back=True,
)


class Issuing(dg.Config):
    """The day on which callbacks are issued: today, unless a run says otherwise (YYYY-MM-DD)."""

    today: str | None = None

    @property
    def day(self) -> dt.date:
        """The day as a date."""
        now = dt.datetime.now(tz=ZoneInfo(calendars.LONDON))
        return dt.date.fromisoformat(self.today) if self.today else now.date()


def _drawn_on(table: str) -> dg.AssetDep:
    """A table of which every month counts: charts look back, and notices outlast their month."""
    key = table.split(".")
    is_monthly = key[0] != "reference"
    return dg.AssetDep(key, partition_mapping=dg.AllPartitionMapping() if is_monthly else None)


@dg.asset(
    name="callback_list",
    description=promises.describe(callback_list.CallbackList),
    deps=[
        _drawn_on("extract.callback_outcomes"),
        _drawn_on("harmonise.contacts"),
        ["harmonise", "people"],
        ["measure", "breaches"],
        ["reference", "contact_flags"],
        ["reference", "contact_reasons"],
        ["reference", "panel_cycles"],
    ],
    partitions_def=MONTHS,
    kinds={"duckdb", "excel"},
    tags={"personal_data": "restricted"},
    check_specs=[
        *(
            dg.AssetCheckSpec(name, asset=["publish", "callback_list"], description=description)
            for name, (_, description) in FOUND_WHILE_ISSUING.items()
        ),
        *specs(callback_list.TABLE.name, [TOLD]),
    ],
    **PUBLISH,
)
def callback_list_table(
    context: dg.AssetExecutionContext, config: Issuing, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Issue each person owed an explanation once, and take in what came of those issued before."""
    month = month_of(context)
    with warehouse.connected() as con:
        issued = issuing.issue_month(con, folder.settings, month, config.day)
        told = TOLD.asked(con, month)
    for other in issued.months.keys() - {month}:
        context.log_event(
            dg.AssetMaterialization(
                context.asset_key,
                partition=f"{other:%Y-%m}",
                metadata={"dagster/row_count": issued.months[other]},
            )
        )
    found = {
        "no_notice_is_past_its_day": issued.overdue,
        "no_held_notice_is_past_its_day": issued.overdue_held,
        "every_outcome_is_of_a_notice_issued": issued.heard.not_taken,
        "every_channel_did_its_work": len(issued.troubles),
        "whoever_is_flagged_is_listed": int(not folder.settings.flagged_people.exists()),
    }
    return counted(
        issued.notices,
        callback_list.TABLE.name,
        check_results=[
            *(
                dg.AssetCheckResult(
                    check_name=name,
                    passed=found[name] == 0,
                    severity=severity,
                    metadata={"found": found[name], "act_above": 0},
                )
                for name, (severity, _) in FOUND_WHILE_ISSUING.items()
            ),
            told,
        ],
        new_notices=issued.new,
        without_contact_point=issued.unreachable,
        worklists=", ".join(issued.lists) or "none",
        outcomes_taken_in=issued.heard.taken,
        outcomes_of_unknown_notices=issued.heard.unknown,
        outcomes_of_notices_never_issued=issued.heard.never_issued,
        outcomes_of_edited_rows=issued.heard.edited,
        troubles="\n".join(issued.troubles) or "none",
    )


@dg.asset(
    name="panel_pack",
    deps=[_drawn_on(table) for table in pack_figures.reads()],
    partitions_def=CYCLES,
    kinds={"excel"},
    tags={"personal_data": "none"},
    **PUBLISH,
)
def panel_pack_workbook(
    context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One workbook and one page per panel cycle and edition, for the panel, the Board, the public.

    The public edition hides small numbers, and an audit proves that nobody can work them out; the
    restricted one, for the Force and the Commissioner's office, hides none. It is never
    overwritten: a changed figure makes a new revision beside the old one, which lists what changed
    and why. Its charts look back over every month up to the cycle's end, so it draws on all months.
    """
    here, cycle = folder.settings, cycle_of(context)
    with warehouse.connected() as con:
        edition = editions.publish(con, here.published, cycle)
    return dg.MaterializeResult(
        metadata={
            "file": f"published/{cycle.cycle}/{edition.path.name}",
            "restricted_file": f"published/{cycle.cycle}/restricted/{edition.restricted.name}",
            "sha256": edition.sha256,
            "revision": edition.revision,
            "is_new": edition.is_new,
            "sheets": edition.sheets,
            "figures_hidden": edition.hidden,
        }
    )
