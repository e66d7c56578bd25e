"""What the cells of tables give away, as declarations collect it: counts, and what binds them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from csip_pipeline.publish.disclosure.quantities import Quantity, Statement, Sum
from csip_pipeline.refusals import RefusedError

REST = "rest of"
UNTOLD = ("not told", "", "")
"""A count that no edition shows and that is always hidden."""

Cell = tuple[int, str]
"""A row of a table, counted from 0, and a column of its frame."""
Cells = Mapping[Cell, tuple[Quantity, ...]]


@dataclass(frozen=True)
class Said:
    """What the tables say together, and which counts each cell gives away or rests on."""

    statement: Statement
    cells: Mapping[str, Cells]


@dataclass
class Sayings:
    """Collects what declarations tell of one table after another.

    `cycle` is the period of a count over all months of the cycle; others are months (2026-07).
    `concealed` are the counts that earlier editions hide.
    """

    cycle: str
    concealed: frozenset[Quantity] = frozenset()
    known: dict[Quantity, int] = field(default_factory=dict)
    cells: dict[str, dict[Cell, list[Quantity]]] = field(default_factory=dict)
    sums: dict[Sum, None] = field(default_factory=dict)

    def count(self, quantity: Quantity, value: Any) -> bool:  # noqa: ANN401 - whatever a frame holds
        """Take note of a count, and say whether there is one: a cell may hold a mark or nothing.

        Raises RefusedError where another table counted otherwise: what is small in one of them
        would not be hidden by the number of the other.
        """
        if isinstance(value, str) or pd.isna(value):
            return False
        told = round(float(value))
        if self.known.setdefault(quantity, told) != told:
            name, period, subject, *_ = quantity
            raise RefusedError(
                f"The pack was not published: its tables do not agree on '{name}' of {subject} "
                f"({period}). They were not made of the same months: run a month of the cycle "
                "again (csip run --month), which makes the trends anew, and publish again."
            )
        return True

    def gives(self, table: str, cells: Iterable[Cell], *quantities: Quantity) -> None:
        """These cells cannot be shown where any of these counts is hidden."""
        own = self.cells.setdefault(table, {})
        for cell in cells:
            given = own.setdefault(cell, [])
            given += [quantity for quantity in quantities if quantity not in given]

    def gives_untold(self, table: str, cells: Iterable[Cell]) -> None:
        """These cells would tell what is not for any reader to know, and are always hidden."""
        self.count(UNTOLD, 1)
        self.gives(table, cells, UNTOLD)

    def bind(self, total: Quantity, parts: Iterable[Quantity]) -> None:
        """A total is the sum of its parts; whatever is left over is a count of its own.

        Nothing is bound where a part is not known, or where they come to more than the total.
        """
        own = tuple(dict.fromkeys(parts))
        if not own or total not in self.known or any(part not in self.known for part in own):
            return
        rest = self.known[total] - sum(self.known[part] for part in own)
        if rest < 0:
            return
        if rest:
            names = " and ".join(part[0] for part in own[:2])
            left_over = (f"{REST} {total[0]}: {names}", *total[1:], own[0][2])
            self.known[left_over] = rest
            own = (*own, left_over)
        self.sums[Sum(total, own)] = None

    def said(self) -> Said:
        """Everything that was told."""
        cells = {
            table: {cell: tuple(given) for cell, given in own.items()}
            for table, own in self.cells.items()
        }
        shown = {
            quantity
            for own in cells.values()
            for given in own.values()
            for quantity in given
            if quantity in self.known
        }
        return Said(Statement(self.known, frozenset(shown), tuple(self.sums)), cells)
