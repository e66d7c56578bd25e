"""A pack says which changes are more than chance, as far as its own cycle's months tell."""

import datetime as dt

import pandas as pd
import pytest
from pack_given import figures

from csip_pipeline import calendars
from csip_pipeline.measure import spc
from csip_pipeline.publish import (
    pack_headlines,
    pack_rules,
    pack_staffing,
    pack_trend_words,
    pack_trends,
)

LAST = dt.date(2026, 12, 1)
STEADY = [0.80, 0.82] * 7
EVENT = {
    "event": "rota",
    "title": "New rota",
    "happened_on": pd.Timestamp("2026-06-01"),
    "ended_on": pd.NaT,
    "measure": None,
    "subject": None,
    "is_rebasing": False,
    "first_touched": pd.Timestamp("2026-06-01"),
    "first_whole": pd.Timestamp("2026-06-01"),
    "last_touched": pd.NaT,
}


def series(values, **same):
    """A row a month, the last of them December 2026."""
    first = calendars.months_after(LAST, 1 - len(values))
    months = [calendars.months_after(first, place) for place in range(len(values))]
    return [{"month": month, "value": v, **same} for month, v in zip(months, values, strict=True)]


def latest(rows):
    """The last month of each chart."""
    return pack_trends.latest(figures(trends=rows))


def the_one(rows, unit="share"):
    """The only row of the sheet of a unit."""
    tables = dict(zip(pack_trends.UNITS, pack_trends.trends(latest(rows)), strict=True))
    (row,) = tables[unit].rows.to_dict("records")
    return row


@pytest.mark.parametrize(
    ("last", "improvement", "said"),
    [
        pytest.param(0.81, "increase", "Its usual ups and downs.", id="common cause"),
        pytest.param(0.99, "increase", "Above what chance explains: an improvement.", id="better"),
        pytest.param(0.60, "increase", "Below what chance explains: a concern.", id="worse"),
        pytest.param(0.60, "decrease", "Below what chance explains: an improvement.", id="less"),
        pytest.param(0.99, "neutral", "Above what chance explains.", id="neither"),
    ],
)
def test_the_last_month_is_told_in_fixed_words(last, improvement, said):
    row = the_one(series([*STEADY, last], improvement=improvement))

    assert row["meaning"] == said
    assert row["measure_title"] == "Answered within the standard"
    assert row["subject_title"] == "101 calls"


def test_limits_are_those_of_the_chart_at_the_end_of_the_cycle():
    row = the_one(series([*STEADY, 0.81]))
    drawn = spc.xmr([*STEADY, 0.81], improvement="increase").iloc[-1]

    assert (row["mean"], row["lower"], row["upper"]) == (
        drawn["mean"],
        drawn["lower"],
        drawn["upper"],
    )


def test_a_lower_limit_below_nought_is_shown_as_nought():
    waits = {"measure": "median_wait_seconds", "unit": "seconds", "improvement": "decrease"}
    row = the_one(series([30, 900, 60, 1200, 20], **waits), unit="seconds")

    assert spc.xmr([30, 900, 60, 1200, 20], improvement="decrease")["lower"].iloc[0] < 0
    assert row["lower"] == 0


def test_a_segment_starts_afresh_where_an_event_rebased():
    rows = series(STEADY)
    rebased = [row | {"segment": 1 if place < 12 else 2} for place, row in enumerate(rows)]

    row = the_one(rebased)

    assert row["mean"] == pytest.approx(0.81)
    assert row["meaning"] == "Its usual ups and downs. Its limits rest on 2 months only."


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param(0.5, "Keeps to it unless something changes.", id="below the limits"),
        pytest.param(0.99, "Misses it unless something changes.", id="above the limits"),
        pytest.param(0.81, "Chance decides whether it is met.", id="between the limits"),
    ],
)
def test_a_target_is_told_by_where_the_limits_lie(target, said):
    assert the_one(series(STEADY, target=target))["against"] == said


def test_nothing_is_said_of_a_target_that_is_not_there_or_without_limits():
    assert the_one(series(STEADY))["against"] is None
    assert the_one(series([0.8], target=0.9))["against"] is None


def test_a_chart_that_ended_before_the_cycle_is_not_shown():
    old = [row | {"month": dt.date(2026, 1, 1)} for row in series([0.8])]

    assert all(table.rows.empty for table in pack_trends.trends(latest(old)))
    assert changed(old) == []


def changed(rows):
    """What the headlines say of all control charts together."""
    told = pack_headlines.headlines(figures(), latest(rows))
    return [one.sentence for one in told if one.about == "All control charts"]


def test_the_cover_counts_what_has_changed_more_than_chance():
    better = series([*STEADY, 0.99])
    worse = series([*STEADY, 0.6], subject="999")
    steady = series([*STEADY, 0.81], subject="web_chat")

    assert changed(better + worse + steady) == [
        "Of 3 headline figures, more than chance explains: 1 improved and 1 worsened. See Trends."
    ]
    assert changed(steady) == ["None of 1 headline figures has changed more than chance explains."]


@pytest.mark.parametrize(
    ("subject", "title", "said"),
    [
        pytest.param("all", None, "All contact", id="all"),
        pytest.param("999", None, "999 calls", id="a line"),
        pytest.param("web_form", None, "Web forms", id="a channel"),
        pytest.param("web_form resolution", None, "Web forms, resolution", id="a clock"),
        pytest.param("report_asb", "Report it", "Report it", id="a service the panel knows"),
        pytest.param("lost_property", None, "Lost property", id="a service by its own name"),
    ],
)
def test_a_subject_goes_by_the_name_the_panel_knows(subject, title, said):
    assert the_one(series([0.8], subject=subject, title=title))["subject_title"] == said


def test_every_cause_and_assurance_has_its_words():
    assert set(pack_trend_words.CAUSES) >= {"Above UCL", "2 in 3 Below CL", "Common Cause"}
    assert len(pack_trend_words.CAUSES) == 9


def test_an_effect_is_told_from_the_months_up_to_the_cycles_end():
    values = [0.5, 0.52] * 5 + [0.8, 0.82, 0.8, 0.81, 0.82, 0.8, 0.81]
    bears = pd.DataFrame([{"event": "rota", "measure": "service_level", "subject": "101"}])
    given = figures(trends=series(values), event_effects=bears, dated_events=pd.DataFrame([EVENT]))

    (row,) = pack_trends.effects(given).rows.to_dict("records")
    assert row["title"] == "New rota"
    assert row["words"].startswith("Rose: ")


def test_an_event_with_too_few_months_says_nothing():
    bears = pd.DataFrame([{"event": "rota", "measure": "service_level", "subject": "101"}])
    given = figures(
        trends=series([0.8] * 9), event_effects=bears, dated_events=pd.DataFrame([EVENT])
    )

    assert pack_trends.effects(given).rows.empty


def test_a_change_of_rule_is_split_in_points():
    row = {"side": "after", "change_points": -0.03, "rule_points": -0.043, "real_points": 0.013}
    table = pack_rules.definition_bridge(figures(definition_bridge=[row, {"side": "before"}]))

    after, before = table.rows.to_dict("records")
    assert after["rule_points"] + after["real_points"] == pytest.approx(-3)
    assert after["side"] == "New standard in force"
    assert pd.isna(before["change_points"])


def test_staffing_is_a_planning_aid_in_its_very_title():
    given = figures(staffing=[{"agents_erlang_a": 3, "agents_erlang_c": 4}])
    patient, nobody_hangs_up = pack_staffing.staffing(given)

    assert (patient.rows["1"].tolist(), nobody_hangs_up.rows["1"].tolist()) == ([3], [4])
    assert all("planning aid" in table.title for table in (patient, nobody_hangs_up))
    assert "October 2026" in patient.intro[0]
