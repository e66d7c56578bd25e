"""A new, corrected or withdrawn extract runs the months that it touches, once, by itself."""

# ruff: noqa: TID251 - the tests of the Dagster room
import datetime as dt
import json

import dagster as dg
import pytest

from csip_pipeline import warehouse
from csip_pipeline.extract import unfinished_months


@pytest.fixture
def look(code, demo, tmp_path, monkeypatch):
    """A copy of the demo, in which everything is run, and what the sensor asks for there."""
    here = demo.copy(tmp_path / "data")
    monkeypatch.setenv("CSIP_DATA", str(here.data))

    def tick(cursor=None):
        context = dg.build_sensor_context(cursor=cursor, repository_def=code.get_repository_def())
        return code.resolve_sensor_def("new_extracts").evaluate_tick(context)

    return here, tick


def months(ticked):
    return [request.partition_key for request in ticked.run_requests or []]


def corrected(here):
    """October's web forms again, in a later version with another last line."""
    old = max((here.extracts / "web_forms").glob("*2026-10*"))
    lines = old.read_bytes().splitlines(keepends=True)
    newer = old.with_name(old.name.replace("20261104T0500Z", "20261204T0500Z"))
    assert newer != old
    newer.write_bytes(b"".join(lines[:-1]))
    return newer


def test_where_everything_is_run_nothing_is_asked_for(look):
    ticked = look[1]()

    assert months(ticked) == []
    assert ticked.skip_message.startswith("No extract is new")


def test_a_corrected_extract_asks_for_its_month_once(look):
    here, tick = look
    corrected(here)
    first = tick()

    assert months(first) == ["2026-10"]
    assert months(tick(first.cursor)) == []


def test_a_correction_put_back_after_it_was_withdrawn_is_asked_for_anew(look):
    here, tick = look
    newer = corrected(here)
    first = tick()
    text = newer.read_bytes()
    newer.write_bytes(text + b"\n")
    second = tick(first.cursor)
    newer.write_bytes(text)
    third = tick(second.cursor)

    keys = [request.run_key for each in (first, second, third) for request in each.run_requests]
    assert len(set(keys)) == 3
    assert keys[0].split()[:2] == keys[2].split()[:2]


def test_a_file_that_cannot_be_read_is_run_too_so_that_somebody_is_told(look):
    here, tick = look
    (here.extracts / "web_forms" / "forms_2026-10_20261204T0500Z.csv").write_bytes(b"\xff\x00")
    first = tick()

    assert len(months(first)) >= 1
    assert months(tick(first.cursor)) == []


def test_a_returned_worklist_is_left_to_its_own_sensor(look):
    here, tick = look
    for path in (here.extracts / "callback_outcomes").iterdir():
        path.unlink()

    assert months(tick()) == []


def test_while_a_run_writes_the_warehouse_it_waits(look, monkeypatch):
    here, tick = look

    def locked(*_, **__):
        raise warehouse.in_use(here.warehouse.name)

    monkeypatch.setattr(warehouse, "connected", locked)

    assert tick().skip_message.startswith("warehouse.duckdb is in use by another run.")


def test_the_cursor_names_neither_files_nor_anybody(look):
    here, tick = look
    newer = corrected(here)
    cursor = tick().cursor

    assert newer.name not in cursor
    asked = json.loads(cursor)
    assert [len(digits) for digests in asked.values() for digits in digests] == [16]


def test_a_month_whose_run_did_not_get_through_is_asked_for_once_and_named_from_then_on(look):
    here, tick = look
    with warehouse.connected(here.warehouse) as con:
        unfinished_months.begin(con, dt.date(2026, 10, 1))
    first = tick()
    second = tick(first.cursor)

    assert months(first) == ["2026-10"]
    assert months(second) == []
    assert second.skip_message.startswith("2026-10: asked for before, with the same files.")
