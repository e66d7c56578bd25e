"""How the control charts of a pack are drawn: from their tables, as each edition shows them."""

import math

import pandas as pd

from csip_pipeline.publish.pack_control_words import KINDS, TITLED, About, has_limits
from csip_pipeline.publish.pack_words import is_told
from csip_pipeline.publish.workbook import Chart, Series, Table
from csip_pipeline.publish.workbook_parts import Kind, Style
from csip_pipeline.publish.workbook_shown import labelled
from csip_pipeline.publish.workbook_values import SECONDS_PER_DAY

BY_MONTH, CHART = " by month", " control chart"
"""How the worksheets of a table and of its chart end."""
LEVELS: tuple[tuple[str, str, Style, bool], ...] = (
    ("mean", "Mean", "average", True),
    ("upper", "Upper and lower limit", "limit", True),
    ("lower", "Lower limit", "limit", False),
    ("target", "Target", "target", True),
)
"""Columns that are level for months on end: label, style, and whether the legend has them."""
PLOTTED = ("value", *(name for name, *_ in LEVELS))
MARKERS: dict[str, Style] = {
    "common": "common",
    "improvement": "improvement",
    "concern": "concern",
    "neutral": "neutral",
}
AXES: dict[Kind, str] = {"share": "Share", "duration": "Time", "count": "Number"}
FORMS: dict[Kind, str] = {"share": "0%", "duration": "[m]:ss", "count": "#,##0"}
STEPS: dict[Kind, tuple[float, ...]] = {
    "share": (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
    "duration": (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600),
}
"""How far apart gridlines may be, of shares and in seconds."""
UNITS = {"duration": SECONDS_PER_DAY}
MOST_STEPS, WHOLE_PERCENT = 8, 0.01
AIR = 0.25
"""The least part of a step between a point and the edge."""


def chart(table: Table) -> Chart:
    """The chart of one table; whatever it hides is a gap.

    Where the limits are hidden, and what each month shows with them, the values alone are drawn.
    """
    kind = next(column.kind for column in table.columns if column.name == "value")
    about = About(table)
    low, high, step = _scale(table, kind)
    form = "0.0%" if kind == "share" and step and step < WHOLE_PERCENT else FORMS[kind]
    return Chart(
        sheet=f"{table.sheet.removesuffix(BY_MONTH)}{CHART}",
        title=table.title.removesuffix(TITLED),
        message=" ".join(about.message()),
        alt_text=" ".join(about.alt_text()),
        kind="line",
        table=table.name,
        category="month",
        series=tuple(_series(table)),
        y_axis=f"{AXES[kind]}, from {labelled(low, form)}" if low else AXES[kind],
        number_format=form,
        y_min=low,
        y_max=high,
        y_step=step,
    )


def _series(table: Table) -> list[Series]:
    """The values, whatever is level, and on top the markers."""
    shown = {column.name for column in table.columns}
    levels = [
        series for level in LEVELS if level[0] in shown for series in _stretches(table, *level)
    ]
    if not has_limits(table):
        return [Series("value", "Value"), *levels]
    markers = [Series(name, KINDS[name].heading, style) for name, style in MARKERS.items()]
    return [Series("value", "Value", "value"), *levels, *markers]


def _stretches(
    table: Table, column: str, label: str, style: Style, is_listed: bool
) -> list[Series]:
    """A line for each stretch of a column that is level, so that no slope joins two."""
    values = table.rows[column]
    told = pd.Series(range(len(values)))[[is_told(value) for value in values]]
    level = [values.iloc[place] for place in told]
    turns = (pd.Series(level, dtype="float64").diff() != 0).cumsum()
    ends = told.groupby(turns.to_numpy()).agg(["first", "last"])
    return [
        Series(column, label, style, (first, last), is_listed and number == 0)
        for number, (first, last) in enumerate(ends.itertuples(index=False, name=None))
    ]


def _scale(table: Table, kind: Kind) -> tuple[float, float | None, float | None]:
    """Where the axis begins and ends, and its step: from nought, unless that hid the changes.

    In the units of the cells; whatever has no steps of its own begins at nought.
    """
    names = [column.name for column in table.columns if column.name in PLOTTED]
    values = [value for name in names for value in table.rows[name] if is_told(value)]
    if kind not in STEPS or not values:
        return 0, None, None
    lowest, highest = min(values), max(values)
    floor = lowest if lowest > highest / 2 else 0
    steps = STEPS[kind]
    step = next((s for s in steps if s * MOST_STEPS >= highest - floor), steps[-1])
    low, high = max(math.floor(floor / step - AIR), 0), math.ceil(highest / step + AIR)
    if kind == "share":
        high = min(high, round(1 / step))
    unit = UNITS.get(kind, 1)
    return low * step / unit, high * step / unit, step / unit
