"""The scales of a chart drawn as SVG: the same ends and steps as the chart of the workbook has."""

import math
from dataclasses import dataclass

from csip_pipeline.publish.workbook_axes import x_axis, y_axis
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Chart
from csip_pipeline.publish.workbook_shown import labelled
from csip_pipeline.publish.workbook_values import Content

WIDTH, HEIGHT = 1000, 500
LEFT, RIGHT, TOP, BOTTOM = 80, 980, 50, 400
ROUND = (1, 2, 2.5, 5, 10)
FEWEST_STEPS = 4
FULL = 1.0


@dataclass(frozen=True)
class Scales:
    """Where values and categories are on the picture, in its units."""

    low: float
    high: float
    ticks: list[tuple[float, str]]
    """The height of each gridline, and its label."""
    categories: list[tuple[float, str]]
    """The middle of each category, and its label; "" where it would touch another."""

    def y(self, value: float) -> float:
        """The height of a value."""
        return round(BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)

    @property
    def step(self) -> float:
        """The room of one category."""
        return (RIGHT - LEFT) / max(len(self.categories), 1)


def scales(chart: Chart, layout: Layout) -> Scales:
    """The scales of a chart of the laid-out table."""
    axis = y_axis(chart, layout)
    low, highest = float(axis["min"]), _highest(chart, layout)
    step = float(axis.get("major_unit", 0)) or _round_step(low, float(axis.get("max", highest)))
    high = float(axis.get("max", math.ceil(highest / step) * step))
    if high <= low:
        high = low + step
    count = round((high - low) / step)
    values = [low + step * number for number in range(count + 1)]
    blank = Scales(low, high, [], [])
    return Scales(
        low,
        high,
        [(blank.y(value), labelled(value, str(axis["num_format"]))) for value in values],
        _categories(chart, layout),
    )


def _categories(chart: Chart, layout: Layout) -> list[tuple[float, str]]:
    position = layout.position(chart.category)
    contents, column = layout.grid[position], layout.table.columns[position]
    every = int(x_axis(chart, layout)["interval_unit"])
    room = (RIGHT - LEFT) / len(contents)
    return [
        (
            round(LEFT + room * (place + 0.5), 1),
            _short(value, is_month=column.kind == "month") if place % every == 0 else "",
        )
        for place, value in enumerate(contents)
    ]


def _short(value: Content, *, is_month: bool) -> str:
    if is_month and not isinstance(value, str | float):
        return f"{value:%b %y}"
    return str(value)


def _highest(chart: Chart, layout: Layout) -> float:
    plotted = [layout.grid[layout.position(series.column)] for series in chart.series]
    numbers = [[value for value in values if isinstance(value, float)] for values in plotted]
    if chart.kind == "stacked_share":
        return FULL
    return max((value for values in numbers for value in values), default=FULL)


def _round_step(low: float, high: float) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten, of which at least four fit."""
    rough = (high - low) / FEWEST_STEPS if high > low else FULL
    power = 10.0 ** math.floor(math.log10(rough))
    return float(max(step * power for step in ROUND if step * power <= rough * (1 + 1e-9)))
