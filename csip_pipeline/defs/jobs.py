"""The jobs and when they run: the month, what all months say together, and the panel's cycle."""

import datetime as dt

import dagster as dg

from csip_pipeline import calendars
from csip_pipeline.defs.partitions import CYCLES, CYCLES_READ, MONTHS
from csip_pipeline.measure.registry import TABLES

DAYS_BEFORE_MEETING = 14
PACK = dg.AssetSelection.assets(["publish", "panel_pack"])

HISTORY = dg.AssetSelection.assets(*(table.name.split(".") for table in TABLES if table.is_history))

month = dg.define_asset_job(
    name="month",
    description="One month, from the extracts to the callback list.",
    selection=dg.AssetSelection.all() - PACK,
    partitions_def=MONTHS,
    executor_def=dg.in_process_executor,
)
history = dg.define_asset_job(
    name="history",
    description="What every month says together: trends, effects of events, changes of definition.",
    selection=HISTORY | dg.AssetSelection.assets(["reference", "events"]),
    executor_def=dg.in_process_executor,
)
cycle = dg.define_asset_job(
    name="cycle",
    description="One panel cycle: its pack, from the months measured so far.",
    selection=PACK,
    partitions_def=CYCLES,
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    job=month,
    cron_schedule="0 6 5 * *",
    execution_timezone=calendars.LONDON,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def last_month(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """On the 5th at 06:00 London time, when suppliers have sent it: the month before."""
    today = context.scheduled_execution_time.date()
    key = f"{calendars.month_of(calendars.month_of(today) - dt.timedelta(days=1)):%Y-%m}"
    return dg.RunRequest(run_key=key, partition_key=key)


@dg.schedule(
    job=cycle,
    cron_schedule="0 7 * * *",
    execution_timezone=calendars.LONDON,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def before_the_meeting(
    context: dg.ScheduleEvaluationContext,
) -> dg.RunRequest | dg.SkipReason:
    """At 07:00 London time, a fortnight before the panel meets: the pack of its cycle."""
    today = context.scheduled_execution_time.date()
    meets_on = today + dt.timedelta(days=DAYS_BEFORE_MEETING)
    for one in CYCLES_READ:
        if one.meeting_on == meets_on:
            return dg.RunRequest(run_key=one.cycle, partition_key=one.cycle)
    return dg.SkipReason(f"No panel meets on {meets_on}.")
