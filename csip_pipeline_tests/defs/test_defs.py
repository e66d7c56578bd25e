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
    "measure/response_times": {"every_contact_is_promised_something": False},
    "measure/service_levels": {"levels_are_the_sum_of_their_parts": True},
    "publish/callback_list": {"every_breach_has_somebody_to_tell": False},
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
    assert {"month", "history", "cycle"} <= jobs
    schedules = {schedule.name for schedule in code.schedules}
    assert schedules == {"last_month", "before_the_meeting"}


def test_both_schedules_run_from_the_start_in_london_time(code):
    for schedule in code.schedules:
        assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
        assert schedule.execution_timezone == "Europe/London"


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
