"""A control chart shows every month with its limits; it tells no more than its table does."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pandas as pd
import pytest
from pack_given import figures

from csip_pipeline import calendars
from csip_pipeline.measure import spc
from csip_pipeline.publish import (
    edition_figures,
    edition_hiding,
    pack_control,
    pack_notes,
    pack_trends,
    page,
    page_lint,
    workbook,
    workbook_lint,
)
from csip_pipeline.publish.pack_control_charts import chart
from csip_pipeline.publish.pack_control_words import KINDS, NOTHING_TOLD, UNTOLD
from csip_pipeline.publish.pack_drafts import Draft
from csip_pipeline.publish.workbook import Column, Cover, Layout, Properties, Workbook
from csip_pipeline.publish.workbook_charts import turn_of
from csip_pipeline.publish.workbook_parts import LONGEST_SHEET
from csip_pipeline.publish.workbook_read import Written, named

LAST = dt.date(2026, 12, 1)
OFFERED = 1_000
STEADY = [0.80, 0.82] * 7
ROUGH = [*STEADY, 0.99, 0.60, 0.81]
ROTA = pd.DataFrame([{"event": "rota", "title": "New rota"}])
SHAPES = {"improvement": "diamond", "concern": "triangle", "neutral": "square", "common": "circle"}
LONG = "Report antisocial behaviour, or a neighbour who is too loud."


def series(values, last=LAST, **same):
    """A row a month, the last of them December 2026."""
    first = calendars.months_after(last, 1 - len(values))
    months = [calendars.months_after(first, place) for place in range(len(values))]
    return [{"month": month, "value": v, **same} for month, v in zip(months, values, strict=True)]


def counted(rows, **parts):
    """The months with their counts: a thousand offered, but for the months whose part is given."""
    return [
        {
            "part": parts.get(f"{row['month']:%b_%Y}", round(row["value"] * OFFERED)),
            "whole": OFFERED,
            **row,
        }
        for row in rows
    ]


def given(rows, **more):
    """Figures of these months, with their counts."""
    return figures(trends=counted(rows), **more)


def the_table(rows, **more):
    (table,) = pack_control.tables(given(rows, **more))
    return table


def public(found):
    """The tables of the charts, and of the trends, as everybody may see them."""
    trends = pack_trends.trends(pack_trends.latest(found))
    draft = Draft((*pack_control.items(found), *trends))
    return edition_hiding.hide(draft, "2026-Q4", [], 5).draft


def a_pack(*items):
    return Workbook(
        Cover("A pack", "Of charts"),
        items,
        Properties("A pack", "Northmoor", "Tests", pd.Timestamp("2026-10-01").to_pydatetime()),
        pack_notes.NOTES,
    )


def every_chart(**same):
    """Months of all measures that are charted."""
    return [
        row
        for one in pack_control.CHARTED
        for row in series(ROUGH, measure=one.measure, subject=one.subject, **same)
    ]


def a_draft(rows):
    return Draft(pack_control.items(given(rows)))


@pytest.mark.parametrize("improvement", ["increase", "decrease", "neutral"])
def test_each_point_has_one_marker_and_it_is_that_of_its_type(improvement):
    table = the_table(series(ROUGH, improvement=improvement))
    types = spc.xmr(ROUGH, improvement=improvement)["point_type"]

    for (_, row), point_type in zip(table.rows.iterrows(), types, strict=True):
        marked = {name: row[name] for name in KINDS if pd.notna(row[name])}
        (own,) = [name for name, kind in KINDS.items() if point_type in kind.point_types]
        assert marked == {own: row["value"]}
    assert len(set(types)) > 1


def test_every_month_is_told_in_the_words_of_the_trends():
    table = the_table(series(ROUGH))

    assert table.rows["words"].iloc[-3:].tolist() == [
        "Above what chance explains: an improvement.",
        "Below what chance explains: a concern.",
        "Its usual ups and downs.",
    ]


def test_limits_are_those_of_the_months_up_to_the_cycles_end():
    table, drawn = the_table(series(ROUGH)), spc.xmr(ROUGH, improvement="increase")

    assert table.rows["mean"].tolist() == drawn["mean"].tolist()
    assert table.rows["lower"].tolist() == drawn["lower"].tolist()
    assert table.rows["upper"].tolist() == drawn["upper"].tolist()


def test_limits_stay_between_nothing_and_everything():
    table = the_table(series([0.05, 0.9, 0.1, 0.95]))
    beyond = spc.xmr([0.05, 0.9, 0.1, 0.95], improvement="increase").iloc[0]

    assert beyond["lower"] < 0
    assert beyond["upper"] > 1
    assert set(table.rows["lower"]) == {0}
    assert set(table.rows["upper"]) == {1}


def rebased():
    """Months of which the last five stand under another event's limits."""
    rows = series([*STEADY, 0.9, 0.92, 0.9, 0.92, 0.91])
    return [
        row | ({"segment": 2, "rebased_by": "rota"} if place >= len(STEADY) else {})
        for place, row in enumerate(rows)
    ]


def test_limits_start_afresh_where_an_event_rebased_and_no_slope_joins_them():
    table = the_table(rebased(), dated_events=ROTA)
    means = [one for one in chart(table).series if one.column == "mean"]

    assert table.rows["mean"].round(6).unique().tolist() == [0.81, 0.91]
    assert [one.rows for one in means] == [(0, 13), (14, 18)]
    assert [one.is_listed for one in means] == [True, False]
    assert "Limits start afresh in August 2026: New rota." in table.intro
    assert "Limits from August 2026 rest on 5 months only." in table.intro
    assert "Its limits rest on 5 months only." in chart(table).message


def test_a_target_is_a_level_for_each_stretch_in_one_look():
    rows = [row | {"target": 0.8 if place < 9 else 0.9} for place, row in enumerate(series(STEADY))]
    drawn = chart(the_table(rows))
    targets = [one for one in drawn.series if one.style == "target"]

    assert [one.rows for one in targets] == [(0, 8), (9, 13)]
    assert {turn_of(drawn, one) for one in targets} == {0}
    assert "The target is 90.0%. Misses it unless something changes." in drawn.message


def test_a_measure_without_a_target_has_no_column_and_no_line_of_one():
    table = the_table(series(STEADY))

    assert "target" not in {column.name for column in table.columns}
    assert "target" not in {one.style for one in chart(table).series}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no month"),
        pytest.param(series([0.8]), id="one month"),
        pytest.param(series(STEADY, last=dt.date(2026, 9, 1)), id="none of the cycle"),
        pytest.param(series(STEADY, subject="web_chat"), id="not one of those charted"),
    ],
)
def test_a_measure_with_too_little_to_show_has_no_chart(rows):
    assert pack_control.items(given(rows) if rows else figures()) == ()


def test_two_months_are_a_chart():
    table = the_table(series([0.8, 0.82]))

    assert len(table.rows) == 2
    assert "Limits from November 2026 rest on 2 months only." in table.intro


def test_months_all_alike_have_a_mean_and_no_limits():
    table = the_table(series([0.8] * 6))

    assert Layout(table, dict.fromkeys(("limits", "markers"), 1)).marks == ["[z]"]
    assert "keeps a month between" not in chart(table).message


def test_a_hidden_value_is_a_gap_and_so_are_all_markers_and_limits():
    draft = public(given(counted(series(STEADY), Mar_2026=3)))
    (table,) = (one for name, one in draft.tables.items() if name.startswith("control_"))
    drawn = chart(table)
    values = Layout(table).plotted(drawn.series[0])

    assert [place for place, value in enumerate(values) if value is None] == [4]
    assert table.rows.loc[4, "value"] == "[c]"
    for name in pack_control.FOLLOWING:
        assert set(table.rows[name]) == {"[c]"}
    assert [(one.column, one.style) for one in drawn.series] == [("value", "line")]
    assert UNTOLD in drawn.message
    assert "mean" not in drawn.alt_text


def test_a_mean_is_hidden_with_any_of_its_months():
    """The mean of fourteen months, and thirteen of them, tell the other."""
    trends = public(given(counted(series(STEADY), Mar_2026=3))).tables["trends_of_share"]
    (row,) = trends.rows.to_dict("records")

    assert row["value"] == 0.82
    assert {row[name] for name in ("mean", "lower", "upper", "meaning")} == {"[c]"}


def test_a_point_whose_counts_nobody_knows_is_not_for_the_public():
    draft = public(figures(trends=series(STEADY)))
    (table,) = (one for name, one in draft.tables.items() if name.startswith("control_"))

    assert set(table.rows["value"]) == {"[c]"}
    assert chart(table).message == NOTHING_TOLD


def test_nothing_is_hidden_of_large_numbers():
    draft = public(given(series(ROUGH)))

    assert not any(
        (one.rows.astype("string") == "[c]").any(axis=None) for one in draft.tables.values()
    )


def test_the_alternative_text_says_what_the_chart_shows_and_where_its_table_is():
    assert chart(the_table(series(ROUGH, target=0.5))).alt_text == (
        "Control chart of Answered within the standard, 101 calls, by month from August 2025 to "
        "December 2026. In December 2026: 81.0%. Its usual ups and downs. The mean is 80.8%. "
        "Chance alone keeps a month between 69.5% and 92.2%. The target is 50.0%. Keeps to it "
        "unless something changes. Of 17 months, 1 is an improvement, 1 is a concern, 15 are "
        "common cause. Every value is in the table on the worksheet '101 in time by month'."
    )


def test_a_chart_of_common_cause_says_so():
    assert "All 14 months are common cause." in chart(the_table(series(STEADY))).alt_text


def test_an_axis_that_does_not_begin_at_nought_says_where_it_does():
    drawn = chart(the_table(series(STEADY)))
    low = chart(the_table(series([0.02, 0.05, 0.03, 0.09])))

    assert drawn.y_axis == "Share, from 74%"
    assert (drawn.y_min, drawn.y_max) == pytest.approx((0.74, 0.88))
    assert (low.y_axis, low.y_min) == ("Share", 0)


def test_waits_are_drawn_in_the_units_of_their_cells():
    waits = {"measure": "median_wait_seconds", "unit": "seconds", "improvement": "decrease"}
    table = the_table(series([35, 36, 35, 37, 35, 36], **waits))
    drawn = chart(table)
    plotted = [value for value in Layout(table).plotted(drawn.series[0]) if value is not None]

    assert drawn.y_axis.startswith("Time, from 0:")
    assert drawn.y_min < min(plotted) <= max(plotted) < drawn.y_max


def test_worksheets_have_names_of_their_own_whatever_a_queue_is_called():
    finished = a_draft(every_chart(title=LONG)).finished()
    sheets = Counter(item.sheet.casefold() for item in finished)

    assert len(finished) == 2 * len(pack_control.CHARTED)
    assert max(sheets.values()) == 1
    assert max(map(len, sheets)) <= LONGEST_SHEET
    assert a_pack(*finished).tables.keys() == {
        item.name for item in finished if hasattr(item, "columns")
    }


def test_each_chart_comes_before_its_table():
    finished = a_draft(every_chart()).finished()

    for drawn, table in list(pairwise(finished))[::2]:
        assert drawn.table == table.name


@pytest.fixture(scope="module")
def pack():
    """Two measures: one rebased, with a target; one with every kind of point."""
    neutral = series(ROUGH, measure="avoidable_share", subject="all", improvement="neutral")
    rows = [row | {"target": 0.85} for row in rebased()]
    found = given([*rows, *neutral], dated_events=ROTA)
    return a_pack(*Draft(pack_control.items(found)).finished())


def test_the_workbook_keeps_every_rule(pack, tmp_path):
    path = tmp_path / "pack.xlsx"
    workbook.write(pack, path)

    assert workbook_lint.lint(path) == []


def test_points_are_markers_without_a_line_each_kind_in_a_shape_of_its_own(pack, tmp_path):
    path = tmp_path / "pack.xlsx"
    workbook.write(pack, path)
    charts = [one for sheet in Written(path).sheets for one in sheet.charts]

    assert len(charts) == 2
    for one in charts:
        looks = {
            named(found, "v")[0].text: found
            for found in named(one.root, "ser")
            if named(found, "symbol")[0].get("val") != "none"
        }
        shapes = {label: named(found, "symbol")[0].get("val") for label, found in looks.items()}
        assert shapes == {KINDS[name].heading: shape for name, shape in SHAPES.items()}
        for found in looks.values():
            line = next(part for part in found if part.tag.endswith("}spPr"))
            assert named(line, "noFill")


def test_the_page_draws_the_same_markers(pack, tmp_path):
    told = page.render(pack).decode()
    path = tmp_path / "pack.html"
    path.write_text(told, encoding="utf-8")

    assert page_lint.lint(path) == []
    drawn = told.split("<svg ")[2].split("</svg>")[0]
    kinds = Counter(spc.xmr(ROUGH, improvement="neutral")["point_type"])
    assert drawn.count('fill="#490092"') == 1 + len(ROUGH) - kinds["common_cause"]
    assert drawn.count('fill="#A6A6A6"') == 1 + kinds["common_cause"]
    assert drawn.count('fill="#00B0F0"') == drawn.count('fill="#E46C0A"') == 1
    for kind in KINDS.values():
        assert f">{kind.heading}<" in drawn


def test_a_month_that_comes_in_moves_limits_and_revises_nothing():
    before = pack_control.tables(given(series(STEADY, last=dt.date(2026, 11, 1))))
    now = the_table(series([*STEADY, 0.99]))
    kept = edition_figures.as_json({table.name: table for table in before})

    assert before[0].rows["mean"].iloc[0] != now.rows["mean"].iloc[0]
    assert edition_figures.changes(kept, {now.name: now}, only_shared=True) == []


def test_a_value_that_is_another_now_is_a_revision():
    before, now = the_table(series(STEADY)), the_table(series([0.7, *STEADY[1:]]))
    kept = edition_figures.as_json({before.name: before})

    (change,) = edition_figures.changes(kept, {now.name: now})
    assert (change.column, change.old, change.new) == ("value", 0.8, 0.7)


def test_the_key_of_a_table_is_its_month():
    table = the_table(series(STEADY))

    assert table.keys == 1
    assert table.columns[0] == Column("month", "Month", "month")
