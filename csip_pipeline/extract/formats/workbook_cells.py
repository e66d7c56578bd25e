"""What each kind of cell of a workbook is as text, in one unambiguous way.

Runs in the child process (workbook_child), which has the standard library and nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import lru_cache

NOT_CALCULATED = "#NOT CALCULATED!"
"""What stands for a formula that no program has worked out."""
BAD_DATE = "#VALUE!"
TOO_LARGE = "#NUM!"
ERRORS = frozenset(
    {
        "#BLOCKED!",
        "#BUSY!",
        "#CALC!",
        "#CONNECT!",
        "#DIV/0!",
        "#FIELD!",
        "#GETTING_DATA",
        "#N/A",
        "#NAME?",
        NOT_CALCULATED,
        "#NULL!",
        TOO_LARGE,
        "#REF!",
        "#SPILL!",
        "#UNKNOWN!",
        BAD_DATE,
    }
)
"""Texts that are no value but a spreadsheet's word that it has none."""
IN_A_NUMBER = "0123456789.+-eE"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
IN_QUOTES_OR_BRACKETS = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')
DATE_LETTER = re.compile(r"(?<![_\\])[dmhysDMHYS]")
DURATION = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)
BUILT_IN_DATES = frozenset({*range(14, 23), 45, 47})
BUILT_IN_DURATIONS = frozenset({46})
DAY = 86_400
EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
MOST_DAYS = 10_000_000
LEAP_BUG = 60
"""The serial number of 29 February 1900, a day that Excel counts and the calendar does not."""


def kind_of_format(number: int, code: str | None) -> str:
    """What a number format shows: a `date` (or a time), a `duration`, or a number (empty)."""
    if code is None:
        if number in BUILT_IN_DURATIONS:
            return "duration"
        return "date" if number in BUILT_IN_DATES else ""
    first = IN_QUOTES_OR_BRACKETS.sub("", code.split(";")[0])
    if not DATE_LETTER.search(first):
        return ""
    return "duration" if DURATION.search(code.split(";")[0]) else "date"


def number(text: str) -> str:
    """A number, whole where it is whole. Raises ValueError where it is none."""
    if text.isdecimal() and text.isascii() and (text[0] != "0" or text == "0"):
        return text
    value = _value(text)
    if math.isinf(value):
        return TOO_LARGE
    return str(int(value)) if float(value).is_integer() else str(value)


def moment(text: str, *, from_1904: bool) -> str:
    """A day number as YYYY-MM-DD HH:MM:SS, or as HH:MM:SS where it is a part of a day.

    Excel keeps a time as a fraction of a day, so it comes back some microseconds off the second.
    """
    value = _value(text)
    if abs(value) > MOST_DAYS:
        return BAD_DATE
    day, fraction = divmod(value, 1)
    thousandths = round(fraction * DAY * 1000)
    if 0 <= value < 1 and thousandths < DAY * 1000:
        return _clock(round(thousandths / 1000))
    if 0 < value < LEAP_BUG and not from_1904:
        day += 1
    later, seconds = divmod((thousandths + 500) // 1000, DAY)
    try:
        return f"{_date(int(day) + later, from_1904)} {_clock(seconds)}"
    except OverflowError:
        return BAD_DATE


def duration(text: str) -> str:
    """A number of days as HH:MM:SS, with as many hours as it has."""
    value = _value(text)
    if abs(value) > MOST_DAYS:
        return BAD_DATE
    seconds = round(round(value * DAY, 3))
    return _clock(seconds) if seconds >= 0 else f"-{_clock(-seconds)}"


def iso_moment(text: str) -> str:
    """What a cell of ISO 8601 says, written as `moment` writes it."""
    day, _, clock = text.removesuffix("Z").rpartition("T")
    if not day and ":" not in clock:
        return dt.date.fromisoformat(clock).isoformat()
    time = dt.time.fromisoformat(clock)
    seconds = round(time.microsecond / 1_000_000) + time.second
    shown = _clock(time.hour * 3600 + time.minute * 60 + seconds)
    return f"{dt.date.fromisoformat(day).isoformat()} {shown}" if day else shown


def unescaped(text: str) -> str:
    """Text with the characters that XML cannot hold, which Excel writes as _x000D_."""
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    one = chr(int(found[1], 16))
    return one if one.isprintable() or one in "\t\r\n" else "\ufffd"


def _value(text: str) -> float:
    if not text.isascii() or text.strip(IN_A_NUMBER):
        raise ValueError  # float() would take nan, inf and 1_000 too
    return int(text) if text.isdecimal() else float(text)


@lru_cache(maxsize=10_000)
def _date(day: int, from_1904: bool) -> str:
    return (EPOCHS[from_1904] + dt.timedelta(days=day)).isoformat()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
