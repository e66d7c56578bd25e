"""Judge a DuckDB table with Pandera's Ibis engine: its rows stay in DuckDB.

Ibis is imported only where a table is judged here: that takes about a second, which the many
small tables of a month need not pay.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from csip_pipeline.promises import Promise, duckdb_columns, in_plain_words
from csip_pipeline.promises_asked import (
    ANSWER,
    all_hold,
    answered,
    brought,
    in_one_query,
    rules_of,
)
from csip_pipeline.refusals import RefusedError
from csip_pipeline.rules import POSITION, Column, is_known

if TYPE_CHECKING:
    from ibis import Table
    from pandera.api.checks import Check
    from pandera.ibis import DataFrameSchema

SETTINGS = ("timezone", "python_enable_replacements", "preserve_insertion_order")
"""What Ibis sets on a connection that it is given, and what the order of answers rests on."""
VIEW = "rows_to_judge"
IBIS_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "BOOLEAN": "boolean",
    "TIMESTAMPTZ": "timestamp('UTC', 6)",
    "DATE": "date",
}
NEVER_KNOWN = '"NULL"'
"""The type of a column that is null in every row."""
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
SUMS = {"HUGEINT", "DECIMAL(38,0)"}
FITTING = {
    "BIGINT": WHOLE,
    "DOUBLE": WHOLE | {"FLOAT", "BIGINT"},
    "TIMESTAMPTZ": {"TIMESTAMP WITH TIME ZONE"},
}
"""Types, as DuckDB describes them, that become the promised one without a question."""
NULL = "not_nullable"
Connection = duckdb.DuckDBPyConnection


class Broken(NamedTuple):
    """A promise that rows of a table break: which, of which column, and where."""

    column: str
    """Empty for a rule between columns."""
    promise: str
    positions: str
    """A query of the rows' places in the table (its rowid)."""


def fits(types: Mapping[str, str], promise: type[Promise], *, sums: bool = False) -> bool:
    """Whether every column has its promised type, or one that fits into it.

    With `sums`, a whole number as DuckDB sums it up fits too, unless one of them is too large:
    is_kept is False then.
    """
    return all(
        types[name] in {kind, NEVER_KNOWN, *FITTING.get(kind, ())}
        or (sums and kind == "BIGINT" and types[name] in SUMS)
        for name, kind in duckdb_columns(promise).items()
    )


def broken_promises(con: Connection, table: str, promise: type[Promise]) -> Iterator[Broken]:
    """Every promise that a table breaks; it has rows, and columns of types that fit.

    A query can be run only until the next is asked for. Raises RefusedError where a rule cannot be
    worked out (a sum too large for its type, say).
    """
    columns, between = _schemas(promise)
    with _ibis(con, table, promise) as (backend, rows):
        if all_hold(con, _query(promise, backend, rows)):
            return
        broken = _broken(backend, columns, rows, promise)
        if rules_of(promise):
            broken += _broken(backend, between, answered(rows, promise), promise)
        unknown = [f"{one.column} {one.promise}".strip() for one in broken if not one.positions]
        if unknown:
            raise RefusedError(
                f"A table cannot be held to its promise {promise.__name__}, because this cannot "
                f"be worked out for all its rows: {'; '.join(unknown)}"
            )
        yield from broken


def is_kept(con: Connection, table: str, promise: type[Promise]) -> bool:
    """Whether a table keeps all of a promise; False means only that it must be looked at.

    Asked by a query that is written once in a process: cheap where tables are judged again and
    again.
    """
    if promise not in _QUERIES:
        with _ibis(con, table, promise) as (backend, rows):
            return all_hold(con, _query(promise, backend, rows))
    con.execute(f"create temporary view {VIEW} as {_typed(table, promise)}")
    try:
        return all_hold(con, _QUERIES[promise])
    finally:
        con.execute(f"drop view {VIEW}")


_QUERIES: dict[type[Promise], str | None] = {}
"""The one query of each promise, over the view of any table that is held to it."""


def _query(promise: type[Promise], backend: Any, rows: "Table") -> str | None:  # noqa: ANN401
    if promise not in _QUERIES:
        _QUERIES[promise] = in_one_query(backend, rows, promise)
    return _QUERIES[promise]


@contextmanager
def _ibis(con: Connection, table: str, promise: type[Promise]) -> Iterator[tuple[Any, "Table"]]:
    """Ibis on the connection, and the table in its promised types with each row's place.

    The connection's settings are afterwards as they were. Types are put right in a view because
    Ibis would compile them into each of its many queries.
    """
    import ibis  # noqa: PLC0415 - see the module

    asked = ", ".join(f"current_setting('{name}')::varchar" for name in SETTINGS)
    (before,) = con.execute(f"select {asked}").fetchall()
    con.execute(f"create temporary view {VIEW} as {_typed(table, promise)}")
    try:
        backend = ibis.duckdb.from_connection(con)
        con.execute("set preserve_insertion_order = true")
        yield backend, backend.table(VIEW)
    finally:
        con.execute(f"drop view {VIEW}")
        for name, value in zip(SETTINGS, before, strict=True):
            con.execute(f"set {name} = '{value}'")


def _typed(table: str, promise: type[Promise]) -> str:
    """The promised columns in their types, and each row's place. NaN is null, as in pandas."""
    columns = ", ".join(
        f"""nullif("{name}"::{kind}, 'nan') as "{name}\""""
        if kind == "DOUBLE"
        else f'"{name}"::{kind} as "{name}"'
        for name, kind in duckdb_columns(promise).items()
    )
    return f"select {columns}, rowid as {POSITION} from {table}"


@cache
def _schemas(promise: type[Promise]) -> tuple["DataFrameSchema", "DataFrameSchema"]:
    """The promise for Ibis: what it says of each column by itself, and its rules."""
    import ibis  # noqa: PLC0415
    import pandera.ibis as pi  # noqa: PLC0415

    columns = {}
    for name, kind in duckdb_columns(promise).items():
        checks = [_summed_up(check) for check in brought(promise, name)]
        if not promise.to_schema().columns[name].nullable:
            checks.append(pi.Check(_has_no_null, error=NULL))
        columns[name] = pi.Column(ibis.dtype(IBIS_TYPES[kind]), checks, nullable=True)
    rules = [
        pi.Check(
            lambda given, answers=ANSWER + rule.name: given.table[answers].all(),
            name=ANSWER + rule.name,
            error=rule.sentence,
            title=rule.column,
        )
        for rule in rules_of(promise)
    ]
    return pi.DataFrameSchema(columns), pi.DataFrameSchema(checks=rules)


def _has_no_null(rows: Any) -> Column:  # noqa: ANN401 - Pandera's table and key
    """What `nullable` asks; to tell of nulls Pandera would count them again and again."""
    return is_known(rows.table[rows.key]).all()


def _summed_up(check: "Check") -> "Check":
    """The same check, asked for the table as a whole: Pandera would fetch the rows that fail."""
    import pandera.ibis as pi  # noqa: PLC0415

    return pi.Check(lambda rows: check(rows.table, rows.key).check_passed, error=check.error)


def _broken(
    backend: Any,  # noqa: ANN401
    schema: "DataFrameSchema",
    rows: "Table",
    promise: type[Promise],
) -> list[Broken]:
    """What Pandera finds, and where."""
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as error:
        found = error.schema_errors
    else:
        return []
    return [_told(backend, one, rows, promise) for one in found]


def _told(backend: Any, error: SchemaError, rows: "Table", promise: type[Promise]) -> Broken:  # noqa: ANN401
    import ibis  # noqa: PLC0415

    check, column = error.check, error.schema.name or error.check.title
    told = in_plain_words(check.error)
    if error.reason_code == SchemaErrorReason.CHECK_ERROR:
        return Broken(column, told, "")
    if check.error == NULL:
        return Broken(column, told, f'select {POSITION} from {VIEW} where "{column}" is null')
    if check.name in rows.columns:  # a rule
        broken = rows.filter(~rows[check.name])
    else:  # a check that Pandera brings: it gives its answers alone, in the order of the rows
        asked = brought(promise, column)[error.check_index]
        answers = asked(rows[column], column).check_output
        answers = answers.select(kept=answers[0], **{POSITION: ibis.row_number()})
        broken = answers.filter(~answers["kept"])
    return Broken(column, told, backend.compile(broken.select(POSITION)))
