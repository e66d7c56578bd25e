"""A table is replaced a month at a time, whole or not at all, and only by rows that keep to it."""

import datetime as dt
import os
import stat
import traceback
from multiprocessing import get_context
from pathlib import Path

import duckdb
import given
import pandera.pandas as pa
import pytest

from csip_pipeline import monthly_tables, warehouse
from csip_pipeline.harmonise import call_legs
from csip_pipeline.parsed_queries import tables_read
from csip_pipeline.promises import Claim, Day, Moment, Promise, Real, Text, Whole
from csip_pipeline.refusals import RefusedError

TABLE = "measure.rings"
JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
SOMEBODY = "07700 900123"


class Rings(Promise):
    """One row per call that rang."""

    month: Day
    line: Text = pa.Field(isin=["101", "999"])
    rings: Whole = pa.Field(ge=0)


@pytest.fixture
def con():
    """A warehouse in memory, without any table."""
    with warehouse.connected(Path(":memory:")) as connection:
        yield connection


def replace(con, query, month=JANUARY, **more):
    return warehouse.replace_month(con, TABLE, Rings, query, month, **more)


def kept(con):
    """Month, line and rings of every row, in their order."""
    rows = con.execute(f"select strftime(month, '%Y-%m'), line, rings from {TABLE} order by all")
    return rows.fetchall()


@pytest.mark.skipif(os.name == "nt", reason="modes mean little there")
def test_nobody_but_its_owner_may_read_the_file_whatever_it_was_before(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with warehouse.connected(path):
        made = stat.S_IMODE(path.stat().st_mode)
    path.chmod(0o644)
    with warehouse.connected(path, read_only=True):
        pass
    looked_at = stat.S_IMODE(path.stat().st_mode)
    with warehouse.connected(path):
        pass

    assert (made, looked_at, stat.S_IMODE(path.stat().st_mode)) == (0o600, 0o644, 0o600)


def test_a_month_is_replaced_and_the_others_are_left(con):
    replace(con, "select '101' as line, 1 as rings", JANUARY)
    replace(con, "select '101' as line, 2 as rings", FEBRUARY)

    assert replace(con, "select '999' as line, unnest([3, 4]) as rings", JANUARY) == 2
    assert kept(con) == [("2026-01", "999", 3), ("2026-01", "999", 4), ("2026-02", "101", 2)]


def test_a_month_is_stamped_whatever_the_query_says(con):
    replace(con, "select date '1999-12-01' as month, '101' as line, 1 as rings")

    assert kept(con) == [("2026-01", "101", 1)]


def test_a_month_that_has_nothing_any_more_is_emptied(con):
    replace(con, "select '101' as line, 1 as rings")

    assert replace(con, "select '101' as line, 1 as rings where false") == 0
    assert kept(con) == []


def test_several_queries_fill_one_month_by_the_names_of_their_columns(con):
    rows = replace(con, ["select '101' as line, 1 as rings", "select 2 as rings, '999' as line"])

    assert rows == 2
    assert kept(con) == [("2026-01", "101", 1), ("2026-01", "999", 2)]


def test_a_query_may_end_in_a_comment_and_use_the_month_and_what_it_is_given(con):
    query = "select $line as line, month($month::date) as rings -- that is all"

    replace(con, query, FEBRUARY, parameters={"line": "999", "unused": 1})

    assert kept(con) == [("2026-02", "999", 2)]


def test_within_narrows_what_is_replaced_and_is_stamped_too(con):
    replace(con, "select '101' as line, 1 as rings union all select '999', 2")

    replace(con, "select '101' as line, 3 as rings", within={"line": "999"})

    assert kept(con) == [("2026-01", "101", 1), ("2026-01", "999", 3)]


def test_a_write_that_fails_leaves_the_month_as_it_was_and_the_connection_usable(con):
    con.execute(f"create table {TABLE} (month date, line varchar, rings bigint check (rings < 9))")
    replace(con, "select '101' as line, 1 as rings")

    with pytest.raises(duckdb.ConstraintException):
        replace(con, "select '101' as line, unnest([2, 9]) as rings")

    assert kept(con) == [("2026-01", "101", 1)]
    replace(con, "select '101' as line, 3 as rings")
    assert kept(con) == [("2026-01", "101", 3)]


def test_a_table_older_than_its_promise_keeps_its_month(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with warehouse.connected(path) as con:
        con.execute(f"create table {TABLE} as select date '2026-01-01' as month, '101' as line")
        with pytest.raises(RefusedError, match="made by an earlier version"):
            replace(con, "select '101' as line, 1 as rings")

    with warehouse.connected(path, read_only=True) as con:
        assert con.execute(f"from {TABLE}").fetchall() == [(JANUARY, "101")]


def test_a_run_that_is_stopped_between_deleting_and_writing_keeps_the_month(con, monkeypatch):
    replace(con, "select '101' as line, 1 as rings")

    def stopped(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(warehouse, "_casts", stopped)  # called for the insert, after the delete
    with pytest.raises(KeyboardInterrupt):
        replace(con, "select '101' as line, 2 as rings")

    assert kept(con) == [("2026-01", "101", 1)]


def test_a_broken_promise_is_counted_quotes_nobody_and_leaves_the_good_month(con):
    replace(con, "select '101' as line, 1 as rings")

    with pytest.raises(RefusedError) as caught:
        replace(
            con,
            f"select unnest(['101', '{SOMEBODY}', '{SOMEBODY}']) as line, "
            "unnest([1, 2, -9876]) as rings",
        )

    assert f"{TABLE} breaks its promise, so nothing was written." in str(caught.value)
    assert "line must be one of 101, 999: 2 row(s)" in str(caught.value)
    assert "rings must not be less than 0: 1 row(s)" in str(caught.value)
    logged = "".join(traceback.format_exception(caught.value))
    assert SOMEBODY not in str(caught.value)
    assert "9876" not in str(caught.value)
    assert "SchemaErrors" not in logged
    assert kept(con) == [("2026-01", "101", 1)]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        pytest.param("select '101' as line", "missing column rings", id="one missing"),
        pytest.param(
            "select '101' as line, 1 as rings, 2 as bells", "unknown column bells", id="one more"
        ),
        pytest.param(
            f"select '101' as line, '{SOMEBODY}' as rings", "rings is not of", id="another type"
        ),
    ],
)
def test_a_table_of_another_shape_is_refused_before_it_is_made(con, query, fault):
    with pytest.raises(RefusedError, match=fault) as caught:
        replace(con, query)

    assert SOMEBODY not in str(caught.value)
    assert not warehouse.exists(con, TABLE)


def test_a_table_has_the_types_of_its_promise_whatever_the_query_gives(con):
    class Typed(Promise):
        """One row of every type."""

        month: Day
        name: Text
        rows: Whole
        share: Real
        is_kept: Claim
        received_at: Moment

    query = (
        "select 'x' as name, 1::tinyint as rows, 1 as share, true as is_kept, now() as received_at"
    )
    warehouse.replace_month(con, "measure.typed", Typed, query, JANUARY)

    columns = "from duckdb_columns() where table_name = 'typed'"
    kinds = dict(con.execute(f"select column_name, data_type {columns}").fetchall())
    assert [kinds[name] for name in ("month", "name", "rows")] == ["DATE", "VARCHAR", "BIGINT"]
    assert [kinds[name] for name in ("share", "is_kept")] == ["DOUBLE", "BOOLEAN"]
    assert kinds["received_at"] == "TIMESTAMP WITH TIME ZONE"


def test_a_rebuilt_month_is_what_the_tables_queries_select_of_it(con):
    given.nothing(con)
    given.telephony(
        con,
        {"call_id": "a", "arrived_at": "2026-01-05 09:00"},
        {"call_id": "b", "arrived_at": "2026-02-05 09:00"},
    )

    for _ in range(2):
        assert monthly_tables.rebuild(con, call_legs.TABLE, JANUARY) == 1
    assert con.execute("select month from harmonise.call_legs").fetchall() == [(JANUARY,)]


def test_a_whole_table_is_replaced_or_left_alone(con):
    month = "date '2026-01-01' as month"
    for rings in (1, 2):
        query = f"select {month}, '101' as line, {rings} as rings"
        assert warehouse.replace_table(con, TABLE, Rings, query) == 1
    assert kept(con) == [("2026-01", "101", 2)]

    with pytest.raises(RefusedError, match=r"must not be less than 0: 1 row\(s\)"):
        warehouse.replace_table(con, TABLE, Rings, f"select {month}, '101' as line, -1 as rings")
    assert kept(con) == [("2026-01", "101", 2)]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        pytest.param("select 1", set(), id="nothing"),
        pytest.param("from a.b", {"a.b"}, id="from alone"),
        pytest.param("select * from a.b where month = $month::date", {"a.b"}, id="parameter"),
        pytest.param("with c as (from a.b) select * from c", {"a.b"}, id="CTE"),
        pytest.param("with b as (from a.b) from b", {"a.b"}, id="CTE named as its table"),
        pytest.param(
            "with c as (from a.b), d as (with e as (from a.f) from e) from c, d",
            {"a.b", "a.f"},
            id="CTE in a CTE",
        ),
        pytest.param(
            "with recursive r as (select 1 as n union all select n + 1 from r, a.b where n < 3) "
            "select * from r",
            {"a.b"},
            id="recursive CTE",
        ),
        pytest.param("select (select max(n) from a.b) from a.c", {"a.b", "a.c"}, id="scalar"),
        pytest.param("from a.b where exists (from a.c)", {"a.b", "a.c"}, id="exists"),
        pytest.param("from a.b where n in (select n from a.c)", {"a.b", "a.c"}, id="in"),
        pytest.param("select * from (select * from (from a.b))", {"a.b"}, id="subquery"),
        pytest.param(
            "from a.b join a.c using (n) left join a.d on true", {"a.b", "a.c", "a.d"}, id="joins"
        ),
        pytest.param("from a.b anti join a.c using (n)", {"a.b", "a.c"}, id="anti join"),
        pytest.param("from a.b asof join a.c on b.n >= c.n", {"a.b", "a.c"}, id="asof join"),
        pytest.param("from a.b, lateral (from a.c where n = b.n)", {"a.b", "a.c"}, id="lateral"),
        pytest.param("from a.b union all by name from a.c", {"a.b", "a.c"}, id="union"),
        pytest.param(
            "from a.b except from a.c intersect from a.d", {"a.b", "a.c", "a.d"}, id="sets"
        ),
        pytest.param("select 'from a.x' from a.b -- from a.y", {"a.b"}, id="words and comments"),
    ],
)
def test_every_table_that_a_query_reads_is_found_and_nothing_else(sql, tables):
    assert tables_read(sql) == tables


@pytest.mark.parametrize(
    "sql", ["delete from a.b", "select from where", "create table a.b (n int)"]
)
def test_what_is_no_select_reads_nothing_that_could_be_named(sql):
    with pytest.raises(ValueError, match=r"."):
        tables_read(sql)


def test_only_the_parameters_that_a_query_names_are_bound(con):
    given_more = {"month": JANUARY, "line": "101", "lines": ["999"]}

    assert warehouse.fetch(con, "select $line as line", given_more)["line"].tolist() == ["101"]
    assert warehouse.fetch(con, "select 1 as n", given_more)["n"].tolist() == [1]
    assert warehouse.fetch(con, "select 1 as n")["n"].tolist() == [1]


def test_a_parameter_that_was_forgotten_is_not_taken_for_null(con):
    with pytest.raises(duckdb.Error, match="line"):
        warehouse.fetch(con, "select $line as line", {"month": JANUARY})


def test_moments_are_read_in_utc_wherever_the_office_is(con):
    local = "select timestamptz '2026-07-01 00:30:00+01'::date::varchar as day"

    assert warehouse.fetch(con, local)["day"].tolist() == ["2026-06-30"]


def test_a_file_that_another_process_writes_is_refused_in_one_plain_line(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    processes = get_context("spawn")
    holding, let_go = processes.Event(), processes.Event()
    other = processes.Process(target=hold, args=(path, holding, let_go))
    other.start()
    try:
        assert holding.wait(30)
        for read_only in (True, False):
            with pytest.raises(RefusedError) as caught:
                warehouse.connected(path, read_only=read_only).__enter__()
            assert "warehouse.duckdb is in use by another run. Wait" in str(caught.value)
            assert "\n" not in str(caught.value)
            assert str(tmp_path) not in "".join(traceback.format_exception(caught.value))
    finally:
        let_go.set()
        other.join(30)
    with warehouse.connected(path) as con:
        assert con.execute("select n from held").fetchall() == [(1,)]


def hold(path, holding, let_go):
    """Write a DuckDB file, and keep it open until told to let go."""
    with warehouse.connected(path) as con:
        con.execute("create table held as select 1 as n")
        holding.set()
        let_go.wait(30)


def test_a_file_that_is_no_warehouse_is_not_said_to_be_in_use(tmp_path):
    path = tmp_path / "broken.duckdb"
    path.write_bytes(b"not a database " * 999)

    with pytest.raises(duckdb.IOException), warehouse.connected(path):
        pass
