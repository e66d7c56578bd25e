"""One warehouse in memory, handed from test to test: making its tables takes longer than a test."""

from contextlib import ExitStack
from pathlib import Path

import duckdb
import given

from csip_pipeline import warehouse

CATALOGUE = """
select 'table', database_name, schema_name, table_name, sql from duckdb_tables()
union all
select 'view', database_name, schema_name, view_name, sql from duckdb_views() where not internal
union all
select 'schema', database_name, schema_name, null, null from duckdb_schemas() where not internal
union all
select 'setting', null, null, name, value from duckdb_settings()
order by all
"""
PASSING = """
select 'drop table temp."' || table_name || '"' from duckdb_tables() where temporary
union all
select 'drop view temp."' || view_name || '"' from duckdb_views() where temporary and not internal
"""
FILLED = """
select 'delete from ' || schema_name || '.' || table_name from duckdb_tables()
where estimated_size > 0
"""

Catalogue = dict[tuple[str, str, str, str], str]


class Emptied:
    """A warehouse with every table and no row. A test that leaves another one behind ends it."""

    def __init__(self) -> None:
        """Make nothing yet: not every worker needs one."""
        self._open = ExitStack()
        self._con: warehouse.Connection | None = None
        self._catalogue: Catalogue = {}

    def again(self) -> warehouse.Connection:
        """The warehouse, as if it were new."""
        if self._con is None or not self._is_as_it_was(self._con):
            self.close()
            self._con = self._open.enter_context(warehouse.connected(Path(":memory:")))
            self._con.execute("set threads = 1")  # for a few rows, two only wait for each other
            given.nothing(self._con)
            self._catalogue = _catalogue(self._con)
        return self._con

    def close(self) -> None:
        """Let go of it."""
        self._open.close()
        self._con = None

    def _is_as_it_was(self, con: warehouse.Connection) -> bool:
        """Whether nothing is left over but rows and temporary tables, which go."""
        try:
            _do(con, PASSING)
            now = _catalogue(con)
            if now.keys() != self._catalogue.keys():
                return False
            changed = [one for one, made in self._catalogue.items() if now[one] != made]
            if any(kind != "table" for kind, *_ in changed):
                return False
            for one in changed:  # a history, which is made anew as a whole
                con.execute(self._catalogue[one].replace("CREATE", "create or replace", 1))
            _do(con, FILLED)
        except duckdb.Error:  # closed, or in the middle of a transaction
            return False
        return True


def _catalogue(con: warehouse.Connection) -> Catalogue:
    """What there is, and how it was made or stands."""
    rows = con.execute(CATALOGUE).fetchall()
    return {(kind, database, schema, name): made for kind, database, schema, name, made in rows}


def _do(con: warehouse.Connection, query: str) -> None:
    """Execute the statements that a query gives."""
    statements = "; ".join(statement for (statement,) in con.execute(query).fetchall())
    if statements:
        con.execute(statements)
