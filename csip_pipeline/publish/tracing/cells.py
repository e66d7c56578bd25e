"""A cell of a published workbook: which table, row and column it is, and what a reader sees."""

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.cell import column_index_from_string

from csip_pipeline.publish.workbook_layout import EMPTY_MARK
from csip_pipeline.publish.workbook_parts import FRONT, Column, Kind
from csip_pipeline.publish.workbook_read import Sheet, Written, named, references
from csip_pipeline.publish.workbook_shown import labelled, shown
from csip_pipeline.publish.workbook_values import NUMBER_FORMATS, SECONDS_PER_DAY, Content
from csip_pipeline.refusals import RefusedError

ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
NOTES = re.compile(r"\s*\[note \d+\]")
UNIT = re.compile(r"\s*\([^()]*\)$")
CLOSE = 1e-8
"""Two numbers are the same figure if no further apart: openpyxl rounds durations (in days)."""
KINDS: dict[str, Kind] = {NUMBER_FORMATS[kind]: kind for kind in ("month", "date", "datetime")}
"""The kinds of moments by their number formats."""


@dataclass(frozen=True)
class Grid:
    """The one table of a worksheet: where it stands, and its cells."""

    sheet: Sheet
    table: str
    first_column: int
    header_row: int
    last_column: int
    last_row: int

    @property
    def headings(self) -> list[str]:
        """The headings without the notes that they point to."""
        return [NOTES.sub("", str(cell.value)) for cell in self._row(self.header_row)]

    def texts(self, row: int) -> list[str]:
        """What a reader sees in each cell of a worksheet's row (from 1)."""
        return [told(cell) for cell in self._row(row)]

    def _row(self, row: int) -> tuple[Any, ...]:
        cells = self.sheet.cells[row]
        return tuple(cells[self.first_column - 1 : self.last_column])

    def figures(self, keys: int) -> str:
        """The range of the figures: what is no heading, and says not what a row is about."""
        first = get_column_letter(self.first_column + keys)
        last = get_column_letter(self.last_column)
        return f"{first}{self.header_row + 1} to {last}{self.last_row}"


@dataclass(frozen=True)
class Place:
    """A cell of figures: its row (from 1) and column (from 0) in the grid."""

    grid: Grid
    cell: str
    row: int
    column: int

    @property
    def heading(self) -> str:
        """The heading of its column."""
        return self.grid.headings[self.column]

    @property
    def shown(self) -> str:
        """What a reader sees in it."""
        return self.grid.texts(self.row)[self.column]

    @property
    def content(self) -> Content:
        """What is written in it: a duration as a part of a day."""
        return content(self.grid.sheet.cells.cell(self.row, self.grid.first_column + self.column))

    def about(self, keys: int) -> dict[str, str]:
        """What its row is about, by heading."""
        return dict(zip(self.grid.headings[:keys], self.grid.texts(self.row), strict=False))

    def nth(self, keys: int) -> int:
        """How many rows above are about the very same."""
        own = self.grid.texts(self.row)[:keys]
        above = range(self.grid.header_row + 1, self.row)
        return sum(self.grid.texts(row)[:keys] == own for row in above)


def grid(written: Written, sheet: str) -> Grid:
    """The table of a worksheet, which goes by its name, its title, or that of a chart of it.

    Raises RefusedError where the workbook has no such sheet, or it has no figures.
    """
    grids = {one.name: one for one in written.sheets if one.tables and one.name not in FRONT}
    names = {name.casefold(): one for name, one in grids.items()}
    titles = {str(one.cells["A1"].value).casefold(): one for one in grids.values()}
    charts = {
        known.casefold(): grids[source]
        for one in written.sheets
        for source in _sources(one)
        for known in (one.name, str(one.cells["A1"].value))
        if source in grids
    }
    found = {**charts, **titles, **names}.get(sheet.strip().casefold())
    if found is None:
        raise RefusedError(
            f"'{sheet}' is no worksheet with figures. This pack has: {'; '.join(grids)}."
        )
    (table,) = found.tables
    left, top, right, bottom = range_boundaries(table.ref)
    return Grid(found, table.displayName, int(left), int(top), int(right), int(bottom))


def place(within: Grid, cell: str, keys: int) -> Place:
    """Where a cell such as C7 stands. Raises RefusedError where it holds no figure."""
    address = ADDRESS.fullmatch(cell.strip())
    if address is None:
        raise RefusedError(f"'{cell}' is not a cell. Write its column and row, such as C7.")
    column, row = column_index_from_string(address[1].upper()), int(address[2])
    said = f"{address[1].upper()}{row} of {within.sheet.name}"
    if within.texts(within.header_row + 1) == [EMPTY_MARK] * len(within.headings):
        raise RefusedError(f"{within.sheet.name} lists nothing, so it has no figure to trace.")
    figures = f"Its figures stand in {within.figures(keys)}."
    is_beside = not within.first_column <= column <= within.last_column
    if row > within.last_row or (is_beside and row >= within.header_row):
        raise RefusedError(f"{said} is outside the table. {figures}")
    if row < within.header_row:
        is_blank = within.sheet.cells.cell(row, column).value is None
        what = "is blank" if is_blank else "is not in the table but above it"
        raise RefusedError(f"{said} {what}. {figures}")
    if row == within.header_row:
        raise RefusedError(f"{said} is a heading. {figures}")
    position = column - within.first_column
    if position < keys:
        raise RefusedError(f"{said} says what its row is about, and is no figure. {figures}")
    return Place(within, f"{address[1].upper()}{row}", row, position)


def told(cell: Any) -> str:  # noqa: ANN401 - a cell of openpyxl
    """What a reader sees in a cell."""
    inside = content(cell)
    if isinstance(inside, float):
        return labelled(inside, cell.number_format)
    return shown(inside, Column("", "", KINDS.get(cell.number_format, "datetime")), ())


def content(cell: Any) -> Content:  # noqa: ANN401 - as above
    """What is written in a cell: text, a number, or a moment; a duration as a part of a day."""
    value = cell.value
    if isinstance(value, dt.timedelta):
        return value.total_seconds() / SECONDS_PER_DAY
    if isinstance(value, dt.datetime | str):
        return value
    return "" if value is None else float(value)


def is_same(one: Content, other: Content) -> bool:
    """Whether two cells hold the same figure."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=CLOSE)
    return one == other


def without_unit(heading: str) -> str:
    """A heading without the unit that follows it, which may change with the figures."""
    return UNIT.sub("", heading)


def _sources(sheet: Sheet) -> set[str]:
    """The worksheets that the charts of a sheet draw from."""
    formulas = [f.text or "" for chart in sheet.charts for f in named(chart.root, "f")]
    return {name for formula in formulas for name, _ in references(formula)}
