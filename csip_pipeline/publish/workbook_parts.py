"""What a workbook is made of, as plain data: cover, notes, tables, charts. Writes no file."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal[
    "text", "month", "date", "datetime", "count", "share", "seconds", "duration", "decimal"
]
NUMBERS = ("count", "share", "seconds", "duration", "decimal")
"""The kinds of column that hold numbers."""
Style = Literal[
    "line", "value", "target", "average", "limit", "improvement", "concern", "neutral", "common"
]

SHORTHAND = {
    "[b]": ("a break", "The way of counting changed here: do not compare the two sides."),
    "[c]": ("confidential", "Hidden so that nobody can be recognised from a small number."),
    "[p]": ("provisional", "The figure may still change."),
    "[r]": ("revised", "The figure has changed since an earlier pack."),
    "[x]": ("not available", "The figure exists but we do not have it."),
    "[z]": ("not applicable", "There can be no figure here."),
}
"""The Analysis Function's shorthand: what each mark means, in short and in a sentence."""

FRONT = ("Cover", "Contents", "Notes")
MOST_SERIES = 6
LONGEST_SHEET = 31
RESERVED = "history"
"""Excel keeps this worksheet name for itself."""
SHEET_FORBIDS = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{2,254}")
CELL_LIKE = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `name` is the frame's column; `heading` what the reader sees. A `unit` follows the heading in
    brackets, then `notes` (names of notes) as [note 1]. `missing` stands where there is no value.
    A cell of any kind may instead hold a shorthand mark such as "[c]". Kinds: a share is a
    fraction (0.8 shows as 80.0%); seconds and duration are both numbers of seconds. `width` (in
    digits) and `number_format` (Excel's) replace what would follow from the kind and the cells.
    """

    name: str
    heading: str
    kind: Kind = "text"
    unit: str | None = None
    notes: tuple[str, ...] = ()
    missing: str = "[x]"
    width: float | None = None
    number_format: str | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """One table on a worksheet of its own, under its title and the lines that introduce it.

    Each `intro` line fills one cell: keep to one sentence a line. `name` is the Excel table name.
    The first `key_columns` say what a row is about; unless given, those before the first number.
    """

    name: str
    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: pd.DataFrame
    intro: tuple[str, ...] = ()
    source: str | None = None
    notes: tuple[str, ...] = ()
    key_columns: int | None = None

    @property
    def keys(self) -> int:
        """How many of the first columns say what a row is about."""
        if self.key_columns is not None:
            return self.key_columns
        kinds = [column.kind in NUMBERS for column in self.columns]
        return kinds.index(True) if True in kinds else len(kinds)

    def __post_init__(self) -> None:
        """Refuse what Excel would repair or a screen reader would stumble on."""
        if not TABLE_NAME.fullmatch(self.name) or CELL_LIKE.fullmatch(self.name):
            raise ValueError(f"'{self.name}' cannot name an Excel table: letters, digits, _ only.")
        absent = [column.name for column in self.columns if column.name not in self.rows]
        if absent or not self.columns:
            raise ValueError(f"Table {self.name} lacks these columns in its rows: {absent}.")
        if not all(column.heading.strip() for column in self.columns):
            raise ValueError(f"Table {self.name} has a column without a heading.")
        _unique((column.heading for column in self.columns), f"heading in table {self.name}")


@dataclass(frozen=True)
class Series:
    """One column of the table as drawn: its label in the legend, and the part it plays.

    Styles: "line" is the next colour, marker and dash of the palette (or the next bar fill);
    "value", "target", "average" and "limit" are lines without markers; "improvement", "concern",
    "neutral" and "common" are markers without a line: what the points of a control chart show.
    `rows`, where given, are the first and the last row drawn; the legend has it if `is_listed`.
    """

    column: str
    label: str
    style: Style = "line"
    rows: tuple[int, int] | None = None
    is_listed: bool = True


@dataclass(frozen=True)
class Chart:
    """A native chart on a worksheet of its own; every value it plots is a cell of `table`.

    `message` says what the chart shows in plain words. The y axis starts at `y_min` (zero) and
    ends at `y_max`; without one, shares go up to 100% once any of them is above a half. Its
    gridlines are `y_step` apart, and its `number_format` follows the first series, unless given.
    """

    sheet: str
    title: str
    message: str
    alt_text: str
    kind: Literal["line", "stacked_share", "column"]
    table: str
    category: str
    series: tuple[Series, ...]
    y_axis: str
    number_format: str | None = None
    y_min: float = 0
    y_max: float | None = None
    y_step: float | None = None

    def __post_init__(self) -> None:
        """Refuse a chart that somebody could not read."""
        if not (self.alt_text.strip() and self.message.strip() and self.title.strip()):
            raise ValueError(f"Chart {self.sheet} needs a title, a message and alternative text.")
        drawn = sum(series.style == "line" for series in self.series)
        if not self.series or drawn > MOST_SERIES:
            raise ValueError(f"Chart {self.sheet} must draw between 1 and {MOST_SERIES} series.")


@dataclass(frozen=True)
class Link:
    """A link to a worksheet of the same workbook, in a cell of its own."""

    sheet: str
    text: str


@dataclass(frozen=True)
class Cover:
    """The first worksheet: sections are (heading, paragraphs); a paragraph is text or a Link."""

    title: str
    subtitle: str
    sections: tuple[tuple[str, tuple[str | Link, ...]], ...] = ()


@dataclass(frozen=True)
class Note:
    """A note that columns and tables point to by name. Its number is its place in the workbook."""

    name: str
    text: str


@dataclass(frozen=True)
class Properties:
    """What the file says about itself. `created` is a date of the data, never of the clock."""

    title: str
    author: str
    subject: str
    created: dt.datetime
    language: str = "en-GB"


@dataclass(frozen=True)
class Workbook:
    """A whole pack: Cover, Contents and Notes come first, then `items` in the order given."""

    cover: Cover
    items: tuple[Table | Chart, ...]
    properties: Properties
    notes: tuple[Note, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse names that clash and references that lead nowhere."""
        sheets = [*FRONT, *(item.sheet for item in self.items)]
        for sheet in sheets:
            if not 1 <= len(sheet) <= LONGEST_SHEET or SHEET_FORBIDS.search(sheet):
                raise ValueError(
                    f"'{sheet}' cannot name a worksheet: at most {LONGEST_SHEET} characters, "
                    "none of []:*?/\\, no quotation mark at either end."
                )
            if sheet.casefold() == RESERVED:
                raise ValueError(f"'{sheet}' cannot name a worksheet: Excel keeps it for itself.")
        _unique(sheets, "worksheet name")
        _unique((table.name for table in self.tables.values()), "table name")
        _unique((note.name for note in self.notes), "note name")
        for chart in (item for item in self.items if isinstance(item, Chart)):
            _plots_what_exists(chart, self.tables)
        known = {note.name for note in self.notes}
        for table in self.tables.values():
            if unknown := set(noted(table)) - known:
                raise ValueError(f"Table {table.name} points to unknown notes: {sorted(unknown)}.")
        _lead_somewhere(self.cover, sheets)

    @property
    def tables(self) -> dict[str, Table]:
        """The tables by name, in order."""
        tables = [item for item in self.items if isinstance(item, Table)]
        _unique((table.name for table in tables), "table name")
        return {table.name: table for table in tables}


def noted(table: Table) -> list[str]:
    """The names of the notes a table or any of its columns points to, first mention first."""
    names = [*table.notes, *(name for column in table.columns for name in column.notes)]
    return list(dict.fromkeys(names))


def _unique(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise ValueError(f"'{name}' is used twice as a {what}.")
        seen.add(name.casefold())


def _plots_what_exists(chart: Chart, tables: dict[str, Table]) -> None:
    if chart.table not in tables:
        raise ValueError(f"Chart {chart.sheet} plots table {chart.table}, which is not there.")
    columns = {column.name for column in tables[chart.table].columns}
    absent = {chart.category, *(series.column for series in chart.series)} - columns
    if absent:
        raise ValueError(f"Chart {chart.sheet} plots columns that are not there: {sorted(absent)}.")


def _lead_somewhere(cover: Cover, sheets: list[str]) -> None:
    links = [text for _, texts in cover.sections for text in texts if isinstance(text, Link)]
    for link in links:
        if link.sheet not in sheets:
            raise ValueError(f"The cover links to '{link.sheet}', which is not a worksheet.")
