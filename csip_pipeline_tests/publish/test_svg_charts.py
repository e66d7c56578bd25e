"""A chart of a page draws each figure where its scale says, and nothing where there is none."""

import re
from xml.etree import ElementTree as ET

import pytest
from page_given import chart, table

from csip_pipeline.publish.svg_charts import drawing
from csip_pipeline.publish.svg_scales import BOTTOM, LEFT, RIGHT, TOP, scales
from csip_pipeline.publish.workbook import Layout, Series
from csip_pipeline.publish.workbook_parts import NUMBERS

KINDS = ("line", "column", "stacked_share")
ONE = (Series("share", "101"),)
EVERY_STYLE = tuple(
    Series("share", style, style)
    for style in (
        *("line", "target", "average", "limit", "improvement", "concern"),
        *("line", "target", "line", "target", "line", "target", "line", "target", "line"),
    )
)
VALUES = {
    "all there": [0.7, 0.71, 0.72, 0.6],
    "one point": [0.7],
    "one point between gaps": [None, 0.7, None],
    "all nulls": [None] * 4,
    "all marks": ["[c]"] * 4,
    "one null": [None],
    "all zeros": [0] * 4,
    "one zero": [0],
    "tiny": [1e-12, 2e-12],
    "all the same": [0.3] * 6,
}


def drawn(values, kind="line", of="share", **more):
    """The chart of a table's values, as XML; only what is well formed can be read."""
    made = chart(**{"series": ONE, **more, "kind": kind})
    text = drawing(made, Layout(table(values, kind=of)), "key")
    return ET.fromstring(str(text))  # noqa: S314 - our own


def parts(svg, *tags):
    """The elements of these names, but for those that define a pattern."""
    patterns = {id(each) for pattern in svg.iter("pattern") for each in pattern.iter()}
    return [each for each in svg.iter() if each.tag in tags and id(each) not in patterns]


def points(svg):
    """The points of each stretch of a line, but for the sample in the legend."""
    lines = [each.get("points").split() for each in parts(svg, "polyline")]
    placed = [[tuple(map(float, point.split(","))) for point in line] for line in lines]
    return [line for line in placed if line[0][1] <= BOTTOM]


def bars(svg):
    """The bars, each as (left, top, width, height), but for the samples in the legend."""
    sides = ("x", "y", "width", "height")
    found = [tuple(float(each.get(side)) for side in sides) for each in parts(svg, "rect")]
    return [bar for bar in found if bar[1] < BOTTOM]


def is_drawable(svg):
    """Whether a browser can draw every number of a chart."""
    told = " ".join(value for each in svg.iter() for value in each.attrib.values())
    sides = [float(each.get(side)) for each in parts(svg, "rect") for side in ("width", "height")]
    return not re.search(r"(?i)\b(?:nan|inf|none none)\b", told) and min(sides, default=0) >= 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", NUMBERS)
@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_whatever_the_figures_every_number_drawn_is_one(kind, of, values):
    svg = drawn(values, kind, of, series=EVERY_STYLE if kind == "line" else ONE)

    assert is_drawable(svg)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of", [each for each in NUMBERS if each != "duration"])
@pytest.mark.parametrize("values", [[-0.2, -0.1], [-0.2, 0.1], [-20, None]])
def test_figures_below_nought_do_not_end_the_page(kind, of, values):
    assert is_drawable(drawn(values, kind, of))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", [None, "[c]", "[z]"])
def test_where_there_is_no_figure_nothing_is_drawn(kind, nothing):
    svg = drawn([nothing] * 4, kind)

    assert points(svg) == bars(svg) == []
    assert svg.find("title").text
    assert [each.text for each in parts(svg, "text")][-1] == "101"


def test_a_value_stands_where_the_scale_says():
    (line,) = points(drawn([0, 0.5, 1]))

    step = (RIGHT - LEFT) / 3
    assert line == [
        (round(LEFT + step * 0.5, 1), BOTTOM),
        (round(LEFT + step * 1.5, 1), (BOTTOM + TOP) / 2),
        (round(LEFT + step * 2.5, 1), TOP),
    ]


def test_a_gap_parts_the_line_in_two():
    assert [len(line) for line in points(drawn([0.7, 0.7, None, "[c]", 0.6, 0.6]))] == [2, 2]


def test_a_lone_value_between_gaps_is_still_seen_by_its_marker():
    svg = drawn([None, 0.7, None])

    assert len(parts(svg, "circle")) == 2  # the value, and the sample in the legend


def test_bars_stand_on_the_axis_and_reach_their_value():
    found = bars(drawn([0.25, 0, None, 0.5], "column"))

    assert [(top, top + height) for _, top, _, height in found] == [
        (BOTTOM - (BOTTOM - TOP) / 2, BOTTOM),
        (TOP, BOTTOM),
    ]


def test_stacked_bars_stand_on_each_other():
    both = (Series("share", "One"), Series("target", "Other"))
    lower, upper = bars(drawn([0.25], "stacked_share", series=both))

    assert lower[1] + lower[3] == BOTTOM
    assert upper[1] + upper[3] == lower[1]
    assert upper[1] == TOP


@pytest.mark.parametrize(
    ("values", "of", "labels"),
    [
        pytest.param([0.7, 0.9], "share", ["0%", "20%", "40%", "60%", "80%", "100%"], id="shares"),
        pytest.param([0.02, 0.04], "share", ["0%", "1%", "2%", "3%", "4%"], id="small shares"),
        pytest.param([3, 11], "count", ["0", "3", "5", "8", "10", "13"], id="counts"),
        pytest.param([400, 1600], "count", ["0", "250", "500"], id="more counts"),
        pytest.param([30, 240], "duration", ["0:00", "0:30", "1:00"], id="durations"),
        pytest.param([0, 0], "count", ["0", "1"], id="nothing but noughts"),
    ],
)
def test_gridlines_are_at_round_figures(values, of, labels):
    on = scales(chart(series=ONE), Layout(table(values, kind=of)))

    told = [label for _, label in on.ticks]
    assert told[: len(labels)] == labels
    heights = [height for height, _ in on.ticks]
    assert heights == sorted(heights, reverse=True)
    assert (heights[0], heights[-1]) == (BOTTOM, TOP)


def test_months_are_named_in_short_and_left_out_where_they_would_touch():
    on = scales(chart(series=ONE), Layout(table([0.7] * 6)))

    assert [label for _, label in on.categories] == [
        f"{month} 26" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
    ]


@pytest.mark.parametrize("values", [[0.1, 0.2], [0.5, 0.5], [None]])
def test_an_axis_that_begins_at_or_above_its_figures_still_has_a_scale(values):
    on = scales(chart(series=ONE, y_min=0.5), Layout(table(values)))

    assert on.low == 0.5 < on.high
    assert on.ticks[0] == (BOTTOM, "50%")


def test_words_of_a_chart_cannot_end_it():
    svg = drawn([0.7], title="</svg><script>", alt_text='"><i>', y_axis="<b>&amp;")

    assert svg.find("title").text == "</svg><script>"
    assert svg.find("desc").text == '"><i>'
    assert parts(svg, "text")[0].text == "<b>&amp;"
