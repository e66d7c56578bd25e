"""The panel pack's one writer: plain data in, one accessible .xlsx file out.

Follows the Government Analysis Function's rules for spreadsheets; workbook_lint reads the file
back and holds it to them.
"""

from pathlib import Path

import xlsxwriter

from csip_pipeline.publish.workbook_cells import Pen
from csip_pipeline.publish.workbook_charts import write_chart
from csip_pipeline.publish.workbook_files import SAFE_OPTIONS, package, put
from csip_pipeline.publish.workbook_front import contents, notes, write_cover
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import (
    SHORTHAND,
    Chart,
    Column,
    Cover,
    Link,
    Note,
    Properties,
    Series,
    Table,
    Workbook,
)
from csip_pipeline.publish.workbook_sheets import write_table

__all__ = [
    "SAFE_OPTIONS",
    "SHORTHAND",
    "Chart",
    "Column",
    "Cover",
    "Layout",
    "Link",
    "Note",
    "Properties",
    "Series",
    "Table",
    "Workbook",
    "layouts",
    "render",
    "write",
]


def write(workbook: Workbook, path: Path) -> str:
    """Write the workbook whole or not at all; give the SHA-256 of the file.

    Raises ValueError, before anything is written, where a value is not of its column's kind.
    """
    return put(path, render(workbook))


def render(workbook: Workbook) -> bytes:
    """The workbook's bytes: the same data always gives the same ones."""

    def fill(book: xlsxwriter.Workbook) -> None:
        pen = Pen(book)
        tables = layouts(workbook)
        write_cover(book, pen, workbook.cover)
        write_table(book, pen, contents(workbook))
        write_table(book, pen, notes(workbook, list(tables.values())))
        for item in workbook.items:
            if isinstance(item, Chart):
                write_chart(book, pen, item, tables[item.table])
            else:
                write_table(book, pen, tables[item.name])

    return package(workbook.properties, fill)


def layouts(workbook: Workbook) -> dict[str, Layout]:
    """Where each table's figures stand, by table name: what a trail from a cell starts from."""
    numbers = {note.name: number for number, note in enumerate(workbook.notes, start=1)}
    return {name: Layout(table, numbers) for name, table in workbook.tables.items()}
