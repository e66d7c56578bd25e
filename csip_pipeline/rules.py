"""What a rule may ask of columns: the same question of a pandas column and of a DuckDB (Ibis) one.

Besides these words a rule may use comparisons, &, |, ~, +, - and *. It never turns a comparison
round with ~: where a moment is null pandas says false and DuckDB says null, and ~ would part them.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

Rows = Any
"""A pandas frame or an Ibis table."""
Column = Any
"""A column of either."""

POSITION = "position_"
"""The column of an Ibis table that holds the place of each row, where pandas has the index."""

IN_DUCKDB = {r"\d": r"\p{Nd}", r"\s": r"[\s\v\x1c-\x1f\x85\p{Z}]"}
"""The digits and spaces of all scripts, as Python's patterns mean them."""


def is_null(column: Column) -> Column:
    """Whether there is no value."""
    return column.isna() if isinstance(column, pd.Series) else column.isnull()  # noqa: PD003


def is_known(column: Column) -> Column:
    """Whether there is a value."""
    return ~is_null(column)


def first_known(column: Column, other: Column) -> Column:
    """The column, and the other where it is null."""
    return column.fillna(other) if isinstance(column, pd.Series) else column.fill_null(other)


def is_true(answer: Column) -> Column:
    """Whether the answer is yes: not where it is null."""
    if isinstance(answer, pd.Series):
        return answer.fillna(False).astype(bool)
    return answer.fill_null(False)


def is_one_of(column: Column, values: Iterable[object]) -> Column:
    """Whether the value is one of the values (a list, or a column without nulls); null is not."""
    return is_true(column.isin(values))


def is_before(moment: Column, other: Column) -> Column:
    """Whether a moment or day comes before the other, both being known."""
    return is_true(moment < other)


def matches(column: Column, pattern: re.Pattern[str]) -> Column:
    r"""Whether the pattern is found in the text; never in null.

    \s may not stand in brackets, nor \w or \b anywhere: they do not mean the same in DuckDB.
    """
    if isinstance(column, pd.Series):
        return column.str.contains(pattern.pattern, regex=True, na=False)
    found = pattern.pattern
    for python, duckdb in IN_DUCKDB.items():
        found = found.replace(python, duckdb)
    return is_true(column.re_search(found))


def is_first_of_month(day: Column) -> Column:
    """Whether a month begins with the day."""
    return is_true((day.dt.day if isinstance(day, pd.Series) else day.day()) == 1)


def is_last_of_month(day: Column) -> Column:
    """Whether a month ends with the day."""
    if isinstance(day, pd.Series):
        return is_true(day.dt.is_month_end)
    return is_first_of_month(day + dt.timedelta(days=1))


def how_many(rows: Rows) -> Column:
    """The number of rows, beside each of them."""
    if isinstance(rows, pd.DataFrame):
        return pd.Series(len(rows), index=rows.index)
    return rows.count().over()


def total(rows: Rows, column: str, within: Iterable[str]) -> Column:
    """The sum of a column over rows alike in others; null where it is null in all of them."""
    if isinstance(rows, pd.DataFrame):
        return rows.groupby(list(within), dropna=False)[column].transform("sum", min_count=1)
    summed = rows[column].sum().over(group_by=[rows[name] for name in within])
    return summed.nullif(float("nan"))


def before(rows: Rows, column: str, order: str, within: Iterable[str] = ()) -> Column:
    """The column's value in the row before, in the order of another column; null in the first.

    Rows come before each other only if they are alike in the columns `within`.
    """
    if isinstance(rows, pd.DataFrame):
        return _grouped(rows, order, within)[column].shift().reindex(rows.index)
    return rows[column].lag().over(**_window(rows, order, within))


def is_first(rows: Rows, order: str, within: Iterable[str] = ()) -> Column:
    """Whether no row alike in the columns `within` comes before, in the order of a column."""
    if isinstance(rows, pd.DataFrame):
        return (_grouped(rows, order, within).cumcount() == 0).reindex(rows.index)
    return is_null(before(rows, POSITION, order, within))


def _grouped(rows: pd.DataFrame, order: str, within: Iterable[str]) -> Any:  # noqa: ANN401
    """The rows in an order (nulls last), in groups."""
    ordered = rows.sort_values(order, kind="stable")
    keys = [ordered[name] for name in within] or [pd.Series(0, index=ordered.index)]
    return ordered.groupby(keys, dropna=False)


def _window(rows: Rows, order: str, within: Iterable[str]) -> dict[str, list[Column]]:
    """The same groups and order for DuckDB."""
    ordered = [rows[order].asc(nulls_first=False), rows[POSITION]]
    return {"group_by": [rows[name] for name in within], "order_by": ordered}
