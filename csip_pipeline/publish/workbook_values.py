"""From a value to a cell: what is written there, and in which number format it is shown."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import pandas as pd

from csip_pipeline.calendars import LONDON
from csip_pipeline.publish.workbook_parts import SHORTHAND, Column

Content = str | float | dt.datetime

LONGEST_TEXT = 32_767
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that an XML file cannot hold; a cell shows U+FFFD instead."""

SECONDS_PER_HOUR = 3_600
SECONDS_PER_DAY = 86_400
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
    if column.number_format is not None:
        return column.number_format
    if column.kind == "duration" and _longest(contents) * SECONDS_PER_DAY >= SECONDS_PER_HOUR:
        return LONG_DURATION
    return NUMBER_FORMATS[column.kind]


def heading(
    column: Column,
    contents: Sequence[Content],
    numbers: dict[str, int],
    *,
    with_notes: bool = True,
) -> str:
    """The header cell: heading, unit in brackets, then the notes that apply."""
    unit = column.unit
    if unit is None and column.kind == "duration":
        long = number_format(column, contents) == LONG_DURATION
        unit = "hours:minutes:seconds" if long else "minutes:seconds"
    if unit is None and column.kind == "seconds" and "second" not in column.heading.casefold():
        unit = "seconds"
    marks = [f"[note {numbers[name]}]" for name in column.notes if with_notes]
    return " ".join([column.heading, *([f"({unit})"] if unit else []), *marks])


def marks_in(contents: Sequence[Content]) -> set[str]:
    """The shorthand marks that a column's cells use."""
    return {mark for value in contents if isinstance(value, str) for mark in MARK.findall(value)}


def _text(value: str, column: Column) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"Column {column.name} holds text longer than an Excel cell can.")
    return NOT_IN_XML.sub("\ufffd", value)


def _number(value: Any, column: Column) -> float:  # noqa: ANN401
    if not isinstance(value, Real | Decimal) or _is_claim(value):
        raise ValueError(f"Column {column.name} holds something other than a {column.kind}.")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"Column {column.name} holds an infinite number.")
    if column.kind == "duration" and number < 0:
        raise ValueError(f"Column {column.name} holds a duration below zero, which Excel hides.")
    return number


def _moment(value: Any, column: Column) -> dt.datetime:  # noqa: ANN401
    if not isinstance(value, dt.date):
        raise ValueError(  # noqa: TRY004 - one kind of refusal, whatever is wrong with a value
            f"Column {column.name} holds something other than a {column.kind}."
        )
    moment = pd.Timestamp(value)
    if moment.tzinfo is not None:
        moment = moment.tz_convert(LONDON).tz_localize(None)
    return dt.datetime.fromisoformat(moment.isoformat(timespec="microseconds"))


def _is_claim(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _longest(contents: Sequence[Content]) -> float:
    return max((value for value in contents if isinstance(value, float)), default=0.0)
