"""All DuckDB input and output: connect, read a query, replace a month, replace a table."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import pandas as pd

from csip_pipeline import promises
from csip_pipeline.refusals import RefusedError

SCHEMAS = ("reference", "extract", "harmonise", "measure", "publish")
PARAMETER = re.compile(r"\$(\w+)")

Connection = duckdb.DuckDBPyConnection
Parameters = Mapping[str, object]


@contextmanager
def connected(path: Path, *, read_only: bool = False) -> Iterator[Connection]:
    """A connection to a DuckDB file, closed whatever happens.

    Raises RefusedError where another process is writing the file.
    """
    try:
        con = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        if "lock" not in str(error).casefold():
            raise
        raise RefusedError(
            f"{path.name} is in use by another run. Wait for it to finish (csip status, or the "
            "Runs page of the Dagster UI), then try again."
        ) from None
    try:
        prepare(con, read_only=read_only)
        yield con
    finally:
        con.close()


def prepare(con: Connection, *, read_only: bool = False) -> None:
    """Set what every query relies on: moments in UTC, and the schemas."""
    con.execute("set timezone = 'UTC'")
    if not read_only:
        for schema in SCHEMAS:
            con.execute(f"create schema if not exists {schema}")


@cache
def read_query(name: str) -> str:
    """The text of a query file by its name in the package, such as measure/breaches."""
    folder, _, file = name.rpartition("/")
    package = "csip_pipeline." + folder.replace("/", ".")
    return files(package).joinpath(f"{file}.sql").read_text(encoding="utf-8")


def fetch(con: Connection, sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
    """The rows of a query. Only the parameters that it names are bound."""
    return con.execute(sql, _named(sql, parameters)).df()


def replace_month(  # noqa: PLR0913 - one home for every write
    con: Connection,
    table: str,
    promise: type[promises.Promise],
    queries: str | Iterable[str],
    month: dt.date,
    *,
    within: Parameters | None = None,
    parameters: Parameters | None = None,
) -> int:
    """Replace one month of a table with what the queries select, and return the row count.

    The rows are held to the promise first, so that a bad month leaves the good one standing.
    `within` narrows what is replaced (for example to one feed). The month is stamped here, so
    that no query can put a row in the wrong one.
    """
    keys: dict[str, object] = {"month": month, **(within or {})}
    rows = _stage(con, queries, {**(parameters or {}), **keys}, keys)
    promises.hold(fetch(con, "from staged"), promise, table)
    _create(con, table, promise)
    where = " and ".join(f"{key} = ${key}" for key in keys)
    con.execute("begin")
    try:
        con.execute(f"delete from {table} where {where}", keys)
        con.execute(f"insert into {table} by name select {_casts(promise)} from staged")
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    return rows


def replace_table(con: Connection, table: str, promise: type[promises.Promise], query: str) -> int:
    """Replace a whole table with what the query selects, and return the row count."""
    rows = _stage(con, query, {}, {})
    promises.hold(fetch(con, "from staged"), promise, table)
    con.execute(f"create or replace table {table} as select {_casts(promise)} from staged")
    return rows


def ensure(con: Connection, table: str, promise: type[promises.Promise]) -> None:
    """Make an empty table where there is none yet, so that readers find its columns."""
    _create(con, table, promise)


def exists(con: Connection, table: str) -> bool:
    """Whether the table is there, written schema.table."""
    schema, _, name = table.rpartition(".")
    found = con.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = $schema and table_name = $name",
        {"schema": schema, "name": name},
    ).fetchone()
    return found is not None and found[0] > 0


def tables_read(sql: str) -> set[str]:
    """Every schema.table that a query reads, from DuckDB's own parse of it."""
    with connected(Path(":memory:")) as con:
        row = con.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise ValueError(tree.get("error_message", "not a select statement"))
    return set(_base_tables(tree))


def _base_tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
            yield f"{node['schema_name']}.{node['table_name']}"
        for child in node.values():
            yield from _base_tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _base_tables(child)


def _stage(
    con: Connection, queries: str | Iterable[str], parameters: Parameters, stamps: Parameters
) -> int:
    """Run the queries into the temporary table `staged`, with the stamps put on every row."""
    several = [queries] if isinstance(queries, str) else list(queries)
    union = " union all by name ".join(f"(select * from (\n{query}\n))" for query in several)
    stamped = ", ".join(
        f"${name}{'::date' if isinstance(value, dt.date) else ''} as {name}"
        for name, value in stamps.items()
    )
    keep = f"columns(lambda name: not list_contains({list(stamps)}, name))"
    sql = (
        f"create or replace temporary table staged as "
        f"select {stamped + ', ' if stamped else ''}{keep} from ({union})"
    )
    con.execute(sql, _named(sql, parameters))
    counted = con.execute("select count(*) from staged").fetchone()
    return int(counted[0]) if counted else 0


def _create(con: Connection, table: str, promise: type[promises.Promise]) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in promises.duckdb_columns(promise).items())
    con.execute(f"create table if not exists {table} ({columns})")


def _casts(promise: type[promises.Promise]) -> str:
    return ", ".join(
        f"{name}::{kind} as {name}" for name, kind in promises.duckdb_columns(promise).items()
    )


def _named(sql: str, parameters: Parameters | None) -> dict[str, object]:
    wanted = set(PARAMETER.findall(sql))
    return {name: value for name, value in (parameters or {}).items() if name in wanted}
