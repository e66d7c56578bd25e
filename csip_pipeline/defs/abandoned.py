"""A run whose process is gone is marked as failed, so that others need not wait for it."""

import dagster as dg

from csip_pipeline import run_locks, settings

ENDED = "The process of this run ended before it was done. Nothing was left half written."
ALIVE = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


@dg.sensor(
    description="Marks a run as failed whose process is gone, so that others need not wait for it.",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def abandoned_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """When a run's process is gone, from the command line or a restart: marked as failed.

    Run monitoring sees only runs of code servers that still live. A run holds a lock while it
    executes, which the system lets go of with the process.
    """
    here, ended = settings.load(), 0
    for run in context.instance.get_runs(dg.RunsFilter(statuses=ALIVE)):
        if run_locks.is_cut_short(here.running, run.run_id, settled_seconds=5):
            context.instance.report_run_failed(run, ENDED)
            run_locks.forget(here.running, run.run_id)
            ended += 1
    return dg.SkipReason(f"{ended} of the runs that were under way had no process any more.")
