"""A sample table of calls, and every kind of damage that a line of it can take, as Pollock does.

Pollock (Vitagliano et al., VLDB 2023) damages one row of a clean table at a time: a delimiter or a
quotation mark too many or too few, another line end, another dialect, foreign lines.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

SOURCE = """
[[source]]
name = "switchboard"
feed = "telephony"
format = "delimited"
files = "telephony/calls*"
zone = "Europe/London"

[source.columns]
call_id = { column = "Ref", pattern = "C-[0-9]{6}" }
line = { value = "101" }
queue = { column = "Queue", values = { General = "main", Crime = "crime", Roads = "road" } }
arrived_at = { column = "Start", datetime = "%d/%m/%Y %H:%M:%S" }
outcome = { column = "Result", values = { Yes = "answered", No = "abandoned" } }
wait_seconds = { column = "Ring", duration = "h:mm:ss" }
talk_seconds = { column = "Talk" }
caller_number = { column = "CLI", empty = ["-"], pattern = "0[0-9]{4} [0-9]{6}" }
wrap_code = { column = "Reason" }
transferred_to = { column = "Passed on to", pattern = "Ext [0-9]{4}" }
"""
HEADER = ["Ref", "Queue", "Start", "Result", "Ring", "Talk", "CLI", "Reason", "Passed on to"]
COLUMNS = [
    "call_id",
    "queue",
    "arrived_at",
    "outcome",
    "wait_seconds",
    "talk_seconds",
    "caller_number",
    "wrap_code",
    "transferred_to",
]
"""The feed's columns that those of the header come to, in the same order."""
REASON = HEADER.index("Reason")
NAME = "calls_20261101T0500Z.csv"
ROWS = 83
QUEUES = {"General": "main", "Crime": "crime", "Roads": "road"}
REASONS = [
    "Lost property, keys",
    "Noise",
    'Says it is "urgent"',
    "Café terrace",
    "",
    "Progress chasing",
    'He said "no", twice',
]
TWO_LINES = "Rang twice\nthen gave up, and left"
LINE_END = re.compile("\r\n|\r|\n")

Values = tuple[object, ...]


@dataclass(frozen=True)
class Call:
    """One row of the sample: its cells as text, and the values that they mean."""

    cells: tuple[str, ...]
    values: Values


@dataclass(frozen=True)
class Style:
    """How a supplier writes the table."""

    name: str
    end: str = "\n"
    delimiter: str = ","
    quote: str = '"'
    quotes_all: bool = False
    escape: str = ""

    def cell(self, text: str) -> str:
        """A cell as written."""
        special = {self.delimiter, self.quote, "\n"} - {""}
        if not self.quotes_all and not any(sign in text for sign in special):
            return text
        doubled = (self.escape or self.quote) + self.quote
        escaped = text.replace(self.escape, self.escape * 2) if self.escape else text
        written = escaped.replace(self.quote, doubled).replace("\n", self.end)
        return f"{self.quote}{written}{self.quote}"

    def parts(self, cells: list[str]) -> list[str]:
        """A row as written: each cell, and after it its delimiter or the line end."""
        told = [part for text in cells for part in (self.cell(text), self.delimiter)]
        return [*told[:-1], self.end]


PLAIN = Style("quoted where needed")
WINDOWS = Style("quoted where needed, CRLF", end="\r\n")
QUOTED = Style("all quoted, CRLF", end="\r\n", quotes_all=True)


@cache
def calls() -> tuple[Call, ...]:
    """The sample: the same at every call."""
    return tuple(_call(number) for number in range(ROWS))


def rows_as_text() -> list[list[str]]:
    """The sample as text: its header, then its rows."""
    return [HEADER, *(list(call.cells) for call in calls())]


def _call(number: int) -> Call:
    clock = dt.datetime(2026, 10, 1, 8) + dt.timedelta(minutes=431 * number)  # noqa: DTZ001
    queue = list(QUEUES)[number % 3]
    is_answered = number % 4 != 3
    wait, talk = 7 * number % 400, 61 + 13 * number
    phone = "" if number % 9 == 5 else f"07700 900{number:03}"
    reason = TWO_LINES if number in (20, 21, 60) else REASONS[number % len(REASONS)]
    passed_on = f"Ext {4000 + number}" if number % 6 == 1 else ""
    ring = f"{wait // 3600}:{wait // 60 % 60:02}:{wait % 60:02}"
    cells = (
        f"C-{100_000 + 37 * number}",
        queue,
        f"{clock:%d/%m/%Y %H:%M:%S}",
        "Yes" if is_answered else "No",
        ring,
        str(talk) if is_answered else "",
        phone or "-",
        reason,
        passed_on,
    )
    london = dt.timezone(dt.timedelta(hours=clock < dt.datetime(2026, 10, 25, 2)))  # noqa: DTZ001
    values = (
        cells[0],
        QUEUES[queue],
        clock.replace(tzinfo=london).astimezone(dt.UTC),
        "answered" if is_answered else "abandoned",
        float(wait),
        float(talk) if is_answered else None,
        phone or None,
        reason or None,
        passed_on or None,
    )
    return Call(cells, values)


def keeps_schema(values: Values) -> bool:
    """Whether a row is one that the schema allows: said here again, not asked of the reader."""
    call_id, queue, arrived, outcome, wait, talk, phone, reason, passed_on = values
    return (
        re.fullmatch(r"C-\d{6}", str(call_id)) is not None
        and queue in QUEUES.values()
        and isinstance(arrived, dt.datetime)
        and dt.datetime(2026, 9, 30, 23, tzinfo=dt.UTC) <= arrived
        and arrived <= dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC)
        and outcome in ("answered", "abandoned")
        and isinstance(wait, float)
        and 0 <= wait < 400
        and (talk is None or (isinstance(talk, float) and talk >= 0))
        and (phone is None or re.fullmatch(r"0\d{4} \d{6}", str(phone)) is not None)
        and (reason is None or isinstance(reason, str))
        and (passed_on is None or re.fullmatch(r"Ext \d{4}", str(passed_on)) is not None)
    )


Damage = Callable[[list[str], int, Style], list[str] | None]
"""The parts of a row, damaged at a column; None where there is nothing to damage there."""


@dataclass(frozen=True)
class Kind:
    """One kind of damage."""

    name: str
    damage: Damage
    adds_a_break: bool = False
    """Whether it puts a line break into a text: the text with a break in it is then the truth."""
    each_column: bool = True
    costs_nothing: bool = False
    """Whether every row is still whole, so that each must be read."""
    styles: tuple[Style, ...] = (PLAIN, QUOTED)


@dataclass(frozen=True)
class Polluted:
    """One file: a table with one damaged row."""

    kind: Kind
    style: Style
    row: int
    """The damaged row; 0 is the header."""
    column: int
    text: str
    spans: tuple[tuple[int, int], ...]
    """The first and last line of each row."""

    @property
    def name(self) -> str:
        """What was done where."""
        return f"{self.kind.name} ({self.style.name}), row {self.row}, column {self.column}"

    @property
    def damaged(self) -> set[int]:
        """The rows that are no longer whole: the damaged one and any on a line with it."""
        if self.kind.costs_nothing:
            return set()
        first, last = self.spans[self.row]
        return {
            number for number, span in enumerate(self.spans) if span[0] <= last and span[1] >= first
        }


def polluted(kind: Kind, style: Style, row: int, column: int) -> Polluted | None:
    """The sample with one row damaged; None where there is nothing to damage."""
    parts = kind.damage(list(_written(style)[row]), column, style)
    if parts is None or parts == list(_written(style)[row]):
        return None
    texts = ["".join(written) for written in _written(style)]
    texts[row] = "".join(parts)
    return Polluted(kind, style, row, column, "".join(texts), _spans(texts))


def every(
    kinds: list[Kind], rows: Callable[[Kind, int], list[int]] | None = None
) -> Iterator[Polluted]:
    """A file for each kind of damage at each column of each row; 0 is the header."""
    for kind in kinds:
        for style in kind.styles:
            for column in range(len(HEADER) if kind.each_column else 1):
                for row in rows(kind, column) if rows else range(ROWS + 1):
                    if made := polluted(kind, style, row, column):
                        yield made


@cache
def _written(style: Style) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(style.parts(cells)) for cells in rows_as_text())


def _spans(texts: list[str]) -> tuple[tuple[int, int], ...]:
    """The lines of each row, however the damage moved them."""
    told, line, last_end = [], 1, ""
    for text in texts:
        if last_end == "\r" and text.startswith("\n"):
            line -= 1
        ends = len(LINE_END.findall(text))
        is_whole = text.endswith(("\r", "\n"))
        told.append((line, line + ends - is_whole))
        line, last_end = line + ends, text[-1:]
    return tuple(told)


def table(style: Style, rows: list[list[str]] | None = None) -> str:
    """The whole sample, or other rows, as a file without damage."""
    return "".join("".join(style.parts(row)) for row in rows or rows_as_text())


def _at(parts: list[str], column: int, cell: str) -> list[str]:
    """The row with another text in place of a cell."""
    return [*parts[: 2 * column], cell, *parts[2 * column + 1 :]]


def _in_the_middle(sign: str) -> Damage:
    def damage(parts: list[str], column: int, _: Style) -> list[str] | None:
        cell = parts[2 * column]
        half = len(cell) // 2
        return _at(parts, column, cell[:half] + sign + cell[half:]) if len(cell) > 1 else None

    return damage


def before(sign: str) -> Damage:
    """A sign too many before a cell."""
    return lambda parts, column, _: _at(parts, column, sign + parts[2 * column])


def _after(sign: str) -> Damage:
    return lambda parts, column, _: _at(parts, column, parts[2 * column] + sign)


def _instead(sign: str) -> Damage:
    """Another sign in place of the delimiter after a cell."""

    def damage(parts: list[str], column: int, _: Style) -> list[str] | None:
        at = 2 * column + 1
        return [*parts[:at], sign, *parts[at + 1 :]] if at < len(parts) - 1 else None

    return damage


def _unquoted(first: int, last: int) -> Damage:
    """A quoted cell without its first or last quotation mark."""

    def damage(parts: list[str], column: int, style: Style) -> list[str] | None:
        cell = parts[2 * column]
        is_quoted = len(cell) > 1 and cell.startswith(style.quote)
        return _at(parts, column, cell[first : len(cell) - last]) if is_quoted else None

    return damage


def _undoubled(parts: list[str], column: int, style: Style) -> list[str] | None:
    cell, doubled = parts[2 * column], style.quote * 2
    inner = cell[1:-1].replace(doubled, style.quote, 1)
    return _at(parts, column, f"{cell[0]}{inner}{cell[-1]}") if doubled in cell[1:-1] else None


def _escaped(parts: list[str], column: int, style: Style) -> list[str]:
    """A quotation mark in the cell, escaped with a backslash instead of doubled."""
    cell, mark = parts[2 * column], f"\\{style.quote}"
    inner = cell[1:-1] if cell.startswith(style.quote) else cell
    inner = inner.replace(style.quote * 2, mark) if style.quote in inner else inner + mark
    return _at(parts, column, f"{style.quote}{inner}{style.quote}")


def _requoted(parts: list[str], column: int, style: Style) -> list[str] | None:
    """An apostrophe in place of each quotation mark of a cell."""
    return _at(parts, column, parts[2 * column].replace(style.quote, "'"))


def _all_requoted(parts: list[str], _: int, style: Style) -> list[str]:
    return [part.replace(style.quote, "'") for part in parts]


def _all_delimited(sign: str) -> Damage:
    return lambda parts, _, style: [sign if part == style.delimiter else part for part in parts]


def _cut_after(parts: list[str], column: int, style: Style) -> list[str] | None:
    return [*parts[: 2 * column + 1], style.end] if column < len(HEADER) - 1 else None


def _cut_within(parts: list[str], column: int, style: Style) -> list[str] | None:
    cell = parts[2 * column]
    return [*parts[: 2 * column], cell[: len(cell) // 2], style.end] if len(cell) > 1 else None


def _longer(parts: list[str], column: int, style: Style) -> list[str]:
    """A row that goes on: with one more cell, two more, ..."""
    return [*parts[:-1], *([style.delimiter, parts[-2]] * (column + 1)), style.end]


def _line_end(end: str) -> Damage:
    return lambda parts, _, __: [*parts[:-1], end]


def _foreign(line: Callable[[Style], str]) -> Damage:
    """A line before the row that is none of the table's."""
    return lambda parts, _, style: [line(style), style.end, *parts]


def _row_of(*cells: str) -> Damage:
    return _foreign(lambda style: style.delimiter.join(map(style.cell, cells)))


ALL = (PLAIN, WINDOWS, QUOTED)
POLLOCK = [
    Kind("a delimiter too many", lambda p, c, s: before(s.delimiter)(p, c, s)),
    Kind("a delimiter or line end too few", lambda p, c, _: [*p[: 2 * c + 1], *p[2 * c + 2 :]]),
    Kind("a quotation mark too many", before('"')),
]
"""The kinds of the 2,268 row-level files of the public benchmark."""
FURTHER = [
    Kind("a quotation mark in the middle", _in_the_middle('"')),
    Kind("a quotation mark after", _after('"')),
    Kind("no opening quotation mark", _unquoted(1, 0)),
    Kind("no closing quotation mark", _unquoted(0, 1)),
    Kind("a quotation mark not doubled", _undoubled),
    Kind("a quotation mark escaped", _escaped),
    Kind("apostrophes for quotation marks", _requoted),
    Kind("apostrophes in the whole row", _all_requoted, each_column=False),
    Kind("a stray escape", _in_the_middle("\\")),
    Kind("LF within", _in_the_middle("\n"), adds_a_break=True, styles=ALL),
    Kind("CR within", _in_the_middle("\r"), adds_a_break=True, styles=ALL),
    Kind("CRLF within", _in_the_middle("\r\n"), adds_a_break=True, styles=ALL),
    Kind("LF before", before("\n"), adds_a_break=True, styles=ALL),
    Kind("CR after", _after("\r"), adds_a_break=True, styles=ALL),
    Kind("a line end for a delimiter", lambda p, c, s: _instead(s.end)(p, c, s), styles=ALL),
    Kind("a semicolon for a delimiter", _instead(";")),
    Kind("a tab for a delimiter", _instead("\t")),
    Kind("a delimiter of two letters", _instead("||")),
    Kind("a delimiter of two bytes", _instead("§")),
    Kind("a delimiter and a space", _instead(", ")),
    Kind("cut short after", _cut_after),
    Kind("cut short within", _cut_within),
    Kind("more cells", _longer),
    Kind("ended by LF", _line_end("\n"), each_column=False, styles=ALL),
    Kind("ended by CR", _line_end("\r"), each_column=False, styles=ALL),
    Kind("ended by CRLF", _line_end("\r\n"), each_column=False, styles=ALL),
    Kind(
        "ended twice",
        lambda p, _, s: [*p, s.end],
        each_column=False,
        costs_nothing=True,
        styles=ALL,
    ),
    Kind("semicolons in the whole row", _all_delimited(";"), each_column=False),
    Kind("commas and spaces in the whole row", _all_delimited(", "), each_column=False),
    Kind("a blank line", _foreign(lambda _: ""), each_column=False, costs_nothing=True, styles=ALL),
    Kind("a line of spaces", _foreign(lambda _: "   "), each_column=False, costs_nothing=True),
    Kind(
        "a line of delimiters",
        _foreign(lambda _: ",,,,,,,,"),
        each_column=False,
        costs_nothing=True,
    ),
    Kind("a comment", _foreign(lambda _: "# page 2 of 3"), each_column=False, costs_nothing=True),
    Kind("the header again", _row_of(*HEADER), each_column=False, costs_nothing=True),
    Kind(
        "a total",
        _row_of("Total", "", "", "", "", "83", "", "", ""),
        each_column=False,
        costs_nothing=True,
    ),
    Kind("a narrower table", _row_of(*"abcdef"), each_column=False, costs_nothing=True),
    Kind("a wider table", _row_of(*"abcdefghijkl"), each_column=False, costs_nothing=True),
    Kind(
        "a wider table of nothing",
        _foreign(lambda _: "," * 11),
        each_column=False,
        costs_nothing=True,
    ),
]
