"""The charts of a pack as SVG: the same data and the same looks as in the workbook."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from csip_pipeline.publish.svg_scales import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Scales, scales
from csip_pipeline.publish.workbook_axes import GREY, INK
from csip_pipeline.publish.workbook_charts import (
    DASHES,
    LONE_MARKERS,
    MARKERS,
    PALETTE,
    PATTERNS,
    PLAIN_LINES,
    TARGET_DASHES,
    turn_of,
)
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Chart, Series
from csip_pipeline.publish.workbook_values import Content

STROKES = {
    "solid": "",
    "dash": "8 5",
    "long_dash": "14 6",
    "dash_dot": "8 4 2 4",
    "square_dot": "3 3",
    "round_dot": "2 3",
    "long_dash_dot": "14 5 2 5",
}
"""Excel's dashes as SVG has them."""
LEGEND_TOP, LEGEND_STEP, PER_ROW = 450, 26, 3
BAR = 0.7
Point = tuple[float, float]
Drawn = list[Content | None]


def drawing(chart: Chart, layout: Layout, key: str) -> Markup:
    """The chart as one <svg>; `key` begins the ids within it, which must be the page's own."""
    on = scales(chart, layout)
    drawn: list[Markup] = []
    legend: list[Markup] = []
    stacked = [0.0] * len(on.categories)
    for number, series in enumerate(chart.series):
        look = _Look(chart, series, f"{key}-{number}")
        values = layout.plotted(series)
        drawn += [*look.defined(), *look.drawn(values, on, stacked)]
        if series.is_listed:
            legend.append(look.legend(len(legend)))
    rows = -(-len(legend) // PER_ROW)
    return Markup(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-labelledby="{key}-title {key}-desc">'
        '<title id="{key}-title">{title}</title><desc id="{key}-desc">{desc}</desc>{parts}</svg>'
    ).format(
        w=WIDTH,
        h=max(HEIGHT, LEGEND_TOP + LEGEND_STEP * rows),
        key=key,
        title=chart.title,
        desc=chart.alt_text,
        parts=Markup("").join([*_frame(chart, on), *drawn, *legend]),
    )


def _frame(chart: Chart, on: Scales) -> Iterator[Markup]:
    yield _text(LEFT - 60, TOP - 22, chart.y_axis, "start")
    for height, label in on.ticks:
        yield _line((LEFT, height), (RIGHT, height), GREY, 1)
        yield _text(LEFT - 8, height + 5, label, "end")
    yield _line((LEFT, BOTTOM), (RIGHT, BOTTOM), INK, 1)
    for middle, label in on.categories:
        if label:
            yield _line((middle, BOTTOM), (middle, BOTTOM + 6), INK, 1)
            yield _text(middle, BOTTOM + 24, label, "middle")


class _Look:
    """How one series is drawn."""

    def __init__(self, chart: Chart, series: Series, key: str) -> None:
        self._series, self._key = series, key
        turn = turn_of(chart, series)
        self._is_bars = series.style == "line" and chart.kind != "line"
        self._marker, self._fill, self._edge = "", "none", INK
        self._stroke, self._width, dash = INK, 2.5, "solid"
        if series.style in LONE_MARKERS:
            lone = LONE_MARKERS[series.style]
            self._marker, self._fill, self._stroke = lone["type"], lone["fill"]["color"], ""
        elif series.style in PLAIN_LINES:
            line = PLAIN_LINES[series.style]
            self._stroke, self._width = line["color"], line["width"]
            dash = str(line.get("dash_type", "solid"))
            dash = TARGET_DASHES[turn % len(TARGET_DASHES)] if series.style == "target" else dash
        else:
            self._stroke = self._fill = self._edge = PALETTE[turn]
            self._marker, dash = MARKERS[turn], DASHES[turn]
        self._dash = STROKES[dash]
        self._pattern = PATTERNS[turn] if self._is_bars else None

    def defined(self) -> Iterator[Markup]:
        """The pattern of its bars, if they have one."""
        if self._pattern is not None:
            yield Markup(
                '<defs><pattern id="{id}" width="8" height="8" patternUnits="userSpaceOnUse">'
                '<rect width="8" height="8" fill="#fff"/><path d="{d}" stroke="{c}" '
                'stroke-width="3" fill="{f}"/></pattern></defs>'
            ).format(
                id=self._key,
                d=TILES[self._pattern],
                c=self._fill,
                f=self._fill if "diamond" in self._pattern else "none",
            )

    def drawn(self, values: Drawn, on: Scales, stacked: list[float]) -> Iterator[Markup]:
        """The series itself; a gap stands where a cell holds a mark."""
        if self._is_bars:
            yield from self._bars(values, on, stacked)
            return
        points = [
            (middle, on.y(value)) if isinstance(value, float) else None
            for (middle, _), value in zip(on.categories, values, strict=True)
        ]
        if self._stroke:
            for run in _runs(points):
                yield self._stretch(run)
        if self._marker:
            yield from (self._mark(point) for point in points if point)

    def legend(self, number: int) -> Markup:
        """Its sample and name below the chart."""
        x = LEFT + (number % PER_ROW) * (RIGHT - LEFT) / PER_ROW
        y = LEGEND_TOP + (number // PER_ROW) * LEGEND_STEP
        sample = Markup("")
        if self._is_bars:
            sample = self._bar(x, y - 8, 30, 16)
        else:
            sample += self._stretch([(x, y), (x + 40, y)]) if self._stroke else Markup("")
            sample += self._mark((x + 20, y)) if self._marker else Markup("")
        return sample + _text(x + 50, y + 5, self._series.label, "start")

    def _bars(self, values: Drawn, on: Scales, stacked: list[float]) -> Iterator[Markup]:
        wide = on.step * BAR
        for place, value in enumerate(values):
            if isinstance(value, float) and value > 0:
                top, foot = on.y(stacked[place] + value), on.y(stacked[place])
                left = round(on.categories[place][0] - wide / 2, 1)
                yield self._bar(left, top, round(wide, 1), round(foot - top, 1))
                stacked[place] += value

    def _bar(self, x: float, y: float, width: float, height: float) -> Markup:
        fill = f"url(#{self._key})" if self._pattern else self._fill
        return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>').format(
            x, y, width, height, fill, self._fill if self._pattern else "#fff"
        )

    def _stretch(self, points: list[Point]) -> Markup:
        placed = " ".join(f"{x:g},{y:g}" for x, y in points)
        dash = Markup(' stroke-dasharray="{}"').format(self._dash) if self._dash else ""
        return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
            placed, self._stroke, self._width, dash
        )

    def _mark(self, point: Point) -> Markup:
        x, y = point
        if self._marker == "circle":
            return Markup('<circle cx="{}" cy="{}" r="5" fill="{}" stroke="{}"/>').format(
                x, y, self._fill, self._edge
            )
        path = Markup('<path d="{}" transform="translate({} {})" fill="{}" stroke="{}"/>')
        return path.format(SHAPES[self._marker], x, y, self._fill, self._edge)


SHAPES = {
    "square": "M-5-5H5V5H-5Z",
    "triangle": "M0-7L7 6H-7Z",
    "diamond": "M0-7L7 0L0 7L-7 0Z",
    "x": "M-5-5L5 5M-5 5L5-5",
    "star": "M0-6V6M-5-3L5 3M-5 3L5-3",
}
TILES = {
    "wide_upward_diagonal": "M-2 2L2-2M0 8L8 0M6 10L10 6",
    "dark_horizontal": "M0 2H8M0 6H8",
    "small_grid": "M0 4H8M4 0V8",
    "dotted_diamond": "M4 1L7 4L4 7L1 4Z",
}


def _runs(points: list[Point | None]) -> list[list[Point]]:
    """The stretches without a gap."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(start: Point, end: Point, colour: str, width: float) -> Markup:
    return Markup('<path d="M{:g} {:g}L{:g} {:g}" stroke="{}" stroke-width="{}"/>').format(
        *start, *end, colour, width
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:g}" y="{:g}" text-anchor="{}">{}</text>').format(
        x, y, anchor, escape(text)
    )
