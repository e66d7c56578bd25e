"""A failed run, and a run whose checks failed gravely, are told to whoever must act."""

# ruff: noqa: TID251 - the tests of the Dagster room
import dagster as dg
import pytest

from csip_pipeline import cli_runs
from csip_pipeline.defs import alerts
from csip_pipeline.refusals import RefusedError
from csip_pipeline_tests import webhook_server

ENDED = (dg.DagsterEventType.RUN_SUCCESS, dg.DagsterEventType.RUN_FAILURE)
CLAIM = dg.AssetKey(["extract", "intake"])


@dg.asset(key=CLAIM)
def refused():
    """Stops with a refusal."""
    raise RefusedError("calls.csv has no column started. Correct feeds.toml.")


def with_a_check(name, severity):
    """An asset that is made, and a check of it that fails."""

    @dg.asset(key=CLAIM, check_specs=[dg.AssetCheckSpec(name, asset=CLAIM)])
    def made():
        return dg.MaterializeResult(
            check_results=[
                dg.AssetCheckResult(
                    check_name=name, passed=False, severity=severity, metadata={"found": 2}
                )
            ]
        )

    return made


@pytest.fixture
def told(code, tmp_path, monkeypatch):
    """What the webhook is told after a run of an asset."""
    monkeypatch.setenv("CSIP_DATA", str(tmp_path))
    (tmp_path / "reference").mkdir()

    def after(asset, sensor):
        job = dg.Definitions(
            [asset], jobs=[dg.define_asset_job("month", executor_def=dg.in_process_executor)]
        ).resolve_job_def("month")
        with webhook_server.running() as hook, dg.DagsterInstance.ephemeral() as instance:
            text = f'[webhook]\nurl = "{hook.url}"\n'
            (tmp_path / "reference/alerts.toml").write_text(text, encoding="utf-8")
            result = job.execute_in_process(
                instance=instance,
                raise_on_error=False,
                tags={"dagster/partition": "2026-10"},
                run_config=cli_runs.QUIET,
            )
            ended = [event for event in result.all_events if event.event_type in ENDED]
            context = dg.build_run_status_sensor_context(
                sensor_name=sensor.name,
                dagster_instance=instance,
                dagster_run=result.dagster_run,
                dagster_event=ended[-1],
                repository_def=code.get_repository_def(),
            )
            sensor(context if result.success else context.for_run_failure())
        return hook.received

    return after


def test_a_failed_run_is_told_with_its_own_words_and_what_to_do(told):
    (alert,) = told(refused, alerts.failed_runs)

    assert alert["title"] == "month 2026-10 failed"
    assert alert["failed"] == ["calls.csv has no column started. Correct feeds.toml."]
    assert alert["to_do"] == [alerts.AGAIN]


def test_a_refused_feed_is_told_though_the_run_went_through(told):
    check = with_a_check("every_feed_was_taken_in", dg.AssetCheckSeverity.ERROR)
    (alert,) = told(check, alerts.runs_to_look_at)

    assert alert["title"] == "month 2026-10 went through, but look at it"
    assert alert["failed"] == ["extract/intake: every feed was taken in, except 2."]
    assert alert["to_do"][0].startswith("Act on any number above 0: a refused feed")
    assert alert["to_do"][1] == alerts.REFUSED


def test_a_warning_is_no_alert(told):
    check = with_a_check("every_feed_was_taken_in", dg.AssetCheckSeverity.WARN)

    assert told(check, alerts.runs_to_look_at) == []
