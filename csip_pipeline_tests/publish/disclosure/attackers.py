"""Somebody who has every edition as published, and a solver: what they can tell of one count.

They write down one unknown for every cell of every edition, whether it is shown or not, and know
which figures the revision left as they were. It shares nothing with the audit but the published
rows.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from table_sets import ALL, DECIMALS, QUARTER

MARK = "[c]"
ENOUGH = 100_000
"""More than any count of a set: instead of no end."""


@dataclass
class Attacker:
    """Collects what the published rows of each edition say, then asks for the extremes."""

    least: dict = field(default_factory=dict)
    most: dict = field(default_factory=dict)
    equations: list = field(default_factory=list)

    def read(self, edition, rows_by_period):
        """Take in one edition: each period's rows as published."""
        grids = {period: rows.set_index("row") for period, rows in rows_by_period.items()}
        for period, grid in grids.items():
            columns = [name for name in grid.columns if not name.endswith(" share")]
            for row in grid.index:
                for column in columns:
                    self._count((edition, period, row, column), grid.at[row, column])
                for column in columns:
                    share = grid.at[row, f"{column} share"]
                    self._share((edition, period, row), column, share)
                self._sum((edition, period, row, ALL), [(edition, period, row, each) for each in columns if each != ALL])
            for column in columns:
                self._sum((edition, period, ALL, column), [(edition, period, each, column) for each in grid.index if each != ALL])
        if QUARTER in grids:
            for row in grid.index:
                for column in columns:
                    self._sum((edition, QUARTER, row, column), [(edition, each, row, column) for each in grids if each != QUARTER])

    def told_unchanged(self, one, other):
        """They know that this count is the same in both editions."""
        self._sum(one, [other])

    def range_of(self, count, *, whole):
        """The least and the greatest value that fits; whole numbers only, if they think of that."""
        places = {each: place for place, each in enumerate(self.least)}
        matrix, low, high = self._matrix(places)
        bounds = Bounds(list(self.least.values()), list(self.most.values()))
        found = []
        for direction in (1, -1):
            goal = np.zeros(len(places))
            goal[places[count]] = direction
            solved = milp(goal, integrality=np.full(len(places), int(whole)), bounds=bounds, constraints=LinearConstraint(matrix, low, high))
            assert solved.status == 0, solved.message
            found.append(direction * solved.fun)
        return tuple(found)

    def _count(self, name, cell):
        hidden = isinstance(cell, str)
        assert not hidden or cell == MARK
        self.least[name], self.most[name] = (0, ENOUGH) if hidden else (cell, cell)

    def _share(self, row, column, share):
        """A share that is shown binds its part to its whole, but for its rounding."""
        if isinstance(share, str) or pd.isna(share) or column == ALL:
            return
        part, whole = (*row, column), (*row, ALL)
        half = 0.5 * 10**-DECIMALS + 1e-9
        self.equations.append(({part: 1, whole: -(share - half)}, 0, np.inf))
        self.equations.append(({part: 1, whole: -(share + half)}, -np.inf, 0))

    def _sum(self, total, parts):
        self.equations.append(({total: -1, **dict.fromkeys(parts, 1)}, 0, 0))

    def _matrix(self, places):
        entries = [(number, places[name], factor) for number, (terms, _, _) in enumerate(self.equations) for name, factor in terms.items()]
        at, columns, factors = zip(*entries, strict=True)
        matrix = csr_array((factors, (at, columns)), shape=(len(self.equations), len(places)))
        return matrix, *(np.array([each[end] for each in self.equations]) for end in (1, 2))
