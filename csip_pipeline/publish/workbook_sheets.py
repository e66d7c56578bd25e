"""A worksheet of words or of one table, as it is seen on screen and printed."""

from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from csip_pipeline.publish.workbook_cells import Pen
from csip_pipeline.publish.workbook_fit import (
    INDENT,
    fits_one_page,
    height,
    indented,
    lines,
    widths,
)
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Link
from csip_pipeline.publish.workbook_values import RIGHT, Content, number_format

A4 = 9
TITLE = {"bold": True, "font_size": 16}
HEADING = {"bold": True, "font_size": 14}
RULE = {"bottom": 1, "bottom_color": "#BFBFBF"}
UNBROKEN = 10_000
"""A width at which no line wraps: text may run on over the empty cells to its right."""
HEADER_AIR, ROW_AIR = 6, 2


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


def write_line(  # noqa: PLR0913 - a cell's place, content and look
    sheet: Worksheet,
    pen: Pen,
    row: int,
    line: str | Link,
    width: float,
    *,
    above: float = 0,
    look: dict[str, Any] | None = None,
) -> None:
    """Write text or a link in column A, wrapped to `width`, with `above` points of space."""
    text = line.text if isinstance(line, Link) else line
    look = {"text_wrap": width < UNBROKEN, "valign": "bottom", **(look or {})}
    size, is_bold = look.get("font_size", 12), look.get("bold", False)
    sheet.set_row(row, height([text], [width], size, bold=is_bold) + above)
    if isinstance(line, Link):
        pen.link(sheet, row, 0, line.sheet, line.text, **look)
    else:
        pen.write(sheet, row, 0, line, **look)


def write_table(book: xlsxwriter.Workbook, pen: Pen, layout: Layout) -> Worksheet:
    """Title, lines about the table, the table; nothing below it and nothing beside it."""
    sheet = blank_sheet(book, layout.table.sheet)
    for row, line in enumerate(layout.preamble):
        write_line(sheet, pen, row, line, UNBROKEN, look=TITLE if row == 0 else {})
    columns = layout.table.columns
    within = widths(columns, layout.headings, layout.grid)
    for position, width in enumerate(within):
        sheet.set_column(position, position, width)
    rooms = [w - INDENT * is_in for w, is_in in zip(within, indented(columns), strict=True)]
    points = len(layout.preamble) * height([""], [1]) + _write_rows(sheet, pen, layout, rooms)
    _mark_up(sheet, pen, layout)
    sheet.repeat_rows(layout.header_row)
    if fits_one_page(points):
        sheet.fit_to_pages(1, 1)
    return sheet


def _write_rows(sheet: Worksheet, pen: Pen, layout: Layout, rooms: list[float]) -> float:
    """Write the cells and set the heights, that of the header row too; give them in all."""
    header = height(layout.headings, rooms, bold=True) + HEADER_AIR
    sheet.set_row(layout.header_row, header)
    points = header
    looks = _looks(layout)
    for row, values in enumerate(zip(*layout.grid, strict=True), start=layout.first_row):
        is_single = all(
            _is_one_line(value, room) for value, room in zip(values, rooms, strict=True)
        )
        valign = "vcenter" if is_single else "top"
        needed = height(values, rooms) + ROW_AIR
        sheet.set_row(row, needed)
        points += needed
        for position, value in enumerate(values):
            look = {**looks[position], "valign": valign}
            if layout.table.sheet == "Contents" and position == 0:
                pen.link(sheet, row, position, str(value), str(value), **look)
            else:
                pen.write(sheet, row, position, value, **look)
    return points


def _looks(layout: Layout) -> list[dict[str, Any]]:
    """How the cells of each column are shown."""
    columns = layout.table.columns
    return [
        {**_side(column.kind in RIGHT, is_indented), "num_format": shown, **RULE}
        for column, is_indented, shown in zip(
            columns,
            indented(columns),
            map(number_format, columns, layout.grid),
            strict=True,
        )
    ]


def _side(is_right: bool, is_indented: bool) -> dict[str, Any]:
    if is_right:
        return {"align": "right"}
    return {"align": "left", "text_wrap": True, **({"indent": 1} if is_indented else {})}


def _is_one_line(value: Content, width: float) -> bool:
    return not isinstance(value, str) or len(lines(value, width)) == 1


def _mark_up(sheet: Worksheet, pen: Pen, layout: Layout) -> None:
    """Make the cells an Excel table with a header row, and write that row."""
    columns = layout.table.columns
    heads = [
        pen.format(
            bold=True,
            valign="bottom",
            bottom=2,
            **{**_side(column.kind in RIGHT, is_indented), "text_wrap": True},
        )
        for column, is_indented in zip(columns, indented(columns), strict=True)
    ]
    sheet.add_table(
        layout.header_row,
        0,
        layout.last_row,
        len(columns) - 1,
        {
            "name": layout.table.name,
            "columns": [
                {"header": text, "header_format": head}
                for text, head in zip(layout.headings, heads, strict=True)
            ],
            "style": None,
            "autofilter": False,
            "title": layout.table.title,
            "description": f"{layout.table.title}.",
        },
    )
