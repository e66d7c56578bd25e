"""A list that the contact team gives back is taken in by itself, once."""

# ruff: noqa: TID251 - the tests of the Dagster room
import json
import shutil

import dagster as dg
import pytest

from csip_pipeline.demo import contact_team


@pytest.fixture
def look(code, demo, tmp_path, monkeypatch):
    """What the sensor asks for on a copy of the demo, after its last look."""
    here = demo.copy(tmp_path / "data")
    monkeypatch.setenv("CSIP_DATA", str(here.data))
    monkeypatch.setenv("CSIP_SETTLE_SECONDS", "0")

    def tick(cursor=None):
        context = dg.build_sensor_context(cursor=cursor, repository_def=code.get_repository_def())
        return code.resolve_sensor_def("returned_worklists").evaluate_tick(context)

    return here, tick


def months(ticked):
    return [request.partition_key for request in ticked.run_requests or []]


def test_a_list_that_came_back_is_asked_for_once(look):
    _, tick = look
    first = tick()
    again = tick(first.cursor)

    assert months(first) == ["2026-10"]  # September's list was worked in October
    assert months(again) == []
    assert again.skip_message == "No list has come back since the last look."


def test_another_list_asks_for_the_months_of_its_own_attempts(look):
    here, tick = look
    cursor = tick().cursor
    (last,) = here.worklists.glob("callbacks_2026-10-*.xlsx")
    given_back = here.extracts / "callback_outcomes" / last.name
    contact_team.give_back(here.worklists, here.extracts, contact_team.dt.date(2026, 10, 1))

    assert given_back.exists()
    assert months(tick(cursor)) == ["2026-11"]


def test_a_list_that_cannot_be_read_is_run_too_so_that_the_run_says_why(look):
    here, tick = look
    cursor = tick().cursor
    broken = here.extracts / "callback_outcomes" / "callbacks_broken.xlsx"
    broken.write_bytes(b"no workbook")
    ticked = tick(cursor)

    assert len(months(ticked)) == 1
    assert json.loads(ticked.cursor)["callbacks_broken.xlsx"].startswith("callbacks_broken.xlsx")
    assert months(tick(ticked.cursor)) == []


def test_nothing_that_came_back_asks_for_nothing(look):
    here, tick = look
    shutil.rmtree(here.extracts / "callback_outcomes")

    assert months(tick()) == []
