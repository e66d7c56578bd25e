"""A promise finds each row that breaks it, in plain words, and quotes nobody."""

import traceback
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest

from csip_pipeline import promised_tables, promises, warehouse
from csip_pipeline.promises import Claim, Day, Moment, Promise, Real, Text, Whole, rule
from csip_pipeline.refusals import RefusedError
from csip_pipeline.rules import Column, Rows, is_null


class Calls(Promise):
    """One row per call.

    A second line.
    """

    call_id: Text = pa.Field(unique=True)
    line: Text = pa.Field(isin=["101", "999"])
    rings: Whole = pa.Field(ge=0, le=9)
    wait_seconds: Real = pa.Field(gt=0, nullable=True)
    arrived_at: Moment
    month: Day
    is_test: Claim

    @rule("a call must ring before it waits")
    def rings_first(cls, calls: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No wait is shorter than the ringing."""
        return is_null(calls["wait_seconds"]) | (calls["rings"] <= calls["wait_seconds"])


GOOD = {
    "call_id": "1",
    "line": "101",
    "rings": 1,
    "wait_seconds": 5.0,
    "arrived_at": "2026-10-05T09:00:00Z",
    "month": "2026-10-01",
    "is_test": False,
}


def calls(*rows):
    full = [GOOD | {"call_id": f"{n}"} | row for n, row in enumerate(rows)]
    return pd.DataFrame(full, columns=list(GOOD))


def hold(frame):
    with warehouse.connected(Path(":memory:")) as con:
        con.register("frame", frame)
        con.execute("create temporary table staged as from frame")
        promised_tables.hold(con, "staged", Calls, "extract.calls")


def broken(frame):
    found = promises.failures(frame, Calls)
    return list(found.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        pytest.param({"line": "SECRET"}, "line", "must be one of 101, 999", id="value"),
        pytest.param({"line": None}, "line", "must not be empty", id="empty"),
        pytest.param({"rings": -1}, "rings", "must not be less than 0", id="too little"),
        pytest.param(
            {"rings": 10, "wait_seconds": 99}, "rings", "must not be more than 9", id="many"
        ),
        pytest.param(
            {"wait_seconds": 0, "rings": 0}, "wait_seconds", "must be more than 0", id="nil"
        ),
        pytest.param({"rings": 6}, "", "a call must ring before it waits", id="between columns"),
        pytest.param(
            {"arrived_at": "SECRET"}, "arrived_at", "is not of the promised type", id="type"
        ),
    ],
)
def test_a_broken_promise_is_told_by_row_and_column_in_plain_words(row, column, sentence):
    assert broken(calls({}, row, {})) == [(1, column, sentence)]


def test_a_value_twice_is_told_of_both_rows():
    assert broken(calls({"call_id": "a"}, {}, {"call_id": "a"})) == [
        (0, "call_id", "must not be there twice"),
        (2, "call_id", "must not be there twice"),
    ]


def test_rows_are_counted_by_position_whatever_the_index():
    frame = calls({}, {"line": "x"}).set_axis([7, 7])

    assert [position for position, *_ in broken(frame)] == [1]


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        pytest.param(calls({}).drop(columns="line"), "missing column line", id="missing"),
        pytest.param(calls({}).assign(more=1), "unknown column more", id="unknown"),
        pytest.param(calls({}).assign(rings=1.5), "rings is not of the promised type", id="type"),
    ],
)
def test_a_table_of_another_shape_is_refused_as_a_whole(frame, told):
    with pytest.raises(RefusedError, match=f"promise Calls: {told}"):
        promises.failures(frame, Calls)


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        pytest.param(calls({}).drop(columns="line"), "missing column line", id="missing"),
        pytest.param(calls().drop(columns="line"), "missing column line", id="missing, no row"),
        pytest.param(calls({}).assign(more=1), "unknown column more", id="unknown"),
        pytest.param(calls().assign(more=1), "unknown column more", id="unknown, no row"),
    ],
)
def test_a_table_is_held_to_its_columns_even_without_rows(frame, told):
    with pytest.raises(RefusedError, match=f"promise Calls: {told}"):
        hold(frame)


def test_a_table_without_rows_keeps_its_promise():
    hold(calls())


def test_a_table_that_keeps_its_promise_is_not_refused():
    hold(calls({}, {"wait_seconds": None}))


def test_a_refusal_counts_failures_and_quotes_nobody():
    frame = calls({}, *[{"line": "SECRET", "wait_seconds": None}] * 3, {"rings": 6})

    with pytest.raises(RefusedError) as refusal:
        hold(frame)

    assert str(refusal.value) == (
        "extract.calls breaks its promise, so nothing was written. "
        "a call must ring before it waits: 1 row(s); line must be one of 101, 999: 3 row(s)"
    )
    assert "SECRET" not in "".join(traceback.format_exception(refusal.value))


def test_each_type_has_one_duckdb_type_behind_it():
    assert list(promises.duckdb_columns(Calls).values()) == [
        "VARCHAR",
        "VARCHAR",
        "BIGINT",
        "DOUBLE",
        "TIMESTAMPTZ",
        "DATE",
        "BOOLEAN",
    ]


def test_a_description_stands_on_one_margin():
    assert promises.describe(Calls) == "One row per call.\n\nA second line."
