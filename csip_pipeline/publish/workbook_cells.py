"""From a value to a cell: what is written, how it is shown, how wide it is."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from csip_pipeline.calendars import LONDON
from csip_pipeline.publish.workbook_parts import SHORTHAND, Column

Content = str | float | dt.datetime

LONGEST_TEXT = 32_767
SECONDS_PER_HOUR = 3_600
SECONDS_PER_DAY = 86_400
RISKY_START = re.compile(r"\s*[=+\-@{|\t]")
MARK = re.compile("|".join(re.escape(mark) for mark in SHORTHAND))
ENGLISH = "[$-809]"
"""Months in English (UK) whatever the reader's own computer speaks."""

NUMBER_FORMATS = {
    "text": "@",
    "month": f"{ENGLISH}mmmm yyyy",
    "date": f"{ENGLISH}d mmmm yyyy",
    "datetime": f"{ENGLISH}d mmmm yyyy hh:mm",
    "count": "#,##0",
    "share": "0.0%",
    "seconds": "#,##0",
    "duration": "[m]:ss",
    "decimal": "#,##0.0",
}
LONG_DURATION = "[h]:mm:ss"
RIGHT = frozenset({"count", "share", "seconds", "duration", "decimal"})


def content(value: Any, column: Column) -> Content:  # noqa: ANN401 - whatever a frame holds
    """What is written in the cell: text, a number, or a moment without zone (London time).

    Raises ValueError, quoting no value, where a value is not of the column's kind.
    """
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return column.missing
        if column.kind == "text" or text in SHORTHAND:
            return _text(value, column)
        raise ValueError(f"Column {column.name} holds text where a {column.kind} belongs.")
    if value is None or pd.isna(value):
        return column.missing
    if column.kind == "text":
        return ("No", "Yes")[bool(value)] if _is_claim(value) else _text(str(value), column)
    if column.kind in ("month", "date", "datetime"):
        return _moment(value, column)
    number = _number(value, column)
    return number / SECONDS_PER_DAY if column.kind == "duration" else number


def number_format(column: Column, contents: Sequence[Content]) -> str:
    """The Excel number format of a column; durations show hours once any of them has one."""
    if column.kind == "duration" and _longest(contents) * SECONDS_PER_DAY >= SECONDS_PER_HOUR:
        return LONG_DURATION
    return NUMBER_FORMATS[column.kind]


def heading(column: Column, contents: Sequence[Content], numbers: dict[str, int]) -> str:
    """The header cell: heading, unit in brackets, then the notes that apply."""
    unit = column.unit
    if unit is None and column.kind == "duration":
        long = number_format(column, contents) == LONG_DURATION
        unit = "hours:minutes:seconds" if long else "minutes:seconds"
    if unit is None and column.kind == "seconds" and "second" not in column.heading.casefold():
        unit = "seconds"
    marks = [f"[note {numbers[name]}]" for name in column.notes]
    return " ".join([column.heading, *([f"({unit})"] if unit else []), *marks])


def marks_in(contents: Sequence[Content]) -> set[str]:
    """The shorthand marks that a column's cells use."""
    return {mark for value in contents if isinstance(value, str) for mark in MARK.findall(value)}


class Pen:
    """Writes cells of one workbook; asks for each format once, so that the file stays small."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """Write into `book`, which was opened with SAFE_OPTIONS."""
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:  # noqa: ANN401 - XlsxWriter's own names
        """The Arial format with these XlsxWriter properties."""
        wanted = {"font_size": 12, "font_name": "Arial", "valign": "top", **properties}
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]

    def write(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Content,
        **properties: Any,  # noqa: ANN401
    ) -> None:
        """Write a value as its own type. Text can never become a formula, number or link."""
        if isinstance(value, str):
            if RISKY_START.match(value):  # stays text even when somebody edits the cell
                properties["quote_prefix"] = True
            sheet.write_string(row, column, value, self.format(**properties))
        elif isinstance(value, dt.datetime):
            sheet.write_datetime(row, column, value, self.format(**properties))
        else:
            sheet.write_number(row, column, value, self.format(**properties))

    def link(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        to: str,
        text: str,
        **properties: Any,  # noqa: ANN401
    ) -> None:
        """Write a link to cell A1 of another worksheet, described by `text`."""
        place = "internal:'" + to.replace("'", "''") + "'!A1"
        look = self.format(font_color="#1D70B8", underline=1, **properties)
        sheet.write_url(row, column, place, look, text, f"Go to the {to} worksheet")


def _text(value: str, column: Column) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"Column {column.name} holds text longer than an Excel cell can.")
    return value


def _number(value: Any, column: Column) -> float:  # noqa: ANN401
    if not isinstance(value, Real | Decimal) or _is_claim(value):
        raise ValueError(f"Column {column.name} holds something other than a {column.kind}.")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"Column {column.name} holds an infinite number.")
    return number


def _moment(value: Any, column: Column) -> dt.datetime:  # noqa: ANN401
    if not isinstance(value, dt.date):
        raise ValueError(f"Column {column.name} holds something other than a {column.kind}.")
    moment = pd.Timestamp(value)
    if moment.tzinfo is not None:
        moment = moment.tz_convert(LONDON).tz_localize(None)
    return moment.to_pydatetime(warn=False)


def _is_claim(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _longest(contents: Sequence[Content]) -> float:
    return max((value for value in contents if isinstance(value, float)), default=0.0)
