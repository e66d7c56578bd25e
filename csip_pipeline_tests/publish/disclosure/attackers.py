"""Somebody who has every edition as published, and a solver: what they can tell of a count.

They write down one unknown for every cell of every edition, whether it is shown or not, and know
which figures a revision left as they were. It shares nothing with the audit but the published rows.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from table_sets import ALL, DECIMALS, QUARTER

MARK = "[c]"
ENDLESS = 100_000
"""More than any count of a set."""
ROUNDING = 0.5 * 10**-DECIMALS + 1e-9
"""How far a share that is shown may be from the true one."""


@dataclass
class Attacker:
    """Collects what the published rows of each edition say, then asks for the extremes.

    A count goes by its edition, period, row and column.
    """

    least: dict = field(default_factory=dict)
    most: dict = field(default_factory=dict)
    equations: list = field(default_factory=list)

    def read(self, edition, rows_by_period):
        """Take in one edition: each period's rows as published."""
        grids = {period: rows.set_index("row") for period, rows in rows_by_period.items()}
        for period, grid in grids.items():
            rows = list(grid.index)
            columns = [name for name in grid.columns if not name.endswith(" share")]
            for row in rows:
                self._row((edition, period, row), columns, grid.loc[row])
            for column in columns:
                inner = [(edition, period, row, column) for row in rows if row != ALL]
                self.sum((edition, period, ALL, column), inner)
        months = [period for period in grids if period != QUARTER]
        if QUARTER in grids:
            for row in rows:
                for column in columns:
                    own = [(edition, month, row, column) for month in months]
                    self.sum((edition, QUARTER, row, column), own)

    def sum(self, total, parts):
        """They know that a total is the sum of its parts."""
        self.equations.append(({total: -1, **dict.fromkeys(parts, 1)}, 0, 0))

    def ranges(self, counts, *, whole):
        """The least and the greatest value of each that fits; `whole` where none is a fraction."""
        names = {name: place for place, name in enumerate(self.least)}
        matrix, low, high = self._matrix(names)
        about = {
            "integrality": np.full(len(names), int(whole)),
            "bounds": Bounds(list(self.least.values()), list(self.most.values())),
            "constraints": LinearConstraint(matrix, low, high),
        }
        return {count: _extremes(np.eye(1, len(names), names[count])[0], about) for count in counts}

    def _row(self, row, columns, cells):
        for column in columns:
            hidden = isinstance(cells[column], str)
            assert not hidden or cells[column] == MARK
            self.least[*row, column] = 0 if hidden else cells[column]
            self.most[*row, column] = ENDLESS if hidden else cells[column]
            self._share((*row, column), (*row, ALL), cells.get(f"{column} share"))
        self.sum((*row, ALL), [(*row, column) for column in columns if column != ALL])

    def _share(self, part, whole, share):
        """A share that is shown binds its part to its whole, but for its rounding."""
        if part != whole and not isinstance(share, str) and not pd.isna(share):
            self.equations.append(({part: 1, whole: -(share - ROUNDING)}, 0, np.inf))
            self.equations.append(({part: 1, whole: -(share + ROUNDING)}, -np.inf, 0))

    def _matrix(self, names):
        entries = [
            (number, names[name], factor)
            for number, (terms, _, _) in enumerate(self.equations)
            for name, factor in terms.items()
        ]
        at, places, factors = zip(*entries, strict=True)
        matrix = csr_array((factors, (at, places)), shape=(len(self.equations), len(names)))
        _, low, high = zip(*self.equations, strict=True)
        return matrix, low, high


def _extremes(goal, about):
    least, most = milp(goal, **about), milp(-goal, **about)
    assert least.status == most.status == 0, (least.message, most.message)
    return float(least.fun), float(-most.fun)
