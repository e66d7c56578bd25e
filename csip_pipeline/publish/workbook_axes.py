"""The two axes of a chart: which categories are labelled, and where the values begin and end."""

import math
from typing import Any

from csip_pipeline.publish.workbook_files import FONT
from csip_pipeline.publish.workbook_fit import text_digits
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Chart, Column
from csip_pipeline.publish.workbook_values import ENGLISH, SECONDS_PER_DAY

INK, GREY = "#0B0C0C", "#D9D9D9"
AXIS_DIGITS = 105
"""How many digits of the labels' font fit side by side along the x axis."""
MONTH_LABEL = "Sep 26"
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 1_200)
DURATION_STEPS = (
    *(5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1_800),
    *(3_600, 7_200, 14_400, 43_200, 86_400),
)
MOST_STEPS = 8
HALF = 0.5


def x_axis(chart: Chart, layout: Layout) -> dict[str, Any]:
    """The categories, labelled horizontally; the labels that would touch are left out."""
    position = layout.position(chart.category)
    column, contents = layout.table.columns[position], layout.grid[position]
    longest = MONTH_LABEL if column.kind == "month" else max(map(str, contents), key=len)
    step = _label_step(len(contents), text_digits(longest) + 2, column)
    axis: dict[str, Any] = {
        "text_axis": True,
        "num_font": {**font(11), "rotation": 360},
        "line": {"color": INK},
        "major_tick_mark": "outside",
        "label_position": "low",
        "interval_unit": step,
        "interval_tick": step,
    }
    if column.kind == "month":
        axis["num_format"] = f"{ENGLISH}mmm yy"
    return axis


def y_axis(chart: Chart, layout: Layout) -> dict[str, Any]:
    """The values: named above the axis, light gridlines at round figures, from zero."""
    column = layout.table.columns[layout.position(chart.series[0].column)]
    axis: dict[str, Any] = {
        "num_font": font(11),
        "num_format": chart.number_format or _axis_format(column),
        "min": chart.y_min,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": GREY, "width": 0.75}},
    }
    highest = _highest(chart, layout)
    if chart.kind == "stacked_share" or (column.kind == "share" and highest > HALF):
        axis |= {"max": 1, "major_unit": 0.2}
    if column.kind == "duration":
        axis |= _duration_steps(highest)
    if chart.y_max is not None:
        axis["max"] = chart.y_max
    if chart.y_step is not None:
        axis["major_unit"] = chart.y_step
    return axis


def font(size: int, *, bold: bool = False) -> dict[str, Any]:
    """Arial at this size, as XlsxWriter wants it said."""
    return {"name": FONT, "size": size, "bold": bold, "color": INK}


def _label_step(count: int, digits: float, column: Column) -> int:
    """Label every category, or every second, third, sixth...: months never by two or five."""
    wanted = math.ceil(count * digits / AXIS_DIGITS)
    if column.kind != "month":
        return wanted
    return next(step for step in MONTH_STEPS if step >= wanted)


def _axis_format(column: Column) -> str:
    return {"share": "0%", "duration": "[m]:ss", "decimal": "#,##0.0"}.get(column.kind, "#,##0")


def _highest(chart: Chart, layout: Layout) -> float:
    plotted = [layout.grid[layout.position(series.column)] for series in chart.series]
    return max([value for values in plotted for value in values if isinstance(value, float)] or [0])


def _duration_steps(highest: float) -> dict[str, float]:
    """Gridlines at whole minutes or other round times, not at fractions of a day."""
    seconds = highest * SECONDS_PER_DAY
    step = next((s for s in DURATION_STEPS if s * MOST_STEPS >= seconds), DURATION_STEPS[-1])
    top = max(math.ceil(seconds / step), 1) * step
    return {"major_unit": step / SECONDS_PER_DAY, "max": top / SECONDS_PER_DAY}
