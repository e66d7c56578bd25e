"""Every run is kept in the instance, by counts and file names only; a failed check stops it."""

# ruff: noqa: TID251 - the tests of the Dagster room
import datetime as dt
import os
import stat

import dagster as dg
import pytest

from csip_pipeline import cli_runs, warehouse
from csip_pipeline.extract import lateness
from csip_pipeline_tests.demo_force import CYCLES, MONTHS, canaries, words

PLANTED = """
insert into extract.telephony
select * replace ('planted' as call_id, 'nobody_sent_this.log' as source_file)
from extract.telephony where month = '2026-10-01' limit 1
"""
COUNTED = {
    "rows_superseded",
    "rows_received",
    "rows_quarantined",
    "rows_out_of_scope",
    "rows_duplicate",
    "rows_accepted",
    "superseded",
    "out_of_scope",
    "duplicate",
    "accepted",
    "account",
    "dagster/column_lineage",
    "dagster/column_schema",
    "dagster/row_count",
    "dagster/table_name",
    "days_late",
    "figures_hidden",
    "file",
    "files",
    "freshness",
    "is_new",
    "new_notices",
    "outcomes_of_edited_rows",
    "outcomes_of_notices_never_issued",
    "outcomes_of_unknown_notices",
    "outcomes_taken_in",
    "quarantined",
    "restricted_file",
    "received",
    "revision",
    "sha256",
    "sheets",
    "troubles",
    "without_contact_point",
    "worklists",
}
OF_COLUMNS = {"dagster/column_lineage", "dagster/column_schema"}
"""Names of columns and words on them, from queries and definitions: nothing of any row."""


def events(instance):
    for run in instance.get_runs():
        for record in instance.all_logs(run.run_id):
            if record.dagster_event is not None:
                yield record.dagster_event


def test_every_run_of_the_command_shows_in_the_instance(instance):
    ended = {
        (run.job_name, run.tags.get("dagster/partition")): run.status for run in instance.get_runs()
    }

    for asked in [
        ("month", MONTHS[0]),
        ("month", MONTHS[1]),
        ("history", None),
        ("cycle", CYCLES[1]),
    ]:
        assert ended[asked] == dg.DagsterRunStatus.SUCCESS


def test_the_instance_lives_in_the_data_folder_and_stores_nothing_elsewhere(instance, demo):
    stored = list(demo.settings.dagster.rglob("*.db"))

    assert str(demo.settings.dagster) in instance.root_directory
    assert any("runs.db" in path.name for path in stored)
    assert not instance.telemetry_enabled


@pytest.mark.skipif(os.name == "nt", reason="modes mean little there")
def test_nobody_but_its_owner_may_read_the_warehouse_that_a_run_made(demo):
    assert stat.S_IMODE(demo.settings.warehouse.stat().st_mode) == 0o600


def test_metadata_holds_counts_and_file_names_only(instance):
    seen = set()
    for event in events(instance):
        if event.is_step_materialization:
            for name, value in event.materialization.metadata.items():
                seen.add(name)
                if name in OF_COLUMNS:
                    continue
                assert isinstance(value.value, int | str | bool), name
                longest = max(map(len, str(value.value).splitlines()), default=0)
                assert name == "account" or longest < 300, name
    assert seen <= COUNTED
    assert {"dagster/row_count", "quarantined", "file"} <= seen


def test_a_month_shows_what_became_of_every_file_by_counts(instance, demo):
    accounts = [
        event.materialization.metadata["account"].value
        for event in events(instance)
        if event.is_step_materialization and "account" in event.materialization.metadata
    ]
    heading, _, *rows = "\n".join(accounts).splitlines()
    names = {path.name for path in demo.settings.extracts.glob("*/*")}

    assert heading.startswith("| feed | file | received | accepted | duplicate |")
    told = [row for row in rows if any(end in row for end in (".csv", ".log", ".xlsx"))]
    cells = [row.strip("| ").split(" | ") for row in told]
    assert {file for _, file, *_ in cells} == {name for name in names if ".tsv" not in name}
    assert all(count.replace(",", "").isdecimal() for _, _, *counts in cells for count in counts)


def test_every_check_was_evaluated_in_every_month(instance, code):
    graph = code.resolve_asset_graph()
    evaluated = [
        event.asset_check_evaluation_data.check_name
        for event in events(instance)
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    names = {key.name for key in graph.asset_check_keys} - {"every_figure_is_as_usual"}

    assert {name: evaluated.count(name) for name in names} == dict.fromkeys(names, len(MONTHS))


@pytest.mark.parametrize(
    "extracts",
    ["telephony/queue_log_*", "telephony/999_*", "web_forms/*", "social/*"],
)
def test_whoever_is_searched_for_is_found_where_they_do_stand(demo, extracts):
    files = demo.settings.extracts.glob(extracts)
    text = "".join(path.read_text("latin-1") for path in files)

    assert len(words(text) & canaries(demo.settings)) >= 10


def test_nothing_that_is_kept_of_runs_names_anybody(demo):
    named = canaries(demo.settings)
    files = [path for path in demo.settings.dagster.rglob("*") if path.is_file()]

    assert len(files) > len(MONTHS)
    for path in files:
        text = path.read_bytes().decode("latin-1")
        assert words(text) & named == set(), path.name


def test_nothing_in_the_warehouse_reaches_anybody(demo):
    named = canaries(demo.settings)
    with warehouse.connected(demo.settings.warehouse, read_only=True) as con:
        columns = con.execute(
            "select table_schema || '.' || table_name, column_name "
            "from information_schema.columns where data_type = 'VARCHAR'"
        ).fetchall()
        for table, column in columns:
            query = f'select distinct "{column}" from {table} where "{column}" is not null'
            text = "\n".join(value for (value,) in con.execute(query).fetchall())
            assert words(text) & named == set(), f"{table}.{column}"
    raw = demo.settings.warehouse.read_bytes().decode("latin-1")
    assert words(raw) & named == set()
    assert len(columns) > 50


@pytest.fixture
def planted(demo, tmp_path):
    """A copy of the demo with one telephone call that no file explains."""
    here = demo.copy(tmp_path / "data")
    with warehouse.connected(here.warehouse) as con:
        con.execute(PLANTED)
    return here


def test_a_failed_check_stops_what_rests_on_it_and_is_told_by_its_name(
    planted, monkeypatch, cli_job
):
    monkeypatch.setenv("CSIP_DATA", str(planted.data))
    later = dg.AssetSelection.assets(["extract", "intake"], ["measure", "channel_shift"])
    result = cli_job(planted, "later", later)

    made = {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}
    assert not result.success
    assert made == {"extract/intake"}
    (told,) = cli_runs._refusals(result)  # noqa: SLF001 - what the command says of it
    assert told == (
        "extract/intake: every row is accounted for, except 1. Nothing that rests on it was made. "
        "Find the cause (csip ui shows the run), then run the month again."
    )


@pytest.fixture
def late(demo, tmp_path):
    """A copy of the demo in which October's social media never came."""
    here = demo.copy(tmp_path / "data")
    with warehouse.connected(here.warehouse) as con:
        con.execute("delete from extract.intake where feed = 'social' and month = '2026-10-01'")
    return here


def test_the_check_of_arrivals_says_by_how_many_days_each_source_is_late(
    late, monkeypatch, cli_job
):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 11, 8))
    result = cli_job(late, "again", dg.AssetSelection.assets(["extract", "arrivals"]))

    (told,) = result.get_asset_check_evaluations()
    assert not told.passed
    assert "for October 2026 is 3 days late." in told.metadata["words"].value
    assert told.metadata["days_late"].value == 3
    assert max(told.metadata["days_late_by_source"].value.values()) == 3
    seen = {
        event.asset_key.to_user_string(): event.asset_observation_data.asset_observation
        for event in result.all_events
        if event.is_asset_observation
    }
    assert seen["extract/social"].partition == "2026-10"
    assert "is 3 days late." in seen["extract/social"].metadata["freshness"].value
    assert seen["extract/web_forms"].metadata["days_late"].value == 0
