"""The rows of one sheet of a workbook as text: only the cells that are there, within limits.

Runs in the child process (workbook_child), which has the standard library and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import workbook_cells as cells
from csip_pipeline.extract.formats.workbook_package import UnreadableError, spelt, steps
from csip_pipeline.refusals import RefusedError, shown

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.workbook_book import Book
    from csip_pipeline.extract.formats.workbook_package import Package

WIDEST = 500
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
"""Excel's own."""
LONGEST_GAP = 10_000
LONGEST_TEXT = 32_767
"""The characters that Excel lets a cell hold."""
MOST_CELLS = 15_000_000
MOST_TEXT = 500_000_000
CORNER = re.compile(r"([A-Z]{1,3})(\d+)", re.ASCII)
STRAY = "That is a stray cell or an attack: ask the supplier to delete it, or for CSV."

Row = tuple[int, list[str]]


def rows(package: Package, book: Book) -> Iterator[Row]:
    """Each row that holds anything, as wide as the first of them or as far as it holds anything.

    Rows are numbered as Excel numbers them; hidden ones are rows like others. A formula is the
    value it last had. Raises RefusedError, naming the row, where the sheet goes beyond a limit.
    """
    reader = _Reader(book)
    for _ in steps(package.chunks(book.sheet), reader.start, reader.end, reader.pieces.append):
        yield from reader.ready
        reader.ready.clear()


class _Reader:
    """What has been seen of the sheet, and the rows that are ready.

    It is told of every element, so names are compared in their order of likelihood.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.v, self.c, self.t, self.r, self.f, self.d, self.aside = (
            spelt(name, book.space) for name in ("v", "c", "t", "row", "f", "dimension", "rPh")
        )
        self.pieces: list[str] = []
        """The text since the last value began."""
        self.given = ""
        self.attributes: dict[str, str] = {}
        self.is_formula = self.is_aside = False
        self.number = self.column = self.width = self.last = self.cells = self.letters = 0
        self.row: list[str] = []
        self.ready: list[Row] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == self.c:
            self.attributes = attributes
            self.given = ""
            self.is_formula = False
        elif name in (self.v, self.t):
            self.pieces.clear()
        elif name == self.r:
            self._row_begins(attributes)
        elif name == self.f:
            self.is_formula = True
        elif name == self.aside:
            self.is_aside = True
        elif name == self.d:
            self._dimension(attributes)

    def end(self, name: str) -> None:
        """An element ends. How a word is pronounced (rPh) is no part of it."""
        if name == self.v:
            self.given = "".join(self.pieces)
        elif name == self.c:
            self._cell_ends()
        elif name == self.r:
            self._row_ends()
        elif name == self.t and not self.is_aside:
            self.given += "".join(self.pieces)
        elif name == self.aside:
            self.is_aside = False

    def _dimension(self, attributes: dict[str, str]) -> None:
        """The corners of the sheet, as it says itself: a first look, which proves nothing."""
        for letters, number in CORNER.findall(attributes.get("ref", "")):
            if (columns := column_number(letters)) > WIDEST:
                raise self._refused(
                    f"claims {columns:,} columns; more than {WIDEST} are not read. {STRAY}"
                )
            if int(number) > MOST_ROWS:
                raise UnreadableError

    def _row_begins(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.number + 1))
        if not self.number < number <= MOST_ROWS:
            raise UnreadableError
        self.number, self.column, self.row = number, 0, []

    def _cell_ends(self) -> None:
        """Put the cell's text in its column, which must be later than the one before."""
        attributes = self.attributes
        reference = attributes.get("r")
        column = column_number(reference.rstrip("0123456789")) if reference else self.column + 1
        if column <= self.column:
            raise UnreadableError
        self.column = column
        if not (self.given or self.is_formula):
            return
        text = self._as_text(attributes.get("t", "n"))
        if column > WIDEST:
            raise self._refused(
                f"has a cell in column {column:,} of row {self.number:,}; more than {WIDEST} "
                f"columns are not read. {STRAY}"
            )
        if len(text) > LONGEST_TEXT:
            raise self._refused(
                f"has a cell of {len(text):,} characters in row {self.number:,}; Excel lets a "
                f"cell hold {LONGEST_TEXT:,}. {STRAY}"
            )
        row = self.row
        while len(row) < column - 1:
            row.append("")
        row.append(text)

    def _row_ends(self) -> None:
        """Hand the row on, unless it is blank."""
        row = self.row
        while row and not row[-1].strip():
            row.pop()
        if not row:
            return
        gap = self.number - self.last - 1
        if self.width and gap > LONGEST_GAP:
            raise self._refused(
                f"has a cell in row {self.number:,}, {gap:,} empty rows below the others. {STRAY}"
            )
        self.width = self.width or len(row)
        self.last = self.number
        row.extend([""] * (self.width - len(row)))
        self.cells += len(row)
        self.letters += sum(map(len, row))
        if self.cells > MOST_CELLS or self.letters > MOST_TEXT:
            raise self._refused(
                f"holds more than {MOST_CELLS:,} cells or {MOST_TEXT // 1_000_000} MB of text. "
                "Ask the supplier for CSV, or for fewer rows a file."
            )
        self.ready.append((self.number, row))

    def _as_text(self, kind: str) -> str:
        """What the cell shows. Raises ValueError or IndexError where it is not what it says."""
        given = self.given
        if kind == "s":
            if not given.isdecimal():
                raise UnreadableError
            return self.book.texts[int(given)]
        if kind in ("str", "inlineStr"):
            return cells.unescaped(given)
        if not given:
            return cells.NOT_CALCULATED
        as_written = self.book.styles.get(self.attributes.get("s", "0"))
        if kind == "n":
            return cells.number(given) if as_written is None else as_written(given)
        return OTHER_KINDS[kind](given)

    def _refused(self, what: str) -> RefusedError:
        return RefusedError(f', sheet "{shown(self.book.title)}" {what}')


OTHER_KINDS: dict[str, Callable[[str], str]] = {
    "b": lambda given: str(bool(int(given))),
    "d": cells.iso_moment,
    "e": str,
}


def column_number(letters: str) -> int:
    """The number of a column: A is 1, XFD is 16,384."""
    if (known := COLUMNS.get(letters)) is not None:
        return known
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise UnreadableError
        number = number * 26 + ord(letter) - ord("A") + 1
    if not 0 < number <= MOST_COLUMNS:
        raise UnreadableError
    return COLUMNS.setdefault(letters, number)


COLUMNS: dict[str, int] = {}
"""Those met so far, by their letters."""
