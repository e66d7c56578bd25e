"""The words in which a table is declared: what it is about, and what each of its columns tells."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from csip_pipeline.publish.disclosure.quantities import Quantity
from csip_pipeline.publish.disclosure.sayings import Sayings
from csip_pipeline.publish.workbook import Table
from csip_pipeline.publish.workbook_parts import NUMBERS

Row = Any
"""A row of a table's frame, as a named tuple or a series: its columns by name."""
Subject = Callable[[Mapping[str, Any]], str]
Share = tuple[str, str]
"""What a share is of: the counts of its part and of its whole."""
FREE = frozenset({"within_seconds", "target_share", "target"})
"""Columns of numbers that are rules and no figures."""


@dataclass(frozen=True)
class Declaration:
    """What one table tells, and `why` where that is nothing."""

    tell: Callable[[Sayings, Table], None]
    columns: frozenset[str] | None = None
    """The columns it speaks of; None where it speaks of the whole table."""
    why: str = ""

    def undeclared(self, table: Table) -> list[str]:
        """The columns of numbers that it does not speak of."""
        if self.columns is None:
            return []
        names = [column.name for column in table.columns if column.kind in NUMBERS]
        return [name for name in names if name not in self.columns | FREE]


def nothing(why: str) -> Declaration:
    """A table that holds no figure of contact."""
    return Declaration(lambda _sayings, _table: None, None, why)


@dataclass(frozen=True)
class Long:
    """A table with a row for each month (or the cycle) and subject.

    `counts`: columns by the count that each is. `shares`: columns by their part and whole. `rests`:
    columns of other figures by the count of those whom they are of. `of` says in which column of
    the frame a count stands that goes by another name; `by`, in which column stands what else it
    is by (a window of days). `sums`: each total with its parts.
    """

    subject: Subject
    counts: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    rests: Mapping[str, str] = field(default_factory=dict)
    of: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def declared(self) -> Declaration:
        """The declaration of such a table."""
        columns = {*self.counts, *self.shares, *self.rests}
        return Declaration(self.tell, frozenset(columns))

    def tell(self, sayings: Sayings, table: Table) -> None:
        """Tell of each row."""
        shown = {column.name for column in table.columns}
        for place, row in enumerate(table.rows.to_dict("records")):

            def named(count: str, row: Mapping[str, Any] = row) -> Quantity:
                more = (str(row[self.by[count]]),) if count in self.by else ()
                return (count, period(row), self.subject(row), *more)

            names = {*self.counts.values(), *self.rests.values()}
            names |= {each for share in self.shares.values() for each in share}
            names |= {each for total, parts in self.sums for each in (total, *parts)}
            known = {
                count
                for count in sorted(names)
                if sayings.count(named(count), self._value(count, row))
            }
            for column, counts in self._told().items():
                given = [named(count) for count in counts if count in known]
                if column in shown and given:
                    sayings.gives(table.name, [(place, column)], *given)
            for part, whole in self.shares.values():
                if part in known and whole in known:
                    sayings.bind(named(whole), [named(part)])
            for total, parts in self.sums:
                sayings.bind(named(total), [named(part) for part in parts])

    def _told(self) -> dict[str, tuple[str, ...]]:
        single = {column: (count,) for column, count in {**self.counts, **self.rests}.items()}
        return {**single, **self.shares}

    def _value(self, count: str, row: Mapping[str, Any]) -> Any:  # noqa: ANN401
        if count in self.of:
            return self.of[count](row)
        column = next((name for name, of in self.counts.items() if of == count), count)
        return row.get(column)


def period(row: Mapping[str, Any]) -> str:
    """The month that a row is about."""
    return month_key(row["month"])


def month_key(month: dt.date | pd.Timestamp) -> str:
    """A month as quantities name it."""
    return f"{month:%Y-%m}"


def added(*columns: str) -> Callable[[Mapping[str, Any]], Any]:
    """A count that is the sum of columns; none where one of them is empty."""
    return lambda row: None if _any_empty(row, columns) else sum(row[one] for one in columns)


def less(whole: str, *parts: str) -> Callable[[Mapping[str, Any]], Any]:
    """A count that is one column without others; none where one of them is empty."""
    rest = added(*parts)
    return lambda row: None if _any_empty(row, (whole, *parts)) else row[whole] - rest(row)


def _any_empty(row: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    """Whether a supplier's files do not tell one of the columns, such as how long people waited."""
    return any(pd.isna(row[column]) for column in columns)


def interval(share: str) -> tuple[str, str, str]:
    """The columns of a share and of its interval."""
    return share, f"{share}_lower", f"{share}_upper"


def alike(columns: tuple[str, ...], share: Share) -> dict[str, Share]:
    """Columns that all tell the same part and whole."""
    return dict.fromkeys(columns, share)
