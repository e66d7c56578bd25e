"""A panel cycle is the months that its file says it covers; a file that says none is refused."""

import datetime as dt

import pytest

from csip_pipeline import calendars
from csip_pipeline.refusals import RefusedError


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        pytest.param("2026-10-31", "2027-01-01", ["10", "11", "12", "01"], id="over a new year"),
        pytest.param("2026-10-01", "2026-10-31", ["10"], id="one month"),
        pytest.param("2026-10-02", "2026-10-01", [], id="backwards"),
    ],
)
def test_months_between_two_days(first, last, months):
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)

    assert [f"{month:%m}" for month in calendars.months_between(*days)] == months


def test_cycles_are_read_in_order_with_their_months(tmp_path):
    path = tmp_path / "panel_cycles.csv"
    path.write_text(
        "cycle,title,starts_on,ends_on,meeting_on\n"
        "B,Later,2026-04-01,2026-06-30,2026-07-23\n"
        "A,Sooner,2026-01-01,2026-03-31,2026-04-23\n"
    )

    cycles = calendars.read_cycles(path)

    assert [cycle.cycle for cycle in cycles] == ["A", "B"]
    assert [month.month for month in cycles[0].months] == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, "is missing from the reference folder", id="no file"),
        pytest.param("cycle,title,starts_on,ends_on,meeting_on\n", "has no rows", id="no rows"),
        pytest.param("cycle,title\nA,B\n", "needs the columns", id="columns missing"),
        pytest.param(
            "cycle,title,starts_on,ends_on,meeting_on\nA,B,01/04/2026,x,y\n",
            "dates written YYYY-MM-DD",
            id="another date format",
        ),
    ],
)
def test_cycles_that_cannot_be_read_are_refused(tmp_path, content, told):
    path = tmp_path / "panel_cycles.csv"
    if content is not None:
        path.write_text(content)

    with pytest.raises(RefusedError, match=told):
        calendars.read_cycles(path)
