"""Native Excel charts of a workbook's tables, readable without colour."""

import math
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart as Drawing
from xlsxwriter.utility import xl_rowcol_to_cell

from csip_pipeline.publish.workbook_cells import ENGLISH, SECONDS_PER_DAY, Pen
from csip_pipeline.publish.workbook_files import FONT
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Chart, Column, Link, Series
from csip_pipeline.publish.workbook_sheets import TITLE, blank_sheet, write_line

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""The Analysis Function's colours, told apart with every common kind of colour vision."""
MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")
DASHES = ("solid", "dash", "solid", "long_dash", "dash_dot", "square_dot")
PATTERNS = (None, None, "wide_upward_diagonal", "dark_horizontal", "small_grid", "dotted_diamond")
GREY, INK = "#D9D9D9", "#0B0C0C"

WIDTH, HEIGHT, SHEET_WIDTH = 1000, 500, 112
MOST_LABELS = 14
DURATION_STEPS = (
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1_800,
    3_600,
    7_200,
    14_400,
    43_200,
    86_400,
)
MOST_STEPS = 8

PLAIN_LINES: dict[str, dict[str, Any]] = {
    "target": {"color": INK, "width": 1.75, "dash_type": "dash"},
    "average": {"color": INK, "width": 1.25},
    "limit": {"color": "#595959", "width": 1.25, "dash_type": "round_dot"},
}
LONE_MARKERS: dict[str, dict[str, Any]] = {
    "improvement": {"type": "diamond", "size": 11, "fill": {"color": "#28A197"}},
    "concern": {"type": "triangle", "size": 11, "fill": {"color": "#F46A25"}},
}


def write_chart(book: xlsxwriter.Workbook, pen: Pen, chart: Chart, layout: Layout) -> None:
    """A worksheet with the chart's title, message and the way to its figures, then the chart."""
    sheet = blank_sheet(book, chart.sheet)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, SHEET_WIDTH)
    write_line(sheet, pen, 0, chart.title, SHEET_WIDTH, **TITLE)
    lines = (
        chart.message,
        f"The same figures are in a table on the worksheet '{layout.table.sheet}'.",
        Link(layout.table.sheet, f"Go to the table: {layout.table.title}"),
        Link("Contents", "Go to the contents"),
    )
    for row, line in enumerate(lines, start=1):
        write_line(sheet, pen, row, line, SHEET_WIDTH)
    if layout.is_empty:
        pen.write(sheet, 5, 0, "There are no figures to draw.")
        return
    options = {"description": chart.alt_text, "y_offset": 10, "object_position": 2}
    sheet.insert_chart(5, 0, drawing(book, chart, layout), options)


def drawing(book: xlsxwriter.Workbook, chart: Chart, layout: Layout) -> Drawing:
    """The chart itself, which refers to the cells of the laid-out table."""
    made = {
        "line": {"type": "line"},
        "stacked_share": {"type": "column", "subtype": "stacked"},
        "column": {"type": "column"},
    }[chart.kind]
    drawn = book.add_chart({**made, "name": chart.sheet})
    turn = 0
    for series in chart.series:
        drawn.add_series({**_look(chart, series, turn), **_data(chart, series, layout)})
        turn += series.style == "line"
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": _font(14, bold=True)})
    drawn.set_x_axis(_x_axis(chart, layout))
    drawn.set_y_axis(_y_axis(chart, layout))
    drawn.set_plotarea({"layout": {"x": 0.075, "y": 0.2, "width": 0.9, "height": 0.57}})
    drawn.set_legend({"position": "bottom", "font": _font(12)})
    drawn.set_size({"width": WIDTH, "height": HEIGHT})
    drawn.set_chartarea({"border": {"none": True}})
    drawn.show_blanks_as("gap")
    return drawn


def _data(chart: Chart, series: Series, layout: Layout) -> dict[str, Any]:
    """Where the series' categories and values are.

    Excel draws text as zero, so a cell that holds "[x]" is replaced in the reference by B1,
    which is empty: the line then has a gap.
    """
    contents = layout.grid[layout.position(series.column)]
    cells = [i if not isinstance(value, str) else None for i, value in enumerate(contents)]
    reference = _range(layout, series.column, 0, len(contents) - 1)
    data: dict[str, Any] = {}
    if None in cells:
        reference = "(" + ",".join(_runs(layout, series.column, cells)) + ")"
        data["values_data"] = ["" if isinstance(value, str) else value for value in contents]
    categories = _range(layout, chart.category, 0, len(contents) - 1)
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


def _look(chart: Chart, series: Series, turn: int) -> dict[str, Any]:
    """How a series is drawn; `turn` is its place in the palette."""
    look: dict[str, Any] = {"name": series.label}
    if series.style in LONE_MARKERS:
        return {**look, "line": {"none": True}, "marker": LONE_MARKERS[series.style]}
    if series.style in PLAIN_LINES:
        return {**look, "line": PLAIN_LINES[series.style], "marker": {"type": "none"}}
    colour = PALETTE[turn]
    solid = {"fill": {"color": colour}, "border": {"color": colour}}
    if chart.kind == "line":
        line = {"color": colour, "width": 2.5, "dash_type": DASHES[turn]}
        return {**look, "line": line, "marker": {"type": MARKERS[turn], "size": 7, **solid}}
    bars = {**look, "gap": 40, "border": {"color": "white", "width": 0.75}}
    if PATTERNS[turn] is None:
        return {**bars, "fill": {"color": colour}}
    pattern = {"pattern": PATTERNS[turn], "fg_color": colour, "bg_color": "white"}
    return {**bars, "pattern": pattern, "border": {"color": colour, "width": 0.75}}


def _x_axis(chart: Chart, layout: Layout) -> dict[str, Any]:
    column = layout.table.columns[layout.position(chart.category)]
    axis: dict[str, Any] = {
        "text_axis": True,
        "num_font": {**_font(11), "rotation": 360},
        "line": {"color": INK},
        "major_tick_mark": "outside",
        "label_position": "low",
        "interval_unit": _label_interval(len(layout.grid[0]), column),
        "interval_tick": _label_interval(len(layout.grid[0]), column),
    }
    if column.kind == "month":
        axis["num_format"] = f"{ENGLISH}mmm yy"
    return axis


def _label_interval(count: int, column: Column) -> int:
    """Label every category, or every second, third, sixth...: months never by two or five."""
    wanted = math.ceil(count / MOST_LABELS)
    if column.kind != "month":
        return wanted
    return next(step for step in (1, 3, 6, 12, 24, 60, 120, 1_200) if step >= wanted)


def _y_axis(chart: Chart, layout: Layout) -> dict[str, Any]:
    column = layout.table.columns[layout.position(chart.series[0].column)]
    axis: dict[str, Any] = {
        "name": chart.y_axis,
        "name_font": {**_font(12, bold=False), "rotation": 360},
        "name_layout": {"x": 0.012, "y": 0.11},
        "num_font": _font(11),
        "num_format": chart.number_format or _axis_format(column),
        "min": chart.y_min,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": GREY, "width": 0.75}},
    }
    if chart.kind == "stacked_share":
        axis |= {"max": 1, "major_unit": 0.2}
    if column.kind == "duration":
        axis |= _duration_steps(chart, layout)
    if chart.y_max is not None:
        axis["max"] = chart.y_max
    return axis


def _axis_format(column: Column) -> str:
    return {"share": "0%", "duration": "[m]:ss", "decimal": "#,##0.0"}.get(column.kind, "#,##0")


def _duration_steps(chart: Chart, layout: Layout) -> dict[str, float]:
    """Gridlines at whole minutes or other round times, not at fractions of a day."""
    plotted = [layout.grid[layout.position(series.column)] for series in chart.series]
    longest = max(
        [value for values in plotted for value in values if isinstance(value, float)] or [0]
    )
    seconds = longest * SECONDS_PER_DAY
    step = next((s for s in DURATION_STEPS if s * MOST_STEPS >= seconds), DURATION_STEPS[-1])
    top = max(math.ceil(seconds / step), 1) * step
    return {"major_unit": step / SECONDS_PER_DAY, "max": top / SECONDS_PER_DAY}


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "bold": bold, "color": INK}
