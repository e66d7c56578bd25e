"""A promise as Ibis asks it of a table: its rules, and whether all of it holds at once."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from csip_pipeline.promises import Promise
from csip_pipeline.rules import Column, is_known, is_null, is_one_of

if TYPE_CHECKING:
    from ibis import Table
    from pandera.api.checks import Check

ANSWER = "answer_"
"""What the name of a column of a rule's answers begins with."""


def _is_as_long(
    values: Column, least: int | None, most: int | None, exactly: int | None = None
) -> Column:
    length = values.length()
    kept = length >= (least or 0)
    for bound in (most, exactly):
        kept = kept if bound is None else kept & (length <= bound)
    return kept if exactly is None else kept & (length >= exactly)


BROUGHT: dict[str, Callable[..., Column]] = {
    "isin": lambda values, allowed: values.isin(allowed),
    "greater_than": lambda values, bound: values > bound,
    "greater_than_or_equal_to": lambda values, bound: values >= bound,
    "less_than": lambda values, bound: values < bound,
    "less_than_or_equal_to": lambda values, bound: values <= bound,
    "str_length": _is_as_long,
}
"""The checks that Pandera brings, for one query of them all."""


class Rule(NamedTuple):
    """A rule of our own, or that a column's values must not be there twice."""

    name: str
    sentence: str
    column: str = ""
    is_unique: bool = False


@cache
def rules_of(promise: type[Promise]) -> list[Rule]:
    """The promise's own rules, and the columns whose values must not be there twice."""
    declared = promise.to_schema()
    rules = [Rule(str(check.name), str(check.error)) for check in declared.checks]
    for name, column in declared.columns.items():
        own = [check for check in column.checks if not check.registry_name]
        rules += [Rule(str(check.name), str(check.error), name) for check in own]
        if column.unique:  # which Pandera does not look at in Ibis
            rules.append(Rule(name, "field_uniqueness", name, is_unique=True))
    return rules


def brought(promise: type[Promise], column: str) -> "list[Check]":
    """The checks of a column that Pandera brings (isin, ge and so on), for either engine."""
    checks = promise.to_schema().columns[column].checks
    return [check for check in checks if check.registry_name]


def answered(rows: "Table", promise: type[Promise]) -> "Table":
    """The rows with the answer to each rule beside them.

    A rule may look at other rows (a window): SQL cannot sum up its answers where it is worked out.
    """
    return rows.mutate(
        **{ANSWER + rule.name: answer(rows, rule, promise) for rule in rules_of(promise)}
    )


def answer(rows: "Table", rule: Rule, promise: type[Promise]) -> Column:
    """What the rule says of each row."""
    if not rule.column:
        return getattr(promise, rule.name)(rows)
    column = rows[rule.column]
    if rule.is_unique:
        counts = column.value_counts(name="rows")
        twice = counts.filter((counts["rows"] > 1) & is_known(counts[rule.column]))
        return ~is_one_of(column, twice[rule.column])
    return is_null(column) | getattr(promise, rule.name)(column)


def all_hold(con: duckdb.DuckDBPyConnection, query: str | None) -> bool:
    """Whether no row breaks any promise, by the one query of them all (None: nobody can ask).

    False means only that Pandera must look.
    """
    if query is None:
        return False
    try:
        (told,) = con.execute(query).fetchall()
    except duckdb.Error:  # such as a sum too large for its type, which Pandera tells by its rule
        return False
    return all(answer is None or answer for answer in told)


def in_one_query(backend: Any, rows: "Table", promise: type[Promise]) -> str | None:  # noqa: ANN401
    """The query that asks all of a promise at once, where Pandera asks one for each.

    None where the promise has a check of Pandera's that is not known here.
    """
    rules = [rule for rule in rules_of(promise) if not rule.is_unique]
    asked = rows.mutate(**{ANSWER + rule.name: answer(rows, rule, promise) for rule in rules})
    answers = {ANSWER + rule.name: asked[ANSWER + rule.name].all() for rule in rules}
    for name, column in promise.to_schema().columns.items():
        values = asked[name]
        if not column.nullable:
            answers[f"known_{name}"] = is_known(values).all()
        if column.unique:
            answers[f"unique_{name}"] = values.nunique() == values.count()
        for number, check in enumerate(brought(promise, name)):
            if check.name not in BROUGHT:
                return None
            kept = BROUGHT[check.name](values, *(check.statistics or {}).values())
            answers[f"kept_{name}_{number}"] = kept.all()
    return str(backend.compile(asked.aggregate(**answers)))
