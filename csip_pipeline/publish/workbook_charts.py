"""Native Excel charts of a workbook's tables, readable without colour."""

from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart as Drawing
from xlsxwriter.utility import xl_rowcol_to_cell

from csip_pipeline.publish.workbook_axes import INK, font, x_axis, y_axis
from csip_pipeline.publish.workbook_cells import Pen
from csip_pipeline.publish.workbook_layout import HOME, Layout
from csip_pipeline.publish.workbook_parts import Chart, Link, Series
from csip_pipeline.publish.workbook_sheets import TITLE, blank_sheet, write_line

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""The Analysis Function's colours, told apart with every common kind of colour vision."""
MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")
DASHES = ("solid", "dash", "solid", "long_dash", "dash_dot", "square_dot")
PATTERNS = (None, None, "wide_upward_diagonal", "dark_horizontal", "small_grid", "dotted_diamond")

NO_FIGURES = "There are no figures to draw."
WIDTH, HEIGHT, SHEET_WIDTH = 1000, 540, 112
PLOT = {"x": 0.075, "y": 0.235, "width": 0.905, "height": 0.565}
"""Room above for the title and the y axis's name, below for two lines of labels and a legend."""
Y_NAME = {"x": 0.012, "y": 0.115}

PLAIN_LINES: dict[str, dict[str, Any]] = {
    "value": {"color": "#8C8C8C", "width": 1.5},
    "target": {"color": "#801650", "width": 2},
    "average": {"color": INK, "width": 1.5},
    "limit": {"color": INK, "width": 1.25, "dash_type": "dash"},
}
TARGET_DASHES = ("long_dash_dot", "square_dot", "long_dash", "round_dot")
LONE_MARKERS: dict[str, dict[str, Any]] = {
    "improvement": {"type": "diamond", "size": 11, "fill": {"color": "#00B0F0"}},
    "concern": {"type": "triangle", "size": 11, "fill": {"color": "#E46C0A"}},
    "neutral": {"type": "square", "size": 9, "fill": {"color": "#490092"}},
    "common": {"type": "circle", "size": 8, "fill": {"color": "#A6A6A6"}},
}
"""Making Data Count's colours; every kind also has a shape of its own, with a dark edge."""


def write_chart(book: xlsxwriter.Workbook, pen: Pen, chart: Chart, layout: Layout) -> None:
    """A worksheet with the chart's title, message and the way to its figures, then the chart."""
    sheet = blank_sheet(book, chart.sheet)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, SHEET_WIDTH)
    write_line(sheet, pen, 0, chart.title, SHEET_WIDTH, look=TITLE)
    lines: tuple[str | Link, ...] = (
        chart.message,
        f"The same figures are in a table on the worksheet '{layout.table.sheet}'.",
        Link(layout.table.sheet, f"Go to the table: {layout.table.title}"),
        HOME,
    )
    for row, line in enumerate(lines, start=1):
        write_line(sheet, pen, row, line, SHEET_WIDTH)
    if layout.is_empty:
        write_line(sheet, pen, 1 + len(lines), NO_FIGURES, SHEET_WIDTH)
        return
    options = {"description": chart.alt_text, "y_offset": 10, "object_position": 2}
    sheet.insert_chart(1 + len(lines), 0, drawing(book, chart, layout), options)


def drawing(book: xlsxwriter.Workbook, chart: Chart, layout: Layout) -> Drawing:
    """The chart itself, which refers to the cells of the laid-out table."""
    made = {
        "line": {"type": "line"},
        "stacked_share": {"type": "column", "subtype": "stacked"},
        "column": {"type": "column"},
    }[chart.kind]
    drawn = book.add_chart({**made, "name": chart.sheet})
    unlisted = [place for place, series in enumerate(chart.series) if not series.is_listed]
    for series in chart.series:
        drawn.add_series({**_look(chart, series), **_data(chart, series, layout)})
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": font(14, bold=True)})
    drawn.set_x_axis(x_axis(chart, layout))
    name_font = {**font(12), "rotation": 360}
    named = {"name": chart.y_axis, "name_font": name_font, "name_layout": Y_NAME}
    drawn.set_y_axis({**named, **y_axis(chart, layout)})
    drawn.set_plotarea({"layout": PLOT})
    drawn.set_legend({"position": "bottom", "font": font(12), "delete_series": unlisted})
    drawn.set_size({"width": WIDTH, "height": HEIGHT})
    drawn.set_chartarea({"border": {"none": True}})
    drawn.show_blanks_as("gap")
    return drawn


def _data(chart: Chart, series: Series, layout: Layout) -> dict[str, Any]:
    """Where the series' categories and values are.

    Where it has a gap, the reference has B1, which is empty.
    """
    plotted = layout.plotted(series)
    cells = [i if value is not None else None for i, value in enumerate(plotted)]
    reference = _range(layout, series.column, 0, len(plotted) - 1)
    data: dict[str, Any] = {}
    if None in cells:
        reference = "(" + ",".join(_runs(layout, series.column, cells)) + ")"
        data["values_data"] = plotted
    categories = _range(layout, chart.category, 0, len(plotted) - 1)
    return {"categories": f"={categories}", "values": f"={reference}", **data}


def _runs(layout: Layout, column: str, cells: list[int | None]) -> list[str]:
    """Ranges that cover the cells in order, with the empty cell B1 for each None."""
    parts: list[str] = []
    start: int | None = None
    for i, (this, following) in enumerate(zip(cells, [*cells[1:], None], strict=True)):
        if this is None:
            parts.append(f"{_sheet(layout)}!$B$1")
            continue
        start = i if start is None else start
        if following is None:
            parts.append(_range(layout, column, start, i))
            start = None
    return parts


def _range(layout: Layout, column: str, first: int, last: int) -> str:
    position = layout.position(column)
    ends = [
        xl_rowcol_to_cell(layout.first_row + row, position, row_abs=True, col_abs=True)
        for row in (first, last)
    ]
    return f"{_sheet(layout)}!{':'.join(ends[: 1 + (first != last)])}"


def _sheet(layout: Layout) -> str:
    return "'" + layout.table.sheet.replace("'", "''") + "'"


def turn_of(chart: Chart, series: Series) -> int:
    """How many columns drawn in the same style come before: the next one looks different."""
    alike = [each.column for each in chart.series if each.style == series.style]
    return list(dict.fromkeys(alike)).index(series.column)


def _look(chart: Chart, series: Series) -> dict[str, Any]:
    """How a series is drawn."""
    look: dict[str, Any] = {"name": series.label}
    turn = turn_of(chart, series)
    if series.style in LONE_MARKERS:
        marker = LONE_MARKERS[series.style]
        return {**look, "line": {"none": True}, "marker": {**marker, "border": {"color": INK}}}
    if series.style in PLAIN_LINES:
        line = dict(PLAIN_LINES[series.style])
        if series.style == "target":
            line["dash_type"] = TARGET_DASHES[turn % len(TARGET_DASHES)]
        return {**look, "line": line, "marker": {"type": "none"}}
    colour = PALETTE[turn]
    if chart.kind == "line":
        solid = {"fill": {"color": colour}, "border": {"color": colour}}
        line = {"color": colour, "width": 2.5, "dash_type": DASHES[turn]}
        return {**look, "line": line, "marker": {"type": MARKERS[turn], "size": 7, **solid}}
    bars = {**look, "gap": 40, "border": {"color": "white", "width": 0.75}}
    if PATTERNS[turn] is None:
        return {**bars, "fill": {"color": colour}}
    pattern = {"pattern": PATTERNS[turn], "fg_color": colour, "bg_color": "white"}
    return {**bars, "pattern": pattern, "border": {"color": colour, "width": 0.75}}
