"""Publish: the site that shows whether a month looks as the months before it did."""

import datetime as dt
from importlib.util import find_spec

import dagster as dg

from csip_pipeline import calendars, settings, warehouse
from csip_pipeline.defs.jobs import QUALITY, month
from csip_pipeline.defs.partitions import MONTHS, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS
from csip_pipeline.defs.window import link
from csip_pipeline.quality import judging, site
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

SITES = "CSIP_QUALITY_URL"
"""Names the address that the folder quality/ is served under, where something serves it."""
EVERY_FIGURE = "every_figure_is_as_usual"
KEY = ["publish", "quality_site"]


@dg.asset(
    key=KEY,
    group_name="publish",
    owners=OWNERS,
    partitions_def=MONTHS,
    kinds={"python", "html"},
    tags={"personal_data": "none"},
    deps=[
        dg.AssetDep(table.name.split("."), partition_mapping=dg.AllPartitionMapping())
        for table in judging.JUDGED
    ],
    check_specs=[
        dg.AssetCheckSpec(
            EVERY_FIGURE,
            asset=KEY,
            description="Act on any number above 0: open the site, and ask what else happened.",
        )
    ],
)
def quality_site(
    context: dg.AssetExecutionContext, folder: DataFolder, warehouse: Warehouse
) -> dg.MaterializeResult:
    """One site per month: its volumes, shares, waits and empty cells beside the year before.

    What is unusual is a question and no fault: a bank holiday does it too. It holds figures of
    tables, and nothing of any contact.
    """
    judged = month_of(context)
    place = folder.settings.quality / f"{judged:%Y-%m}"
    with warehouse.connected() as con:
        found = judging.judge_month(con, place, judged)
    unusual = [f"{table}: {name}" for table, names in found.items() for name in names]
    return dg.MaterializeResult(
        metadata={
            "site": link(f"quality/{judged:%Y-%m}/index.html", SITES),
            "unusual": "\n".join(unusual) or "none",
            "figures_unusual": len(unusual),
            "tables_judged": len(found),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=EVERY_FIGURE,
                passed=not unusual,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"found": len(unusual), "act_above": 0},
            )
        ],
    )


quality = dg.define_asset_job(
    name="quality",
    description="Whether a month looks as the months before it did. Nothing rests on it.",
    selection=QUALITY,
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)


@dg.run_status_sensor(
    description="After a month was run: its quality site, where Great Expectations is installed.",
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[month],
    request_job=quality,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def months_to_judge(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """After a month was run: its quality site, where Great Expectations is installed."""
    if find_spec(site.LIBRARY) is None:
        return dg.SkipReason("Great Expectations is not installed (csip_pipeline[quality]).")
    run = context.dagster_run
    key = run.tags["dagster/partition"]
    if not _can_be_judged(settings.load(), calendars.parse_month(key)):
        return dg.SkipReason(judging.cannot_be_judged(calendars.parse_month(key)))
    return dg.RunRequest(run_key=run.run_id, partition_key=key)


def _can_be_judged(here: Settings, month: dt.date) -> bool:
    """Whether enough months are in; where another run writes them, its quality run will tell."""
    try:
        with warehouse.connected(here.warehouse, read_only=True) as con:
            return judging.can_be_judged(con, month)
    except RefusedError:
        return True
