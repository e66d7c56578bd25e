"""Hold a DuckDB table to its promise, with whichever of Pandera's engines is faster at its size."""

from collections import Counter
from collections.abc import Mapping

import duckdb

from csip_pipeline import promises, promises_in_duckdb
from csip_pipeline.promises import NOT_THE_TYPE, Promise, duckdb_columns
from csip_pipeline.refusals import RefusedError

FEW_ROWS = 200_000
"""Up to so many rows a table is judged in pandas, beyond in DuckDB.

Measured on telephony as delivered: pandas takes 3 s a million rows, DuckDB 0.2 s and then 0.3 s a
million, so that they are even at 100,000; but loading Ibis takes 1 s more, once in a process.
"""
OFTEN = 3
"""How often a promise is judged in a process before its one query is written."""
DAYS = "between '1677-09-22' and '2262-04-11'"
"""The days that pandas can hold: both engines refuse a table with others."""

Connection = duckdb.DuckDBPyConnection


def judge(
    con: Connection,
    table: str,
    promise: type[Promise],
    *,
    key: str = "rowid",
    into: str = "broken",
) -> None:
    """Make the temporary table `into` of every broken promise: row_id (the key), column, promise.

    No row may ever have been deleted from the table, and other columns than the promised ones are
    left alone. Raises RefusedError where the table as a whole is not of the promised shape.
    """
    types = _types(con, table)
    _refuse(promise, [f"missing column {name}" for name in duckdb_columns(promise).keys() - types])
    rows = _counted(con, table, types, promise)
    con.execute(
        f"create or replace temporary table {into} "
        '(row_id bigint, "column" varchar, promise varchar)'
    )
    insert = (
        f"insert into {into} select {table}.{key}, {{}} from {{}} "
        f"inner join {table} on {table}.rowid = found.position"
    )
    if 0 < rows <= FEW_ROWS and _is_quickly_seen_to_be_kept(con, table, types, promise):
        return
    if rows > FEW_ROWS and promises_in_duckdb.fits(types, promise):
        for one in promises_in_duckdb.broken_promises(con, table, promise):
            named = {"column": one.column, "promise": one.promise}
            found = f"({one.positions}) as found (position)"
            con.execute(insert.format("$column, $promise", found), named)
    elif rows:
        columns = ", ".join(f'"{name}"' for name in duckdb_columns(promise))
        frame = con.execute(f"select {columns} from {table} order by rowid").df()
        con.register("found", promises.failures(frame, promise))
        con.execute(insert.format('found."column", found.promise', "found"))
        con.unregister("found")


def hold(
    con: Connection, table: str, promise: type[Promise], name: str, *, in_part: bool = False
) -> None:
    """Raise RefusedError, with counts, where the table is not what is promised of it.

    in_part: the promise is of some of its columns; others are left alone.
    """
    unknown = set() if in_part else _types(con, table).keys() - duckdb_columns(promise)
    _refuse(promise, [f"unknown column {column}" for column in unknown])
    judge(con, table, promise, into="broken_on_writing")
    counts = con.execute(
        'select "column", promise, count(*) from broken_on_writing group by all order by all'
    ).fetchall()
    if counts:
        told = "; ".join(
            f"{' '.join(part for part in (column, sentence) if part)}: {rows} row(s)"
            for column, sentence, rows in counts
        )
        raise RefusedError(f"{name} breaks its promise, so nothing was written. {told}")


_judged: Counter[type[Promise]] = Counter()


def _is_quickly_seen_to_be_kept(
    con: Connection, table: str, types: Mapping[str, str], promise: type[Promise]
) -> bool:
    """Whether a small table keeps its promise, by the promise's one query once that is worth it.

    Loading Ibis and writing a query take what some ten judgements in pandas do, and a process that
    runs one month judges a table once or twice. False means only that pandas must look.
    """
    _judged[promise] += 1
    if _judged[promise] <= OFTEN or not promises_in_duckdb.fits(types, promise, sums=True):
        return False
    return promises_in_duckdb.is_kept(con, table, promise)


def _types(con: Connection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}


def _refuse(promise: type[Promise], faults: list[str]) -> None:
    if faults:
        raise promises.not_of_the_shape(promise, sorted(faults))


def _counted(con: Connection, table: str, types: dict[str, str], promise: type[Promise]) -> int:
    """The number of rows, whose days are such as pandas can hold."""
    days = [name for name in duckdb_columns(promise) if types[name] == "DATE"]
    beyond = "".join(f", coalesce(bool_or({day} not {DAYS}), false)" for day in days)
    ((rows, *are_beyond),) = con.execute(f"select count(*){beyond} from {table}").fetchall()
    wrong = [day for day, is_beyond in zip(days, are_beyond, strict=True) if is_beyond]
    _refuse(promise, [f"{day} {NOT_THE_TYPE}" for day in wrong])
    return int(rows)
