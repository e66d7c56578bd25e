"""A month is judged by itself once enough months before it are in; before that nothing is run."""

# ruff: noqa: TID251 - the tests of the Dagster room
import dagster as dg
import pytest

from csip_pipeline import warehouse
from csip_pipeline.quality import judging, site


@pytest.fixture
def after_october(code, demo, instance, monkeypatch):
    """What the sensor asks for after the demo's October was run."""
    monkeypatch.setenv("CSIP_DATA", str(demo.settings.data))
    monkeypatch.setattr(site, "LIBRARY", "json")  # something that is installed everywhere
    (run,) = [
        each
        for each in instance.get_runs(dg.RunsFilter(job_name="month"))
        if each.tags["dagster/partition"] == "2026-10"
    ]
    (event,) = instance.get_records_for_run(
        run.run_id, of_type=dg.DagsterEventType.RUN_SUCCESS
    ).records
    context = dg.build_run_status_sensor_context(
        sensor_name="months_to_judge",
        dagster_event=event.event_log_entry.dagster_event,
        dagster_instance=instance,
        dagster_run=run,
    )
    return lambda: code.resolve_sensor_def("months_to_judge")(context)


def test_a_month_with_too_few_before_it_is_skipped_with_the_reason(after_october):
    skipped = after_october()

    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == (
        "2026-10 cannot be judged: it was not run, or fewer than 6 of the months before it were."
    )


def test_a_month_with_enough_before_it_is_judged(after_october, monkeypatch):
    monkeypatch.setattr(judging, "can_be_judged", lambda *_: True)

    assert after_october().partition_key == "2026-10"


def test_while_another_run_writes_the_warehouse_the_quality_run_will_tell(
    after_october, monkeypatch
):
    def locked(*_, **__):
        raise warehouse.in_use("warehouse.duckdb")

    monkeypatch.setattr(warehouse, "connected", locked)

    assert after_october().partition_key == "2026-10"
