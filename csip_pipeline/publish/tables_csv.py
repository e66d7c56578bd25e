"""A pack's tables as CSV, one file each, for those who compute with them."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable

from csip_pipeline.publish.workbook import Column, Layout, Table, Workbook
from csip_pipeline.publish.workbook_values import SECONDS_PER_DAY, Content

CONTENTS = "contents.csv"
FORMULA = re.compile("[\t\r\n]|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
"""What some spreadsheet takes for a formula, full-width signs included (OWASP, CSV injection)."""
DIGITS = 6
MOMENTS = {"month": "%Y-%m", "date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S"}
IN_SECONDS = ("seconds", "duration")

Row = tuple[str, ...]


def files(pack: Workbook) -> dict[str, bytes]:
    """The tables by file name, and contents.csv with what each is.

    UTF-8, RFC 4180; the first row holds the headings. Shares are fractions, durations seconds,
    months and days ISO 8601; a mark such as [c] stands where there is no number. The same pack
    always gives the same bytes.
    """
    tables = pack.tables
    listed = [
        (f"{name}.csv", inert(table.sheet), inert(table.title)) for name, table in tables.items()
    ]
    return {
        CONTENTS: _written([("file", "worksheet", "title"), *listed]),
        **{f"{name}.csv": _written(_rows(table)) for name, table in tables.items()},
    }


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would else run it."""
    return f"'{text}" if FORMULA.match(text) else text


def _rows(table: Table) -> list[Row]:
    layout = Layout(table)
    cells = [] if layout.is_empty else layout.grid
    columns = [
        [_plain(value, column) for value in contents]
        for column, contents in zip(table.columns, cells, strict=bool(cells))
    ]
    return [tuple(map(_heading, table.columns)), *zip(*columns, strict=True)]


def _heading(column: Column) -> str:
    unit = "seconds" if column.kind in IN_SECONDS else column.unit
    return inert(f"{column.heading} ({unit})" if unit else column.heading)


def _plain(value: Content, column: Column) -> str:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, dt.datetime):
        return value.strftime(MOMENTS[column.kind])
    number = value * SECONDS_PER_DAY if column.kind == "duration" else value
    return f"{number:z.{DIGITS}f}".rstrip("0").rstrip(".")


def _written(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
