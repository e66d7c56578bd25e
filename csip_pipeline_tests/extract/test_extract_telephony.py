"""A call that ended when its caller asked to be called back may be answered after its end."""

import pytest
from given import telephony

from csip_pipeline import promises, warehouse
from csip_pipeline.extract.telephony import TelephonyKept

ARRIVED = "2026-01-05 09:00"


@pytest.mark.parametrize(
    ("outcome", "answered_at", "ended_at", "is_kept"),
    [
        pytest.param("answered", "09:01", "09:02", True, id="answered before the end"),
        pytest.param("answered", "09:03", "09:02", False, id="answered after the end"),
        pytest.param("callback_requested", "11:00", "09:02", True, id="called back after the end"),
        pytest.param("callback_requested", "11:00", "11:09", True, id="the call back has the end"),
        pytest.param("callback_requested", None, "09:02", True, id="not called back"),
        pytest.param("callback_requested", "08:59", "09:02", False, id="called back too early"),
        pytest.param("callback_requested", "11:00", "08:59", False, id="ended before it came"),
    ],
)
def test_only_a_call_back_may_come_after_the_end_of_its_call(
    con, outcome, answered_at, ended_at, is_kept
):
    times = {"answered_at": answered_at, "ended_at": ended_at}
    given = {name: time and f"2026-01-05 {time}" for name, time in times.items()}
    telephony(con, {"arrived_at": ARRIVED, "outcome": outcome, **given})

    rows = warehouse.fetch(con, "select * from extract.telephony")

    assert promises.failures(rows, TelephonyKept).empty == is_kept


@pytest.mark.parametrize(
    ("outcome", "answered_at", "ended_at", "wait_seconds"),
    [
        pytest.param("answered", "09:01", "09:05", 60, id="answered"),
        pytest.param("callback_requested", None, "09:05", 300, id="not called back"),
        pytest.param("callback_requested", "11:00", "09:05", 300, id="called back"),
    ],
)
def test_a_wait_worked_out_ends_with_the_call_and_not_with_the_call_back(
    con, outcome, answered_at, ended_at, wait_seconds
):
    times = {"answered_at": answered_at, "ended_at": ended_at}
    given = {name: time and f"2026-01-05 {time}" for name, time in times.items()}
    telephony(con, {"arrived_at": ARRIVED, "outcome": outcome, "wait_seconds": None, **given})
    con.execute("create temporary table mapped as from extract.telephony")

    (row,) = warehouse.fetch(con, warehouse.read_query("extract/telephony_completed")).to_dict(
        "records"
    )

    assert row["wait_seconds"] == wait_seconds
