"""What a reader sees in a cell: its content in its number format, as a spreadsheet shows it."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from csip_pipeline.publish.workbook_parts import Column
from csip_pipeline.publish.workbook_values import (
    LONG_DURATION,
    SECONDS_PER_DAY,
    Content,
    number_format,
)

PLAIN = re.compile(
    r"(?P<plus>\+?)(?P<unit>£?)(?P<thousands>#,##)?0(?:\.(?P<places>0+))?(?P<share>%?)"
)
"""The part of a number format for numbers from nought up; that for others mirrors it."""


def shown(value: Content, column: Column, contents: Sequence[Content]) -> str:
    """A cell's text. Raises ValueError for a number format that no column has had so far."""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return _moment(value, column)
    form = number_format(column, contents)
    if column.kind == "duration":
        return _duration(value, is_long=form == LONG_DURATION)
    return _number(value, form)


def labelled(value: float, form: str) -> str:
    """A number on an axis, in a number format; of durations too, which are parts of a day."""
    if "[" in form:
        return _duration(value, is_long=form == LONG_DURATION)
    return _number(value, form)


def _moment(value: dt.datetime, column: Column) -> str:
    if column.kind == "month":
        return f"{value:%B %Y}"
    day = f"{value.day} {value:%B %Y}"
    return f"{day} {value:%H:%M}" if column.kind == "datetime" else day


def _duration(days: float, *, is_long: bool) -> str:
    seconds = int(_rounded(days * SECONDS_PER_DAY, 0))
    minutes, seconds = divmod(seconds, 60)
    if not is_long:
        return f"{minutes}:{seconds:02}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _number(value: float, form: str) -> str:
    plain = PLAIN.fullmatch(form.partition(";")[0])
    if plain is None:
        raise ValueError(f"The number format {form} is not known.")
    places = len(plain["places"] or "")
    rounded = _rounded(value * (100 if plain["share"] else 1), places)
    sign = "-" if rounded < 0 else plain["plus"] if rounded > 0 else ""
    digits = f"{abs(rounded):,.{places}f}" if plain["thousands"] else f"{abs(rounded):.{places}f}"
    return f"{sign}{plain['unit']}{digits}{plain['share']}"


def _rounded(value: float, places: int) -> Decimal:
    """Half goes away from nought, as in a spreadsheet, which first cuts to 15 digits."""
    return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
