"""Which columns of other tables each column of a query is worked out from, as its SQL says."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

Source = tuple[str, str]
"""A table (schema.table) and one of its columns."""
Lineage = dict[str, list[Source]]
Columns = Mapping[str, Mapping[str, str]]
"""The columns of each table (schema.table) and their types in DuckDB."""
Node = Any
"""Any part of a parsed query."""


def of_query(sql: str, columns: Columns) -> Lineage:
    """The sources of each column that a query selects: of its value, not of which rows there are.

    A column that a row is only joined, filtered or counted by is none of them, so that a count of
    rows has no source. Raises ValueError where the query reads a column that no table has.
    """
    schema: dict[str, Any] = {}
    for table, types in columns.items():
        folder, _, name = table.partition(".")
        schema.setdefault(folder, {})[name] = types
    try:
        tree = qualify(sqlglot.parse_one(sql, dialect="duckdb"), schema=schema, dialect="duckdb")
    except SqlglotError as error:
        raise ValueError(f"The sources of a query's columns cannot be told: {error}") from None
    scope = build_scope(tree)
    if scope is None:
        raise ValueError("Only what a select statement selects has sources.")
    trace = _Trace()
    return {name: sorted(trace.output(scope, name)) for name in _names(scope)}


def together(lineages: Iterable[Lineage]) -> Lineage:
    """The sources of each column of several queries whose rows are put under each other."""
    found: dict[str, set[Source]] = {}
    for lineage in lineages:
        for name, sources in lineage.items():
            found.setdefault(name, set()).update(sources)
    return {name: sorted(sources) for name, sources in found.items()}


class _Trace:
    """Follows columns through the common table expressions of one query, each of them once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], set[Source]] = {}

    def output(self, scope: Scope, name: str) -> set[Source]:
        """The sources of a column that a scope gives."""
        key = (id(scope), name)
        if key not in self._known:
            self._known[key] = set()  # a recursive query comes back to itself
            self._known[key] = set(self._output(scope, name))
        return self._known[key]

    def _output(self, scope: Scope, name: str) -> Iterator[Source]:
        if scope.set_operation_scopes:
            for each in scope.set_operation_scopes:
                yield from self.output(each, _counterpart(scope.expression, each.expression, name))
            return
        if not isinstance(scope.expression, exp.Select):  # rows unfolded from a list
            yield from self._within(scope, scope.expression)
            return
        for selected in scope.expression.selects:
            if selected.alias_or_name == name:
                yield from self._within(scope, selected)

    def _within(self, scope: Scope, expression: Node) -> Iterator[Source]:
        """The sources of whatever columns an expression of a scope names."""
        inner = [one for one in scope.subquery_scopes if _holds(expression, one.expression)]
        for one in inner:
            for selected in _names(one):
                yield from self.output(one, selected)
        for column in expression.find_all(exp.Column):
            if not any(_holds(one.expression, column) for one in inner):
                yield from self._column(scope, column)

    def _column(self, scope: Scope, column: exp.Column) -> Iterator[Source]:
        source = scope.sources.get(column.table)
        if isinstance(source, exp.Table):
            if source.db:
                yield (f"{source.db}.{source.name}", column.name)
        elif source is not None:
            yield from self.output(source, column.name)
        elif column.table == "" and column.name in _names(scope):
            yield from self.output(scope, column.name)


def _names(scope: Scope) -> list[str]:
    """The columns that a scope gives, in order."""
    expression: Node = scope.expression
    return list(expression.named_selects)


def _counterpart(union: Node, part: Node, name: str) -> str:
    """The column of a part of a union that is its column of that name: by name, or by place."""
    if union.args.get("by_name"):
        return name
    place = union.named_selects.index(name)
    return str(part.named_selects[place])


def _holds(expression: Node, other: Node) -> bool:
    """Whether an expression is, or stands within, another."""
    node = other
    while node is not None and node is not expression:
        node = node.parent
    return node is expression
