"""Everything that Dagster loads resolves, is owned and described, and is cut as it should be."""

# ruff: noqa: TID251 - the tests of the Dagster room
import dagster as dg
import pytest

from csip_pipeline.measure.registry import TABLES

CHECKS = {
    "extract/arrivals": {"no_feed_is_late_or_missing": False},
    "extract/intake": {"every_feed_was_taken_in": False, "every_row_is_accounted_for": True},
    "extract/missing_hours": {"no_hours_are_missing": False},
    "harmonise/contacts": {"no_contact_is_lost": True},
    "measure/abandoned_fates": {"everybody_who_gave_up_has_one_fate": True},
    "measure/panel_answers": {"every_score_is_of_a_call_that_is_heard": False},
    "measure/response_times": {"every_contact_is_promised_something": False},
    "measure/service_levels": {"levels_are_the_sum_of_their_parts": True},
    "publish/callback_list": {
        "every_breach_has_somebody_to_tell": False,
        "every_channel_did_its_work": False,
        "every_outcome_is_of_a_notice_issued": False,
        "no_held_notice_is_past_its_day": False,
        "no_notice_is_past_its_day": False,
        "whoever_is_flagged_is_listed": False,
    },
    "publish/quality_site": {"every_figure_is_as_usual": False},
}
"""Each check of an asset, and whether it stops what comes after it."""
WORDS = ("extract", "harmonise", "measure", "publish", "reference")


@pytest.fixture(scope="session")
def assets(code):
    return {spec.key.to_user_string(): spec for spec in code.resolve_all_asset_specs()}


HISTORIES = {table.name for table in TABLES if table.is_history}


def test_dagster_loads_everything(code):
    dg.Definitions.validate_loadable(code)

    jobs = {job.name for job in code.resolve_all_job_defs()}
    assert {"month", "history", "callbacks", "cycle", "arrivals", "quality"} <= jobs
    schedules = {schedule.name for schedule in code.schedules}
    assert schedules == {"last_month", "month_to_date", "what_is_late", "before_the_meeting"}
    sensors = {sensor.name for sensor in code.sensors}
    assert sensors == {
        "abandoned_runs",
        "new_extracts",
        "returned_worklists",
        "failed_runs",
        "months_to_judge",
        "runs_to_look_at",
    }


def test_schedules_are_in_london_time_and_run_from_the_start_but_for_the_daily_one(code):
    for schedule in code.schedules:
        runs = schedule.default_status == dg.DefaultScheduleStatus.RUNNING
        assert runs == (schedule.name != "month_to_date")
        assert schedule.execution_timezone == "Europe/London"
    for sensor in code.sensors:
        assert sensor.default_status == dg.DefaultSensorStatus.RUNNING


def test_the_job_of_callbacks_reads_no_feed_but_theirs(code):
    assets = code.resolve_job_def("callbacks").asset_layer.selected_asset_keys

    assert {asset.to_user_string() for asset in assets} == {
        "extract/callback_outcomes",
        "extract/intake",
        "measure/abandonment",
        "measure/callbacks",
        "publish/callback_list",
        "reference/contact_flags",
        "reference/contact_reasons",
    }


def test_every_asset_says_what_whose_and_of_which_kind_it_is(assets):
    for key, spec in assets.items():
        word, _, table = key.partition("/")
        assert word in WORDS, key
        assert spec.group_name == word, key
        assert spec.owners == ["team:csip"], key
        assert spec.kinds, key
        assert spec.description.split(".")[0], key
        assert table.islower(), key


def test_monthly_tables_are_cut_by_month_and_the_pack_by_cycle(assets):
    for key, spec in assets.items():
        cut = spec.partitions_def
        if key == "publish/panel_pack":
            assert "2026-Q4" in cut.get_partition_keys()
        elif spec.group_name == "reference" or key.replace("/", ".") in HISTORIES:
            assert cut is None
        else:
            assert isinstance(cut, dg.MonthlyPartitionsDefinition), key
            assert cut.timezone == "Europe/London"


def test_checks_are_claims_and_those_that_would_mislead_stop_the_run(code):
    found = {}
    for spec in code.resolve_asset_graph().asset_check_keys:
        node = code.resolve_asset_graph().get_check_spec(spec)
        found.setdefault(spec.asset_key.to_user_string(), {})[spec.name] = node.blocking
    assert found == CHECKS


def test_a_month_asks_every_check_in_the_step_that_made_its_table(code):
    month = code.resolve_job_def("month")
    steps = {key.to_python_identifier() for key in month.asset_layer.selected_asset_keys}

    assert len(month.asset_layer.asset_graph.asset_check_keys) > 10
    assert {node.name for node in month.all_node_defs} - {"month"} == steps
