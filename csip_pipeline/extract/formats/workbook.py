"""XLSX by mapping: every cell read as text, so that nothing is guessed before the promise."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from csip_pipeline.extract.formats import mapping
from csip_pipeline.extract.formats.format import Format, Reading
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

LARGEST_UNPACKED = 500_000_000
WIDEST = 500


def read(path: Path, source: Source) -> Reading:
    """Every row of the declared sheet, restated by the source's mapping."""
    rows = mapping.rows_of(_rows(path, source.text("sheet", "")), path.name)
    return mapping.restate(rows, source, path.name)


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    _look_before_opening(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile):
        raise RefusedError(f"{path.name} is not a workbook that can be read (.xlsx).") from None
    try:
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
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            if any(cell is not None for cell in cells):
                yield number, [as_text(cell) for cell in cells]
    finally:
        book.close()


def as_text(cell: object) -> str:
    """What a cell shows, in one unambiguous way: ISO dates, h:mm:ss times, whole numbers whole."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _look_before_opening(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError):
        raise RefusedError(f"{path.name} is not a workbook that can be read (.xlsx).") from None
    if unpacked > LARGEST_UNPACKED:
        raise RefusedError(
            f"{path.name} unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB, so it was not "
            "opened. Ask the supplier for CSV."
        )


FORMAT = Format(
    name="workbook",
    read=read,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | {"sheet"},
)
