"""How wide a column and how tall a row must be for nothing to be cut off, on screen or paper.

Excel could fit row heights by itself when it opens a file; LibreOffice and the viewers in mail
programs do not, so every height is written down.
"""

import datetime as dt
import math
from collections.abc import Sequence

from xlsxwriter.utility import cell_autofit_width

from csip_pipeline.publish.workbook_cells import Content
from csip_pipeline.publish.workbook_parts import Column

DIGIT_PIXELS = 9
"""The unit of Excel's column widths: a digit of Arial 12."""
CALIBRI_PADDING = 7
ARIAL_TO_CALIBRI, BOLD = 1.27, 1.08
"""XlsxWriter measures text in Calibri 11; Arial 12 is this much wider, and bold wider again."""

NARROWEST, LONG_TEXT, WIDEST_TEXT = 9, 30, 90
PAGE_WIDTH, PAGE_HEIGHT = 112, 490
"""A landscape A4 page within its margins: digits of Arial 12 across, points down."""
MOST_SHRINKING = 1.4
LINE_HEIGHT = 1.32
"""Points of row height for each point of font size."""


def widths(
    columns: Sequence[Column], headings: Sequence[str], grid: Sequence[Sequence[Content]]
) -> list[float]:
    """Column widths in digits: numbers fit, headings wrap at words, long text shares the rest."""
    fits = [
        max([NARROWEST, *(_digits(value, column) for value in contents)])
        for column, contents in zip(columns, grid, strict=True)
    ]
    heads = [
        max(*(_text_digits(word) for word in text.split()), _text_digits(text) / 3) * BOLD
        for text in headings
    ]
    is_long = [
        column.kind == "text" and fit > LONG_TEXT for column, fit in zip(columns, fits, strict=True)
    ]
    needs = [max(fit, head) + 1.5 for fit, head in zip(fits, heads, strict=True)]
    taken = sum(need for need, long in zip(needs, is_long, strict=True) if not long)
    room = min(max((PAGE_WIDTH - taken) / max(sum(is_long), 1), LONG_TEXT), WIDEST_TEXT)
    return [
        column.width or math.ceil(min(need, room) if long else need)
        for column, need, long in zip(columns, needs, is_long, strict=True)
    ]


def height(
    texts: Sequence[Content], within: Sequence[float], size: int = 12, *, bold: bool = False
) -> float:
    """The points a row needs for each of its texts to wrap within its column's width."""
    scale = size / 12 * (BOLD if bold else 1)
    lines = [
        _lines(text, width / scale)
        for text, width in zip(texts, within, strict=True)
        if isinstance(text, str)
    ]
    return math.ceil(max([1, *lines]) * size * LINE_HEIGHT + 1)


def fits_one_page(points: float) -> bool:
    """Whether rows of this height in all stay readable when shrunk on to one landscape page."""
    return points <= PAGE_HEIGHT * MOST_SHRINKING


def _digits(value: Content, column: Column) -> float:
    if isinstance(value, str):
        return max(_text_digits(line) for line in value.splitlines())
    if isinstance(value, dt.datetime):
        return {"month": 14, "date": 17}.get(column.kind, 23)
    if column.kind == "duration":
        return len(f"{value * 24:.0f}:00:00")
    return len(f"{value:,.1f}") if column.kind == "decimal" else len(f"{value:,.0f}") + 1


def _text_digits(text: str) -> float:
    pixels = max(cell_autofit_width(text) - CALIBRI_PADDING, 0)
    return float(pixels * ARIAL_TO_CALIBRI / DIGIT_PIXELS)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes, broken between words (and within a word that is too long)."""
    space = _text_digits("n n") - _text_digits("nn")
    lines = 0
    for paragraph in text.splitlines():
        lines += 1
        used = 0.0
        for word in paragraph.split():
            long = _text_digits(word)
            if used and used + space + long > width:
                lines, used = lines + 1, 0.0
            lines += int(long // width)
            used += long + (space if used else 0)
    return lines
