"""A month is rebuilt with every other month that rests on it, and a history is rebuilt whole."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest

from csip_pipeline import monthly_tables, warehouse
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Whole

JANUARY, FEBRUARY, MARCH = (dt.date(2026, month, 1) for month in (1, 2, 3))


class Rings(Promise):
    """One row per month: how many calls rang in it."""

    month: Day
    rings: Whole = pa.Field(ge=0)


def rang(con, month):
    """As many rings as the month and the one after it have calls."""
    query = "select count(*) as rings from calls where month between $first and $last"
    last = MARCH if month is None else month + dt.timedelta(days=31)
    return warehouse.fetch(con, query, {"first": month or JANUARY, "last": last})


MADE = Table("measure.rings", Rings, (), made=rang, looks_at=(0, 1))


@pytest.fixture
def con():
    """A warehouse in memory, with calls in January and February."""
    with warehouse.connected(Path(":memory:")) as connection:
        connection.execute("create table calls (month date)")
        call(connection, JANUARY, FEBRUARY)
        yield connection


def call(con, *months):
    for month in months:
        con.execute("insert into calls values ($month)", {"month": month})


def kept(con):
    rows = con.execute("select month, rings from measure.rings order by month").fetchall()
    return dict(rows)


def test_the_month_before_is_rebuilt_where_it_rests_on_this_one(con):
    monthly_tables.rebuild_touched(con, MADE, JANUARY)
    call(con, FEBRUARY)

    assert monthly_tables.rebuild_touched(con, MADE, FEBRUARY) == {FEBRUARY: 1, JANUARY: 1}
    assert kept(con) == {JANUARY: 3, FEBRUARY: 2}


def test_a_month_that_was_never_built_is_not_built_for_anothers_sake(con):
    assert monthly_tables.rebuild_touched(con, MADE, FEBRUARY) == {FEBRUARY: 1}
    assert kept(con) == {FEBRUARY: 1}


def test_the_month_after_is_left_where_it_does_not_rest_on_this_one(con):
    monthly_tables.rebuild_touched(con, MADE, FEBRUARY)
    call(con, FEBRUARY)
    monthly_tables.rebuild_touched(con, MADE, JANUARY)

    assert kept(con) == {JANUARY: 3, FEBRUARY: 1}


def test_a_history_is_replaced_whole(con):
    def every_month(_, month):
        assert month is None
        return pd.DataFrame({"month": [JANUARY, FEBRUARY], "rings": [1, 2]})

    history = Table("measure.rings", Rings, (), made=every_month, is_history=True)
    monthly_tables.rebuild_touched(con, MADE, MARCH)

    assert monthly_tables.rebuild_history(con, history) == 2
    assert kept(con) == {JANUARY: 1, FEBRUARY: 2}
