"""Judge a DuckDB table with Pandera's Ibis engine: its rows stay in DuckDB.

Ibis is imported only where a table is judged here: that takes about a second, which the many
small tables of a month need not pay.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
from pandera.errors import SchemaError, SchemaErrors

from csip_pipeline.promises import Promise, duckdb_columns, in_plain_words
from csip_pipeline.refusals import RefusedError
from csip_pipeline.rules import POSITION, Column, is_null

if TYPE_CHECKING:
    from ibis import Table
    from pandera.api.checks import Check
    from pandera.ibis import DataFrameSchema

SETTINGS = ("timezone", "python_enable_replacements")
"""What Ibis sets on a connection that it is given."""
IBIS_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "BOOLEAN": "boolean",
    "TIMESTAMPTZ": "timestamp('UTC', 6)",
    "DATE": "date",
}
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}
FITTING = {
    "BIGINT": WHOLE,
    "DOUBLE": WHOLE | {"FLOAT", "BIGINT"},
    "TIMESTAMPTZ": {"TIMESTAMP WITH TIME ZONE"},
}
"""Types, as DuckDB describes them, that become the promised one without a question."""
ANSWER = "answer_"
"""What the name of a column of a rule's answers begins with."""

Connection = duckdb.DuckDBPyConnection


class Broken(NamedTuple):
    """A promise that rows of a table break: which, of which column, and where."""

    column: str
    """Empty for a rule between columns."""
    promise: str
    positions: str
    """A query of the rows' places in the table (its rowid), as `position`."""


class _Rule(NamedTuple):
    name: str
    sentence: str
    column: str = ""
    is_unique: bool = False


def fits(types: Mapping[str, str], promise: type[Promise]) -> bool:
    """Whether every column has its promised type, or one that fits into it."""
    promised = duckdb_columns(promise)
    return all(types[name] in {kind, *FITTING.get(kind, ())} for name, kind in promised.items())


def broken_promises(con: Connection, table: str, promise: type[Promise]) -> list[Broken]:
    """Every promise that a table breaks; it has rows, and columns of types that fit.

    Raises RefusedError where a rule cannot be worked out (a sum too large for its type, say).
    """
    columns, between = _schemas(promise)
    with _ibis(con) as backend:
        rows = _typed(backend.table(table), promise)
        broken = _broken(backend, columns, rows)
        if _rules(promise):
            broken += _broken(backend, between, _answered(rows, promise))
    unknown = [f"{one.column} {one.promise}".strip() for one in broken if not one.positions]
    if unknown:
        raise RefusedError(
            f"A table cannot be held to its promise {promise.__name__}, because this cannot be "
            f"worked out for all its rows: {'; '.join(unknown)}"
        )
    return broken


@contextmanager
def _ibis(con: Connection) -> Iterator[Any]:
    """Ibis on the connection, whose settings are afterwards as they were."""
    import ibis  # noqa: PLC0415 - see the module

    asked = ", ".join(f"current_setting('{name}')::varchar" for name in SETTINGS)
    (before,) = con.execute(f"select {asked}").fetchall()
    try:
        yield ibis.duckdb.from_connection(con)
    finally:
        for name, value in zip(SETTINGS, before, strict=True):
            con.execute(f"set {name} = '{value}'")


def _typed(rows: "Table", promise: type[Promise]) -> "Table":
    """The promised columns in their types, and each row's place. NaN is null, as in pandas."""
    columns = {POSITION: rows.rowid()}
    for name, kind in duckdb_columns(promise).items():
        column = rows[name].cast(IBIS_TYPES[kind])
        columns[name] = column.nullif(float("nan")) if kind == "DOUBLE" else column
    return rows.select(**columns)


def _answered(rows: "Table", promise: type[Promise]) -> "Table":
    """The rows with the answer to each rule beside them.

    A rule may look at other rows (a window), which cannot be summed up in the same query.
    """
    return rows.mutate(
        **{ANSWER + rule.name: _answer(rows, rule, promise) for rule in _rules(promise)}
    )


def _answer(rows: "Table", rule: _Rule, promise: type[Promise]) -> Column:
    if not rule.column:
        return getattr(promise, rule.name)(rows)
    column = rows[rule.column]
    if rule.is_unique:
        return is_null(column) | (column.count().over(group_by=[column]) == 1)
    return is_null(column) | getattr(promise, rule.name)(column)


@cache
def _rules(promise: type[Promise]) -> list[_Rule]:
    """The promise's own rules, and the columns whose values must not be there twice."""
    declared = promise.to_schema()
    rules = [_Rule(str(check.name), str(check.error)) for check in declared.checks]
    for name, column in declared.columns.items():
        own = [check for check in column.checks if not _is_builtin(check)]
        rules += [_Rule(str(check.name), str(check.error), name) for check in own]
        if column.unique:  # which Pandera does not look at in Ibis
            rules.append(_Rule(name, "field_uniqueness", name, is_unique=True))
    return rules


@cache
def _schemas(promise: type[Promise]) -> tuple["DataFrameSchema", "DataFrameSchema"]:
    """The promise for Ibis: what it says of each column by itself, and its rules."""
    import ibis  # noqa: PLC0415
    import pandera.ibis as pi  # noqa: PLC0415

    declared = promise.to_schema().columns
    columns = {
        name: pi.Column(
            ibis.dtype(IBIS_TYPES[kind]),
            nullable=declared[name].nullable,
            checks=[_brief(check) for check in declared[name].checks if _is_builtin(check)],
        )
        for name, kind in duckdb_columns(promise).items()
    }
    rules = [
        pi.Check(
            lambda given, name=ANSWER + rule.name: given.table[name],
            error=rule.sentence,
            title=rule.column,
            ignore_na=False,
            n_failure_cases=0,
        )
        for rule in _rules(promise)
    ]
    return pi.DataFrameSchema(columns), pi.DataFrameSchema(checks=rules)


def _is_builtin(check: "Check") -> bool:
    return check.registry_name is not None


def _brief(check: "Check") -> "Check":
    """The same check, for whose message Pandera fetches no rows: they would be people's."""
    brief = copy(check)
    brief.n_failure_cases = 0
    return brief


def _broken(backend: Any, schema: "DataFrameSchema", rows: "Table") -> list[Broken]:  # noqa: ANN401
    """What Pandera finds, without the values that its error holds."""
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as error:
        found = error.schema_errors
    else:
        return []
    return [_told(backend, one, rows) for one in found]


def _told(backend: Any, error: SchemaError, rows: "Table") -> Broken:  # noqa: ANN401
    import ibis  # noqa: PLC0415

    check, kept = error.check, error.check_output
    told = in_plain_words(check if isinstance(check, str) else check.error)
    column = error.schema.name or getattr(check, "title", "")
    if kept is None:
        return Broken(column, told, "")
    if isinstance(kept, ibis.Table):  # Pandera's own check: its answers alone, in table order
        kept = kept.select(kept=kept[0], position=ibis.row_number())
        broken = kept.filter(~kept["kept"])
    else:
        broken = rows.filter(kept if check == "not_nullable" else ~kept)
        broken = broken.select(position=POSITION)
    return Broken(column, told, backend.compile(broken.select("position")))
