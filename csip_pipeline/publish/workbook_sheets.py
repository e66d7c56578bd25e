"""The worksheets of a pack that hold words and figures: cover, contents, notes, tables."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from csip_pipeline.publish.workbook_cells import RIGHT, Pen, number_format
from csip_pipeline.publish.workbook_fit import fits_one_page, height, widths
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import (
    SHORTHAND,
    Chart,
    Column,
    Link,
    Table,
    Workbook,
    noted,
)

A4 = 9
COVER_WIDTH = 82
MOST_NAMED = 4
TITLE = {"bold": True, "font_size": 16}
HEADING = {"bold": True, "font_size": 14}
RULE = {"bottom": 1, "bottom_color": "#BFBFBF"}


def blank_sheet(book: xlsxwriter.Workbook, name: str, *, portrait: bool = False) -> Worksheet:
    """A worksheet without gridlines that prints on A4, as wide as one page."""
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    if portrait:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return sheet


def write_cover(book: xlsxwriter.Workbook, pen: Pen, pack: Workbook) -> None:
    """One column of wrapped text that prints on an upright page."""
    sheet = blank_sheet(book, "Cover", portrait=True)
    sheet.set_column(0, 0, COVER_WIDTH)
    write_line(sheet, pen, 0, pack.cover.title, COVER_WIDTH, **TITLE)
    write_line(sheet, pen, 1, pack.cover.subtitle, COVER_WIDTH, font_size=14)
    row = 2
    for heading, paragraphs in pack.cover.sections:
        write_line(sheet, pen, row, heading, COVER_WIDTH, above=16, **HEADING)
        for offset, paragraph in enumerate(paragraphs, start=1):
            write_line(sheet, pen, row + offset, paragraph, COVER_WIDTH, above=4)
        row += 1 + len(paragraphs)
    sheet.activate()
    sheet.set_first_sheet()


def write_line(  # noqa: PLR0913 - a cell's place, content and look
    sheet: Worksheet,
    pen: Pen,
    row: int,
    line: str | Link,
    width: float,
    above: float = 0,
    **look: Any,  # noqa: ANN401 - XlsxWriter's own names
) -> None:
    """Write wrapped text or a link in column A, in a row tall enough, with space above it."""
    text = line.text if isinstance(line, Link) else line
    size, is_bold = look.get("font_size", 12), look.get("bold", False)
    sheet.set_row(row, height([text], [width], size, bold=is_bold) + above)
    look = {"text_wrap": True, "valign": "bottom", **look}
    if isinstance(line, Link):
        pen.link(sheet, row, 0, line.sheet, line.text, **look)
    else:
        pen.write(sheet, row, 0, line, **look)


def write_table(book: xlsxwriter.Workbook, pen: Pen, layout: Layout) -> None:
    """Title, lines about the table, the table; nothing below it and nothing beside it."""
    sheet = blank_sheet(book, layout.table.sheet)
    for row, line in enumerate(layout.preamble):
        look = TITLE if row == 0 else {}
        write_line(sheet, pen, row, line, math.inf, text_wrap=False, **look)
    points = len(layout.preamble) * 17 + _write_grid(sheet, pen, layout)
    sheet.repeat_rows(layout.header_row)
    if fits_one_page(points):
        sheet.fit_to_pages(1, 1)


def contents_table(pack: Workbook) -> Table:
    """What each worksheet after this one holds."""
    notes = ("Notes", "The notes and the shorthand used in the tables, explained")
    described = [
        (item.sheet, f"{'Chart' if isinstance(item, Chart) else 'Table'}: {item.title}")
        for item in pack.items
    ]
    return Table(
        name="table_of_contents",
        sheet="Contents",
        title="Contents",
        columns=(Column("sheet", "Worksheet"), Column("holds", "What it contains", width=85)),
        rows=pd.DataFrame([notes, *described], columns=["sheet", "holds"]),
        intro=("Choose a worksheet's name to go to it.",),
    )


def notes_table(pack: Workbook, layouts: Sequence[Layout]) -> Table:
    """Every note by its number, then the whole shorthand key, and where each is used."""
    explained = [
        (f"[note {number}]", note.text, _places(layouts, note_name=note.name))
        for number, note in enumerate(pack.notes, start=1)
    ]
    explained += [
        (mark, f"{short[0].upper()}{short[1:]}. {sentence}", _places(layouts, mark=mark))
        for mark, (short, sentence) in SHORTHAND.items()
    ]
    return Table(
        name="notes_and_shorthand",
        sheet="Notes",
        title="Notes and shorthand",
        columns=(
            Column("mark", "Mark"),
            Column("meaning", "What it means", width=70),
            Column("used", "Where it is used", width=32),
        ),
        rows=pd.DataFrame(explained, columns=["mark", "meaning", "used"]),
        intro=("Marks in square brackets appear in the headings and cells of the tables.",),
    )


def _places(layouts: Sequence[Layout], *, note_name: str = "", mark: str = "") -> str:
    sheets = [
        layout.table.sheet
        for layout in layouts
        if note_name in noted(layout.table) or mark in layout.marks
    ]
    if len(sheets) > MOST_NAMED:
        rest = len(sheets) - MOST_NAMED + 1
        sheets = [*sheets[: MOST_NAMED - 1], f"{rest} more worksheets"]
    return ", ".join(sheets) or "Not used in this pack"


def _write_grid(sheet: Worksheet, pen: Pen, layout: Layout) -> float:
    """Write the table; give its height in points."""
    columns = layout.table.columns
    within = widths(columns, layout.headings, layout.grid)
    heights = [height(layout.headings, within, bold=True) + 6]
    heights += [height(row, within) for row in zip(*layout.grid, strict=True)]
    for position, width in enumerate(within):
        sheet.set_column(position, position, width)
    for row, points in enumerate(heights, start=layout.header_row):
        sheet.set_row(row, points)
    headers = []
    for position, (column, contents) in enumerate(zip(columns, layout.grid, strict=True)):
        align = "right" if column.kind in RIGHT else "left"
        look = {"align": align, "num_format": number_format(column, contents), **RULE}
        is_contents = layout.table.sheet == "Contents" and position == 0
        for row, value in enumerate(contents, start=layout.first_row):
            if is_contents:
                pen.link(sheet, row, position, str(value), str(value), **RULE)
            else:
                pen.write(sheet, row, position, value, text_wrap=align == "left", **look)
        head = pen.format(bold=True, text_wrap=True, align=align, valign="bottom", bottom=2)
        headers.append({"header": layout.headings[position], "header_format": head})
    sheet.add_table(
        layout.header_row,
        0,
        layout.last_row,
        len(columns) - 1,
        {
            "name": layout.table.name,
            "columns": headers,
            "style": None,
            "autofilter": False,
            "title": layout.table.title,
            "description": f"{layout.table.title}.",
        },
    )
    return sum(heights)
