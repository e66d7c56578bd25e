"""All DuckDB input and output: connect, read a query, replace a month, replace a table.

monthly_tables says which tables are rebuilt so, and of what.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from csip_pipeline import database_files, promised_tables, promises
from csip_pipeline.refusals import RefusedError
from csip_pipeline.sql_functions import FUNCTIONS

MEMORY = "1GB"
"""What DuckDB may hold in memory, so that intake of any size stays under 2 GB with Python's own."""
# A day's opening hours look few to DuckDB, which would then pair every clock with all of them.
SETTINGS = ("set timezone = 'UTC'", "set asof_loop_join_threshold = 0")
SCHEMAS = ("reference", "extract", "harmonise", "measure", "publish")
PARAMETER = re.compile(r"\$(\w+)")
Connection = duckdb.DuckDBPyConnection
Parameters = Mapping[str, object]


@contextmanager
def connected(
    path: Path, *, read_only: bool = False, spill: Path | None = None
) -> Iterator[Connection]:
    """A connection to a DuckDB file, closed whatever happens.

    What does not fit in MEMORY is written to the folder `spill`, which must be a restricted one.
    Raises RefusedError where another process is writing the file.
    """
    config: dict[str, str | bool | int | float | list[str]] = (
        {"temp_directory": str(spill / "spilt"), "memory_limit": MEMORY} if spill else {}
    )
    try:
        con = duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.IOException as error:
        if is_locked(error):
            raise in_use(path.name) from None
        raise
    try:
        if not read_only:
            database_files.keep_to_owner(Path(path))
        prepare(con, read_only=read_only)
        yield con
    finally:
        con.close()


def is_locked(error: duckdb.IOException) -> bool:
    """Whether DuckDB could not open a file because another process writes it."""
    return "lock" in str(error).casefold()


def in_use(name: str) -> RefusedError:
    """The refusal of work on a file that another run is writing."""
    return RefusedError(
        f"{name} is in use by another run. Wait for it to finish (the Runs page of the Dagster UI "
        "shows it), then try again."
    )


def prepare(con: Connection, *, read_only: bool = False) -> None:
    """Set what every query relies on: moments in UTC, our functions, and the schemas."""
    for setting in SETTINGS:
        con.execute(setting)
    for signature, body in FUNCTIONS.items():
        con.execute(f"create or replace temporary macro {signature} as {body}")
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
    return con.execute(sql, named(sql, parameters)).df()


def fetch_arrow(con: Connection, sql: str, parameters: Parameters | None = None) -> pa.Table:
    """The rows of a query with their types, for another connection to read. See registered."""
    return con.sql(sql, params=named(sql, parameters)).to_arrow_table()


@contextmanager
def registered(con: Connection, **tables: pa.Table) -> Iterator[None]:
    """Rows from elsewhere under their names, for queries of this connection to read."""
    for name, table in tables.items():
        con.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            con.unregister(name)


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
    promised_tables.hold(con, "staged", promise, table)
    ensure(con, table, promise)
    _hold_to_promise(con, table, promise)
    # Sorted so that a small table reads alike however it came about; sorting millions costs more
    # than all else, and who needs them in an order asks for it.
    order = " order by all" if rows <= promised_tables.FEW_ROWS else ""
    _swap(con, table, keys, f"select {_casts(promise)} from staged{order}")
    return rows


def put_month(
    con: Connection, table: str, promise: type[promises.Promise], query: str, month: dt.date
) -> int:
    """Replace one month of a table with rows that were held to their promise before.

    They are written as the query gives them, in its order and without a copy of them between, for
    months of millions of rows. The month is stamped here.
    """
    ensure(con, table, promise)
    _hold_to_promise(con, table, promise)
    stamped = f"select $month::date as month, * from ({query})"
    # Without these, the smaller side of a join may be read first, and the rows' order be lost.
    con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        _swap(con, table, {"month": month}, f"select {_casts(promise)} from ({stamped})")
    finally:
        con.execute("reset disabled_optimizers")
    counted = f"select count(*) from {table} where month = $month"
    ((rows,),) = con.execute(counted, {"month": month}).fetchall()
    return int(rows)


def _swap(con: Connection, table: str, keys: Parameters, query: str) -> None:
    """Put what a query gives in the place of the rows with these keys, or change nothing."""
    where = " and ".join(f"{key} = ${key}" for key in keys)
    con.execute("begin")
    try:
        con.execute(f"delete from {table} where {where}", keys)
        con.execute(f"insert into {table} by name {query}", named(query, keys))
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def replace_table(con: Connection, table: str, promise: type[promises.Promise], query: str) -> int:
    """Replace a whole table with what the query selects, and return the row count."""
    rows = _stage(con, query, {}, {})
    promised_tables.hold(con, "staged", promise, table)
    con.execute(f"create or replace table {table} as select {_casts(promise)} from staged")
    return rows


def ensure(con: Connection, table: str, promise: type[promises.Promise]) -> None:
    """Make an empty table where there is none yet, so that readers find its columns."""
    columns = ", ".join(f"{name} {kind}" for name, kind in promises.duckdb_columns(promise).items())
    con.execute(f"create table if not exists {table} ({columns})")


def exactly(path: Path) -> str:
    """A path as DuckDB's readers take it: what they would take for a pattern, spelt out.

    Else the * or ? of a folder of ours lets them read another's files. Readers also need
    hive_partitioning = false: a folder called env=prod adds a column otherwise.
    """
    return "".join(f"[{one}]" if one in "*?[" else one for one in str(path))


def exists(con: Connection, table: str) -> bool:
    """Whether the table is there, written schema.table."""
    schema, _, name = table.rpartition(".")
    found = con.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = $schema and table_name = $name",
        {"schema": schema, "name": name},
    ).fetchall()
    return bool(found[0][0])


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
    con.execute(sql, named(sql, parameters))
    ((rows,),) = con.execute("select count(*) from staged").fetchall()
    return int(rows)


def _hold_to_promise(con: Connection, table: str, promise: type[promises.Promise]) -> None:
    """Refuse to write to a table that an earlier version made with other columns."""
    made = {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}
    promised = promises.duckdb_columns(promise)
    if made.keys() != promised.keys():
        raise RefusedError(
            f"{table} was made by an earlier version, with other columns. Move its file away "
            "(warehouse.duckdb can be rebuilt from the extracts), then run its months again."
        )


def _casts(promise: type[promises.Promise]) -> str:
    return ", ".join(
        f'"{name}"::{kind} as "{name}"' for name, kind in promises.duckdb_columns(promise).items()
    )


def named(sql: str, parameters: Parameters | None) -> dict[str, object]:
    """Those of the parameters that the query names."""
    wanted = set(PARAMETER.findall(sql))
    return {name: value for name, value in (parameters or {}).items() if name in wanted}
