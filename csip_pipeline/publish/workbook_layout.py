"""Where everything of a table goes on its worksheet: which cell holds which figure."""

import textwrap
from collections.abc import Sequence
from functools import cached_property

from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from csip_pipeline.publish.workbook_parts import SHORTHAND, Link, Series, Table, noted
from csip_pipeline.publish.workbook_values import Content, content, heading, marks_in

LONGEST_LINE = 110
EMPTY_MARK = "[z]"
ONE_TABLE = "This worksheet contains one table."
HOME = Link("Contents", "Go to the contents")
EMPTY = f"There was nothing to list, so the only row of the table holds {EMPTY_MARK}."


class Layout:
    """A table laid out from A1 down: title, lines about it, one header row, the rows, no more."""

    def __init__(
        self,
        table: Table,
        numbers: dict[str, int] | None = None,
        lines: Sequence[str | Link] | None = None,
    ) -> None:
        """Lay out `table`; `numbers` gives each note's number, `lines` replaces the preamble."""
        self.table = table
        self._numbers = numbers or {}
        self._lines = lines
        self._positions = {column.name: i for i, column in enumerate(table.columns)}

    @cached_property
    def is_empty(self) -> bool:
        """Whether the table has no rows; Excel needs one, so it is given a row of [z]."""
        return len(self.table.rows) == 0

    @cached_property
    def grid(self) -> list[list[Content]]:
        """What each cell holds, column by column."""
        if self.is_empty:
            return [[EMPTY_MARK] for _ in self.table.columns]
        return [
            [content(value, column) for value in self.table.rows[column.name].tolist()]
            for column in self.table.columns
        ]

    @cached_property
    def headings(self) -> list[str]:
        """The header row."""
        pairs = zip(self.table.columns, self.grid, strict=True)
        return [heading(column, contents, self._numbers) for column, contents in pairs]

    @cached_property
    def marks(self) -> list[str]:
        """The shorthand marks its cells use, in alphabetical order."""
        return sorted(set().union(*(marks_in(contents) for contents in self.grid)))

    @cached_property
    def preamble(self) -> list[str | Link]:
        """What stands above the header row in column A, the title first."""
        if self._lines is not None:
            return list(self._lines)
        lines = [*self.table.intro, ONE_TABLE]
        if self.is_empty:
            lines.append(EMPTY)
        elif self.marks:
            meanings = [f"{mark} means {SHORTHAND[mark][0]}" for mark in self.marks]
            lines.append(f"Some cells hold shorthand: {', '.join(meanings)}.")
        if self.table.source:
            lines.append(f"Source: {self.table.source.rstrip('.')}.")
        wrapped = [part for line in lines for part in textwrap.wrap(line, LONGEST_LINE)]
        return [self.table.title, *wrapped, *self._links()]

    @property
    def header_row(self) -> int:
        """The row of the headings, counted from 0."""
        return len(self.preamble)

    @property
    def first_row(self) -> int:
        """The row of the first figures, counted from 0."""
        return self.header_row + 1

    @property
    def last_row(self) -> int:
        """The row of the last figures, counted from 0."""
        return self.header_row + len(self.grid[0])

    def position(self, column: str) -> int:
        """Which worksheet column (from 0) holds this column of the frame."""
        return self._positions[column]

    def plotted(self, series: Series) -> list[Content | None]:
        """What a series draws, row by row; None where it has a gap.

        A mark such as "[x]" is a gap, since Excel draws text as zero.
        """
        contents = self.grid[self.position(series.column)]
        first, last = series.rows or (0, len(contents) - 1)
        return [
            value if first <= row <= last and not isinstance(value, str) else None
            for row, value in enumerate(contents)
        ]

    def cell(self, row: int, column: str) -> str:
        """The address ("C12") of a figure, by its row in the frame (from 0) and its column."""
        return str(xl_rowcol_to_cell(self.first_row + row, self.position(column)))

    def figure(self, cell: str) -> tuple[int, str] | None:
        """The row in the frame and the column behind a cell; None outside the table's figures."""
        row, column = xl_cell_to_rowcol(cell.upper())
        is_inside = self.first_row <= row <= self.last_row and column < len(self.table.columns)
        if self.is_empty or not is_inside:
            return None
        return row - self.first_row, self.table.columns[column].name

    def _links(self) -> list[Link]:
        numbers = sorted(self._numbers[name] for name in noted(self.table))
        if not numbers:
            return [HOME]
        return [Link("Notes", f"Read {_listed(numbers)}, which this table uses"), HOME]


def _listed(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"note {numbers[0]}"
    return f"notes {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
