"""Random sets of small two-way tables: counts by row and column, margins, shares; one a period."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from csip_pipeline.publish.disclosure import marking
from csip_pipeline.publish.disclosure.sayings import Said, Sayings
from csip_pipeline.publish.workbook import Column, Table

ALL = "all"
QUARTER = "quarter"
DECIMALS = 3
"""A share is published as a percentage with one decimal."""
SIZES = ((0, 1), (1, 5), (5, 40), (40, 400))
"""Noughts, small counts, middling ones, and large ones."""
OFTEN = (0.15, 0.3, 0.35, 0.2)


@dataclass(frozen=True)
class Size:
    """How many rows, columns and months a table of a set has at most."""

    rows: int
    columns: int
    months: int


SMALLEST, MIDDLING = Size(3, 2, 2), Size(4, 3, 3)
Counts = dict[tuple[str, str, str], int]
"""By period, row and column; margins and the quarter too."""


@dataclass(frozen=True)
class Edition:
    """One edition of a set: its true counts, its tables, and what they are declared to tell."""

    counts: Counts
    tables: dict[str, Table]
    said: Said

    def published(self, hidden):
        """The rows of each table as the public has them."""
        return {
            name: marking.hidden(table, self.said.cells[name], hidden).rows
            for name, table in self.tables.items()
        }


def two_editions(seed, size=MIDDLING):
    """A set of tables, and its revision in which a few counts are others."""
    dice = np.random.default_rng(seed)
    rows = [f"r{number}" for number in range(dice.integers(2, size.rows + 1))]
    columns = [f"c{number}" for number in range(dice.integers(1, size.columns + 1))]
    months = [f"m{number}" for number in range(dice.choice([1, size.months], p=[0.4, 0.6]))]
    inner = {key: _size(dice) for key in product(months, rows, columns)}
    first = edition(inner)
    revised = dict(inner)
    for place in dice.choice(len(inner), size=min(len(inner), dice.integers(1, 4)), replace=False):
        key = list(inner)[place]
        revised[key] = max(0, revised[key] + int(dice.integers(-3, 6)))
    return first, edition(revised)


def edition(inner):
    """The edition of these inner counts."""
    counts = _with_margins(inner)
    periods, rows, columns = (list(dict.fromkeys(each)) for each in zip(*counts, strict=True))
    sayings, tables = Sayings(QUARTER), {}
    for period in periods:
        tables[period] = _table(period, rows, columns, counts)
        _tell(sayings, period, rows, columns, counts)
    months = [period for period in periods if period != QUARTER]
    for key in product(rows, columns):
        sayings.bind((QUARTER, *key), [(month, *key) for month in months])
    return Edition(counts, tables, sayings.said())


def _size(dice):
    return int(dice.integers(*SIZES[dice.choice(len(SIZES), p=OFTEN)]))


def _with_margins(inner):
    """The counts with their quarter, and with the totals of rows and of columns."""
    counts = {}
    months = {month for month, _, _ in inner}
    for (month, row, column), count in inner.items():
        for period in (month, QUARTER) if len(months) > 1 else (month,):
            for key in ((row, column), (row, ALL), (ALL, column), (ALL, ALL)):
                counts[period, *key] = counts.get((period, *key), 0) + count
    return counts


def _table(period, rows, columns, counts):
    frame = pd.DataFrame({"row": rows})
    for column in columns:
        frame[column] = [counts[period, row, column] for row in rows]
    wholes = frame[ALL].astype("float64").replace(0, np.nan)
    for column in columns:
        frame[_share(column)] = (frame[column] / wholes).round(DECIMALS)
    shown = tuple(Column(name, name) for name in frame)
    return Table(f"of_{period}", period, period, shown, frame)


def _tell(sayings, period, rows, columns, counts):
    for place, row in enumerate(rows):
        for column in columns:
            own, whole = (period, row, column), (period, row, ALL)
            sayings.count(own, counts[own])
            sayings.gives(period, [(place, column)], own)
            sayings.gives(period, [(place, _share(column))], own, whole)
    for row in rows:
        sayings.bind((period, row, ALL), [(period, row, each) for each in columns if each != ALL])
    for column in columns:
        inner = [(period, each, column) for each in rows if each != ALL]
        sayings.bind((period, ALL, column), inner)


def _share(column):
    return f"{column} share"
