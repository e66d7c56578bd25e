"""The project's definitions with one more schedule, which fires while a test can wait for it."""

# ruff: noqa: TID251 - the tests of the Dagster room
import dagster as dg

from csip_pipeline import definitions
from csip_pipeline.calendars import LONDON
from csip_pipeline.defs.jobs import arrivals


@dg.schedule(
    job=arrivals,
    cron_schedule="* * * * *",
    execution_timezone=LONDON,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def every_minute(context):
    """What is late in October, at every minute."""
    return dg.RunRequest(run_key=str(context.scheduled_execution_time), partition_key="2026-10")


@dg.definitions
def defs():
    """Everything, and the schedule."""
    return dg.Definitions.merge(definitions.defs(), dg.Definitions(schedules=[every_minute]))
