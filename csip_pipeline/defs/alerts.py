"""Whoever has to act is told: of a run that failed, and of one whose checks say that it did not."""

from collections.abc import Iterator

import dagster as dg

from csip_pipeline import alerts, cli_runs, settings
from csip_pipeline.alerts import Alert
from csip_pipeline.refusals import RefusedError

PART = "dagster/partition"
AGAIN = "Find the cause, then run it again: in the UI (Launchpad, the same partition) or csip run."
GONE = "The run's process ended before it was done (it was killed, or the machine restarted)."
KILLED = (
    "Nothing, at first: a run whose process was killed is tried again by itself, twice. If it "
    "fails again, see whether the machine is short of memory or disk, then run it again."
)
REFUSED = "A feed that was refused keeps what it had. csip status names the file and the cause."


@dg.run_failure_sensor(
    description="When a run fails, or its process is killed: an alert that says what to do.",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
)
def failed_runs(context: dg.RunFailureSensorContext) -> None:
    """When a run fails, or its process is killed: an alert that says what to do."""
    steps = context.get_step_failure_events()
    checks = list(_failed_checks(context))
    ended = context.failure_event
    data = ended.event_specific_data
    is_killed = not steps and getattr(data, "error", None) is None
    told = [GONE] if is_killed else [cli_runs.why(each) for each in steps or [ended]]
    failed = [one for one in told if cli_runs.CHECK_FAILED not in one]
    to_do = [KILLED if is_killed else AGAIN]
    _send(context, is_stopped=True, failed=failed, checks=checks, to_do=to_do)


@dg.run_status_sensor(
    description="When a run went through and a check of it failed gravely: an alert.",
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
)
def runs_to_look_at(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """When a run went through and a check of it failed gravely, as when a feed was refused."""
    checks = list(_failed_checks(context))
    if not checks:
        return dg.SkipReason("Every check that matters passed.")
    _send(context, is_stopped=False, failed=[], checks=checks, to_do=[])
    return None


def _failed_checks(context: dg.RunStatusSensorContext) -> Iterator[dg.AssetCheckEvaluation]:
    """The run's checks that did not pass and are no mere warnings."""
    of_type = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    for entry in context.instance.all_logs(context.dagster_run.run_id, of_type=of_type):
        if entry.dagster_event is not None:
            found = entry.dagster_event.asset_check_evaluation_data
            if not found.passed and found.severity == dg.AssetCheckSeverity.ERROR:
                yield found


def _send(
    context: dg.RunStatusSensorContext,
    *,
    is_stopped: bool,
    failed: list[str],
    checks: list[dg.AssetCheckEvaluation],
    to_do: list[str],
) -> None:
    """Send the alert. Raises RefusedError where a channel failed, so that the tick shows it."""
    run = context.dagster_run
    told = [f"{each.asset_key.to_user_string()}: {cli_runs.said(each)}." for each in checks]
    actions = [_description(context, each) for each in checks]
    if any(each.check_name in cli_runs.TOLD_WITH_THE_FEED for each in checks):
        actions.append(REFUSED)
    alert = Alert(
        job=run.job_name,
        part=run.tags.get(PART),
        run_id=run.run_id,
        is_stopped=is_stopped,
        failed=(*failed, *told),
        to_do=(*actions, *to_do),
    )
    troubles = alerts.send(alert, settings.load())
    if troubles:
        raise RefusedError("\n".join(troubles))


def _description(context: dg.RunStatusSensorContext, found: dg.AssetCheckEvaluation) -> str:
    """What the check itself says to do."""
    graph = context.repository_def.asset_graph if context.repository_def else None
    key = dg.AssetCheckKey(found.asset_key, found.check_name)
    if graph is None or key not in graph.asset_check_keys:
        return f"See the check {found.check_name} in the UI."
    return " ".join(str(graph.get_check_spec(key).description).split())
