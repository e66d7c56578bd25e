"""Everything that Dagster loads resolves, is owned and described, and depends on what it reads."""

# ruff: noqa: TID251 - the tests of the Dagster room
import dagster as dg
import pytest

from csip_pipeline import promises
from csip_pipeline.extract.accounts import INTAKE
from csip_pipeline.harmonise import call_legs, contacts
from csip_pipeline.measure import breaches, channel_shift, response_times, service_levels
from csip_pipeline.publish import pack_figures
from csip_pipeline.warehouse import read_query, tables_read

TABLES = [
    INTAKE,
    contacts.TABLE,
    call_legs.TABLE,
    response_times.TABLE,
    service_levels.TABLE,
    breaches.TABLE,
    channel_shift.TABLE,
]
CHECKS = {
    "extract/intake": {"every_expected_feed_came": False, "every_row_is_accounted_for": True},
    "harmonise/contacts": {"no_contact_is_lost": True},
    "measure/response_times": {"every_contact_is_promised_something": False},
    "measure/service_levels": {"levels_are_the_sum_of_their_parts": True},
    "publish/callback_list": {"every_breach_has_somebody_to_tell": False},
}
"""Each check of an asset, and whether it stops what comes after it."""
WORDS = ("extract", "harmonise", "measure", "publish", "reference")
INTERNAL = {"extract.dispositions"}
"""Written beside the feeds by intake itself, so its makers are the assets of the feeds."""


@pytest.fixture(scope="session")
def assets(code):
    return {spec.key.to_user_string(): spec for spec in code.resolve_all_asset_specs()}


def test_dagster_loads_everything(code):
    dg.Definitions.validate_loadable(code)

    jobs = {job.name for job in code.resolve_all_job_defs()}
    assert {"month", "cycle"} <= jobs
    schedules = {schedule.name for schedule in code.schedules}
    assert schedules == {"last_month", "before_the_meeting"}


def test_both_schedules_run_from_the_start_in_london_time(code):
    for schedule in code.schedules:
        assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
        assert schedule.execution_timezone == "Europe/London"


def test_every_asset_says_what_whose_and_of_which_kind_it_is(assets):
    assert len(assets) == 20
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
        elif spec.group_name == "reference":
            assert cut is None
        else:
            assert isinstance(cut, dg.MonthlyPartitionsDefinition), key
            assert cut.timezone == "Europe/London"


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_an_asset_depends_on_the_tables_that_its_queries_read(assets, table):
    spec = assets[table.name.replace(".", "/")]
    declared = {".".join(dep.asset_key.path) for dep in spec.deps}

    assert table.reads - INTERNAL <= declared
    if table is not INTAKE:
        assert declared == table.reads
    assert spec.description == promises.describe(table.promise)


def test_the_callback_list_depends_on_what_it_reads_and_on_whom_to_call(assets):
    declared = {".".join(dep.asset_key.path) for dep in assets["publish/callback_list"].deps}

    assert declared == tables_read(read_query("publish/callback_list")) | {"harmonise.people"}


def test_the_pack_depends_on_the_tables_that_its_figures_are_from(assets):
    declared = {".".join(dep.asset_key.path) for dep in assets["publish/panel_pack"].deps}

    assert declared == set(pack_figures.READS)


def test_checks_are_claims_and_those_that_would_mislead_stop_the_run(code):
    found = {}
    for spec in code.resolve_asset_graph().asset_check_keys:
        node = code.resolve_asset_graph().get_check_spec(spec)
        found.setdefault(spec.asset_key.to_user_string(), {})[spec.name] = node.blocking
    assert found == CHECKS
