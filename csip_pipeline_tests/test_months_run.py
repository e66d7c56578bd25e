"""A month was run once its extracts were taken in and its last run got through, and not before."""

import datetime as dt

import given
import pytest

from csip_pipeline import warehouse
from csip_pipeline.extract import unfinished_months
from csip_pipeline.months_run import months_run

AUGUST, SEPTEMBER = dt.date(2026, 8, 1), dt.date(2026, 9, 1)


@pytest.fixture
def taken_in(con):
    """A warehouse that took calls of August and September in."""
    given.intake(con, *({"feed": "telephony", "month": month} for month in (AUGUST, SEPTEMBER)))
    return con


def test_before_anything_was_run_no_month_was(tmp_path):
    with warehouse.connected(tmp_path / "warehouse.duckdb") as con:
        assert months_run(con) == set()


def test_what_is_late_in_a_month_does_not_make_it_one_that_was_run(taken_in):
    query = (
        "insert into extract.arrivals values ($month, 'telephony', 'calls', 0, null, null, $how)"
    )
    taken_in.execute(query, {"month": dt.date(2026, 10, 1), "how": "missing"})

    assert months_run(taken_in) == {AUGUST, SEPTEMBER}


@pytest.mark.parametrize(
    ("feed", "accepted"), [("callback_outcomes", 9), ("panel_scores", 9), ("telephony", 0)]
)
def test_neither_a_list_that_came_back_nor_a_spoilt_file_makes_a_month(taken_in, feed, accepted):
    file = {"feed": feed, "month": dt.date(2026, 10, 1), "accepted": accepted}
    given.intake(taken_in, {**file, "received": 9, "quarantined": 9 - accepted})

    assert months_run(taken_in) == {AUGUST, SEPTEMBER}


def test_a_month_whose_last_run_was_refused_was_not_run_until_one_gets_through(taken_in):
    unfinished_months.begin(taken_in, SEPTEMBER)
    assert months_run(taken_in) == {AUGUST}

    unfinished_months.finish(taken_in, SEPTEMBER)
    assert months_run(taken_in) == {AUGUST, SEPTEMBER}
