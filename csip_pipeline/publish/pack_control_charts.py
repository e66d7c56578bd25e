"""How the control charts of a pack are drawn: from their tables, as each edition shows them."""

import math
from typing import NamedTuple

import pandas as pd

from csip_pipeline.publish.pack_words import is_told
from csip_pipeline.publish.workbook import Chart, Layout, Series, Table
from csip_pipeline.publish.workbook_parts import Style
from csip_pipeline.publish.workbook_shown import shown

TITLED = ", month by month"
BY_MONTH, CHART = " by month", " control chart"
"""How the titles of these tables end, and the worksheets of a table and of its chart."""
UNTOLD = "Its limits are not told here, because they would give away a small number."
STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MOST_STEPS, WHOLE_PERCENT = 8, 0.01


class Kind(NamedTuple):
    """What points of some types show: its heading, and how one and several are counted."""

    heading: str
    point_types: tuple[str, ...]
    one: str
    several: str


KINDS: dict[str, Kind] = {
    "improvement": Kind(
        "Improvement", ("special_cause_improvement",), "an improvement", "improvements"
    ),
    "concern": Kind("Concern", ("special_cause_concern",), "a concern", "concerns"),
    "neutral": Kind(
        "Neither better nor worse",
        ("special_cause_neutral_high", "special_cause_neutral_low"),
        "a change for neither better nor worse",
        "changes for neither better nor worse",
    ),
    "common": Kind("Common cause", ("common_cause",), "common cause", "common cause"),
}
"""By column of the table: each point is of one kind."""
STYLES: dict[str, Style] = {
    "improvement": "improvement",
    "concern": "concern",
    "neutral": "neutral",
    "common": "common",
}


def chart(table: Table) -> Chart:
    """The chart of one table; whatever it hides is a gap.

    Where the limits are hidden, and what each month shows with them, the values alone are drawn.
    """
    about = _About(table)
    low, high, step = _scale(table)
    return Chart(
        sheet=f"{table.sheet.removesuffix(BY_MONTH)}{CHART}",
        title=table.title.removesuffix(TITLED),
        message=" ".join(about.message()),
        alt_text=" ".join(about.alt_text()),
        kind="line",
        table=table.name,
        category="month",
        series=(*_lines(table), *_markers(table)),
        y_axis=str(table.rows["measure_title"].iloc[0]),
        number_format="0.0%" if step is not None and step < WHOLE_PERCENT else None,
        y_min=low,
        y_max=high,
        y_step=step,
    )


def _lines(table: Table) -> list[Series]:
    has_limits = _any(table, "mean")
    lines = [Series("value", "Value", "value" if has_limits else "line")]
    if "target" in {column.name for column in table.columns}:
        lines.insert(0, Series("target", "Target", "target"))
    if has_limits:
        ends = [
            Series(name, label, style, rows=rows, is_listed=number == 0)
            for name, label, style in _LIMITS
            for number, rows in enumerate(_segments(table))
        ]
        lines = [*ends, *lines]
    return lines


_LIMITS: tuple[tuple[str, str, Style], ...] = (
    ("upper", "Upper limit", "limit"),
    ("mean", "Mean", "average"),
    ("lower", "Lower limit", "limit"),
)


def _segments(table: Table) -> list[tuple[int, int]]:
    """The first and the last row of each stretch with limits of its own."""
    places = pd.Series(range(len(table.rows))).groupby(table.rows["segment"].to_numpy())
    return [(int(own.iloc[0]), int(own.iloc[-1])) for _, own in places]


def _markers(table: Table) -> list[Series]:
    if not _any(table, "mean"):
        return []
    return [Series(name, kind.heading, STYLES[name]) for name, kind in KINDS.items()]


def _scale(table: Table) -> tuple[float, float | None, float | None]:
    """Where the axis of a share begins and ends, and its step; other units begin at nought."""
    kinds = {column.name: column.kind for column in table.columns}
    if kinds["value"] != "share":
        return 0, None, None
    names = [name for name in ("value", "lower", "upper", "target") if name in kinds]
    values = [value for name in names for value in table.rows[name] if is_told(value)] or [0, 1]
    lowest, highest = min(values), max(values)
    floor = lowest if lowest > highest / 2 else 0
    step = next(s for s in STEPS if s * MOST_STEPS >= highest - floor or s == STEPS[-1])
    low, high = math.floor(floor / step + 1e-9), math.ceil(highest / step - 1e-9)
    return round(low * step, 6), round(min(max(high, low + 1) * step, 1), 6), step


class _About:
    """What a chart says in words, of its last month that is told."""

    def __init__(self, table: Table) -> None:
        self._table, self._layout = table, Layout(table)
        told = [place for place, value in enumerate(table.rows["value"]) if is_told(value)]
        self._last = told[-1] if told else None

    def message(self) -> list[str]:
        """The last month, its limits and its target."""
        if self._last is None:
            return ["No month is told here, because it would give away a small number."]
        row = self._table.rows.iloc[self._last]
        said = [f"In {row['month']:%B %Y}: {self._said('value')}."]
        if not is_told(row["mean"]):
            return [*said, UNTOLD, *self._target()]
        said += [str(row["words"]), f"The mean is {self._said('mean')}."]
        if is_told(row["lower"]):
            between = f"{self._said('lower')} and {self._said('upper')}"
            said += [f"Chance alone keeps a month between {between}."]
        return [*said, *self._target()]

    def alt_text(self) -> list[str]:
        """All of that, how many months show what, and where they are listed."""
        rows = self._table.rows
        first, last = rows["month"].iloc[0], rows["month"].iloc[-1]
        title = self._table.title.removesuffix(TITLED)
        return [
            f"Control chart of {title}, by month from {first:%B %Y} to {last:%B %Y}.",
            *self.message(),
            *self._counted(),
            f"Every value is in the table on the worksheet '{self._table.sheet}'.",
        ]

    def _target(self) -> list[str]:
        row = self._table.rows.iloc[self._last or 0]
        if "target" not in row or not is_told(row["target"]):
            return []
        said = [f"The target is {self._said('target')}."]
        if is_told(row["mean"]) and isinstance(row["against"], str):
            said.append(row["against"])
        return said

    def _counted(self) -> list[str]:
        if not _any(self._table, "mean"):
            return []
        rows = self._table.rows
        counts = {name: sum(map(is_told, rows[name])) for name in KINDS}
        special = [
            f"1 is {kind.one}" if counts[name] == 1 else f"{counts[name]} are {kind.several}"
            for name, kind in KINDS.items()
            if name != "common" and counts[name]
        ]
        if not special:
            return [f"All {counts['common']} months are common cause."]
        rest = [f"{counts['common']} are common cause"] if counts["common"] else []
        return [f"Of {sum(counts.values())} months, {', '.join([*special, *rest])}."]

    def _said(self, name: str) -> str:
        """A figure of the last month as its cell shows it."""
        position = self._layout.position(name)
        contents = self._layout.grid[position]
        return shown(contents[self._last or 0], self._table.columns[position], contents)


def _any(table: Table, name: str) -> bool:
    return any(map(is_told, table.rows[name]))
