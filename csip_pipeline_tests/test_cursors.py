"""Connections of one open database share its functions, and nothing that one of them makes."""

import duckdb
import pytest

from csip_pipeline import cursors, warehouse

HALF = "select wilson_lower(5, 10), newcombe_upper(5, 10, 4, 10), median_rank(100)"


@pytest.fixture
def path(tmp_path):
    """Where a database stands that was opened and shared before."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        cursors.share(con)
    return path


def test_every_cursor_finds_the_functions_that_a_connection_of_its_own_has(path):
    with duckdb.connect(str(path)) as con, warehouse.connected(path.with_name("own")) as own:
        cursors.share(con)
        for _ in range(2):
            with cursors.cursor(con) as cursor:
                assert cursor.execute(HALF).fetchall() == own.execute(HALF).fetchall()


def test_a_cursor_is_set_as_a_connection_of_its_own_is(path):
    asked = "select current_setting('timezone'), current_setting('asof_loop_join_threshold')"

    with duckdb.connect(str(path)) as con, warehouse.connected(path.with_name("own")) as own:
        cursors.share(con)
        with cursors.cursor(con) as cursor:
            assert cursor.execute(asked).fetchall() == own.execute(asked).fetchall()


def test_what_a_cursor_makes_for_itself_no_other_sees_and_tables_are_the_files(path):
    with duckdb.connect(str(path)) as con:
        cursors.share(con)
        with cursors.cursor(con) as one, cursors.cursor(con) as other:
            one.execute("create temporary table staged as select 1 as rings")
            one.execute("create table measure.rings as select * from staged")
            assert not warehouse.exists(other, "main.staged")
            assert other.execute("select * from measure.rings").fetchall() == [(1,)]
    with duckdb.connect(str(path)) as con:
        kept = con.execute("select table_schema, table_name from information_schema.tables")
        assert kept.fetchall() == [("measure", "rings")]


def test_no_function_is_kept_in_the_file(path):
    with (
        duckdb.connect(str(path), read_only=True) as con,
        pytest.raises(duckdb.CatalogException, match="wilson_lower"),
    ):
        con.execute(HALF)
