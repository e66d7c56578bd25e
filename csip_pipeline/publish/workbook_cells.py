"""The pen that writes cells: text stays text, links stay inside, formats are shared."""

import datetime as dt
import re
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from csip_pipeline.publish.workbook_values import Content

RISKY_START = re.compile(r"\s*[=+\-@{|\t]")


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
