"""XLSX by mapping: every cell read as text, so that nothing is guessed before the promise."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from csip_pipeline.extract.formats import batches, mapping, table
from csip_pipeline.extract.formats.format import Format
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    from csip_pipeline.extract.sources import Source

LARGEST_UNPACKED = 500_000_000
WIDEST = 500
UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    OSError,
)
"""What openpyxl raises, one way or another, on a file that is not a whole workbook."""


def opened(path: Path, source: Source) -> table.Table:
    """Every row of the declared sheet, as text."""
    _look_before_opening(path)
    try:
        numbered = list(_rows(path, source.text("sheet", "")))
    except UNREADABLE:
        raise _not_a_workbook(path) from None
    numbers, cells = zip(*numbered, strict=True) if numbered else ((), ())
    batch = pa.RecordBatch.from_arrays(
        [pa.array(numbers, pa.int64()), pa.array(cells, batches.CELLS)], ["source_row", "cells"]
    )
    return table.exactly(iter([batch]), path)


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, as wide as the first of them or as far as it holds anything."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        width = 0
        page = _page(book, sheet, path)
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            texts = [as_text(cell) for cell in cells]
            filled = max((n for n, text in enumerate(texts, 1) if text.strip()), default=0)
            width = width or filled
            if filled:
                yield number, (texts + [""] * width)[: max(width, filled)]
    finally:
        book.close()


def _page(book: openpyxl.Workbook, sheet: str, path: Path) -> ReadOnlyWorksheet:
    if sheet and sheet not in book.sheetnames:
        raise RefusedError(
            f'{path.name} has no sheet "{sheet}". Its sheets: {", ".join(book.sheetnames)}.'
        )
    page = book[sheet] if sheet else book.worksheets[0]
    if (page.max_column or 0) > WIDEST:
        raise RefusedError(
            f'{path.name}, sheet "{page.title}" claims {page.max_column} columns; more than '
            f"{WIDEST} is a stray cell or an attack. Ask the supplier to delete stray cells."
        )
    return page


def as_text(cell: object) -> str:
    """What a cell shows, in one unambiguous way: ISO dates, h:mm:ss times, whole numbers whole.

    Excel keeps a time as a fraction of a day, so it comes back some microseconds off the second.
    """
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell + dt.timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dt.time):
        return as_text(
            dt.timedelta(
                hours=cell.hour,
                minutes=cell.minute,
                seconds=cell.second,
                microseconds=cell.microsecond,
            )
        )
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _look_before_opening(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError):
        raise _not_a_workbook(path) from None
    if unpacked > LARGEST_UNPACKED:
        raise RefusedError(
            f"{path.name} unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB, so it was not "
            "opened. Ask the supplier for CSV."
        )


def _not_a_workbook(path: Path) -> RefusedError:
    return RefusedError(
        f"{path.name} is not a workbook that can be read (cut off, protected by a password, or "
        "not .xlsx). Ask the supplier to send it again, without a password."
    )


FORMAT = Format(
    name="workbook",
    open=opened,
    judge=mapping.judge,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | {"sheet"},
    one_row_each=True,
)
