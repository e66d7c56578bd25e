"""How wide a column and how tall a row must be for nothing to be cut off, on screen or paper.

Excel could fit row heights by itself when it opens a file; LibreOffice and the viewers in mail
programs do not, so every height is written down.
"""

import datetime as dt
import math
import re
from collections.abc import Sequence
from functools import lru_cache

from csip_pipeline.publish.workbook_parts import Column
from csip_pipeline.publish.workbook_values import RIGHT, Content

GLYPHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "(){}-`r",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
"""How far each character of Arial advances, in thousandths of the font size."""
ADVANCES = {character: width for width, glyphs in GLYPHS.items() for character in glyphs}
DIGIT, UNKNOWN = ADVANCES["0"], 1_000
BOLD = 1.08
"""How much wider bold is."""

NARROWEST, LONG_TEXT, WIDEST_TEXT = 9, 30, 90
CELL_PADDING, INDENT = 1.5, 1.2
LONGEST_MOMENTS = {"month": "September 2026", "date": "30 September 2026"}
LONGEST_MOMENT = "30 September 2026 23:15"
PAGE_WIDTH, PAGE_HEIGHT = 112, 490
"""A landscape A4 page within its margins: digits of Arial 12 across, points down."""
MOST_SHRINKING = 1.5
LINE_HEIGHT = 1.28
"""Points of row height for each point of font size."""
SAFE = 0.97
"""The share of a cell's width that text may fill: Excel breaks lines a little early."""
SLACK = (1, 1.05, 1.1, 1.15, 1.2, 1.25)
"""Programs differ by this much in where they break a line."""
NOTE = re.compile(r"\[note\s\d+\]")


def widths(
    columns: Sequence[Column], headings: Sequence[str], grid: Sequence[Sequence[Content]]
) -> list[float]:
    """Column widths in digits: numbers fit, headings wrap at words, long text shares the rest."""
    fits = [
        max([NARROWEST, *(_digits(value, column) for value in contents)])
        for column, contents in zip(columns, grid, strict=True)
    ]
    needs = [
        _heading_width(text, fit + CELL_PADDING) + (INDENT if is_indented else 0)
        for fit, text, is_indented in zip(fits, headings, indented(columns), strict=True)
    ]
    is_long = [
        column.kind == "text" and fit > LONG_TEXT for column, fit in zip(columns, fits, strict=True)
    ]
    taken = sum(need for need, long in zip(needs, is_long, strict=True) if not long)
    room = min(max((PAGE_WIDTH - taken) / max(sum(is_long), 1), LONG_TEXT), WIDEST_TEXT)
    return [
        column.width or math.ceil(min(need, room) if long else need)
        for column, need, long in zip(columns, needs, is_long, strict=True)
    ]


def indented(columns: Sequence[Column]) -> list[bool]:
    """Whether a column starts with a space, so that its words do not touch what stands before."""
    return [position > 0 and column.kind not in RIGHT for position, column in enumerate(columns)]


def height(
    texts: Sequence[Content], within: Sequence[float], size: int = 12, *, bold: bool = False
) -> float:
    """The points a row needs for each of its texts to wrap within its column's width."""
    scale = size / 12 * (BOLD if bold else 1)
    counts = [
        len(lines(text, width / scale))
        for text, width in zip(texts, within, strict=True)
        if isinstance(text, str)
    ]
    return math.ceil(max([1, *counts]) * size * LINE_HEIGHT + 1)


def fits_one_page(points: float) -> bool:
    """Whether rows of this height in all stay readable when shrunk on to one landscape page."""
    return points <= PAGE_HEIGHT * MOST_SHRINKING


def lines(text: str, width: float) -> list[str]:
    """A text as it wraps in a cell: between words, and within a word that is too long."""
    room = width * SAFE
    wrapped: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line, used = "", 0.0
        for word in paragraph.split():
            longer, wanted = (f"{line} {word}", used + SPACE) if line else (word, 0.0)
            wanted += text_digits(word)
            if line and wanted > room:
                wrapped.append(line)
                longer, wanted = word, text_digits(word)
            while len(longer) > 1 and wanted > room:
                start = next(n for n in range(len(longer), 0, -1) if _fits(longer[:n], room))
                wrapped.append(longer[:start])
                longer = longer[start:]
                wanted = text_digits(longer)
            line, used = longer, wanted
        wrapped.append(line)
    return wrapped


@lru_cache(maxsize=4096)
def text_digits(text: str) -> float:
    """How wide a text is, in digits of the same size."""
    return sum(ADVANCES.get(character, UNKNOWN) for character in text) / DIGIT


SPACE = text_digits(" ")


def _fits(text: str, room: float) -> bool:
    return len(text) == 1 or text_digits(text) <= room


def _heading_width(text: str, at_least: float) -> float:
    """Room for the heading in about three lines: no word or "[note 1]" broken, no edge touched."""
    longest = max(text_digits(word) for word in text.split())
    width = max((max(longest, text_digits(text) / 3) + CELL_PADDING) * BOLD, at_least)
    while any(_is_tight(text, width / BOLD, slack) for slack in SLACK):
        width += 1
    return width


def _is_tight(text: str, width: float, slack: float) -> bool:
    wrapped = lines(text, width * slack)
    whole_notes = sum(len(NOTE.findall(line)) for line in wrapped)
    touches = max(map(text_digits, wrapped)) + CELL_PADDING > width
    return touches or whole_notes < len(NOTE.findall(text))


def _digits(value: Content, column: Column) -> float:
    if isinstance(value, str):
        return max(text_digits(line) for line in value.splitlines() or [""])
    if isinstance(value, dt.datetime):
        return text_digits(LONGEST_MOMENTS.get(column.kind, LONGEST_MOMENT))
    if column.kind == "duration":
        return len(f"{value * 24:.0f}:00:00")
    return len(f"{value:,.1f}") if column.kind == "decimal" else len(f"{value:,.0f}") + 1
