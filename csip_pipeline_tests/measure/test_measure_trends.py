"""Limits of a headline measure start afresh at an event that says so, and at nothing else."""

import pandas as pd
import pytest
from given import events, rebuilt
from given_measured import contacts_by_month, measure, month, nothing_measured

from csip_pipeline import promises
from csip_pipeline.measure import service_levels, trends
from csip_pipeline.measure.spc import xmr

MONTHS = [50, 52, 48, 51, 49, 50, 52, 48, 51, 49, 50, 50]


@pytest.fixture(autouse=True)
def _tables(con):
    nothing_measured(con)


def charted(con):
    return rebuilt(con, trends.TABLE).sort_values(["measure", "subject", "month"])


def test_a_measure_is_charted_as_it_stands(con):
    contacts_by_month(con, [*MONTHS, 90])

    found = charted(con)

    expected = xmr([*MONTHS, 90], improvement="neutral")
    same = ["value", "segment", "mean", "lower", "upper", "special_cause", "point_type"]
    assert found[same].to_dict("list") == expected[same].to_dict("list")
    assert set(found["measure"]) == {"contacts"}
    assert set(found["unit"]) == {"contacts"}
    assert found["rebased_by"].isna().all()
    assert not found["is_trial"].any()


@pytest.mark.parametrize(
    ("happened_on", "starts"),
    [
        pytest.param("2024-06-01", 5, id="on the first: that month"),
        pytest.param("2024-06-02", 6, id="on the second: the next"),
        pytest.param("2024-05-31", 5, id="on the last day of a month: the next"),
        pytest.param("2024-01-01", None, id="in the first month: no other segment before it"),
        pytest.param("2023-01-01", None, id="before the first month"),
        pytest.param("2024-12-02", None, id="after the last month began"),
        pytest.param("2024-12-01", 11, id="in the last month"),
    ],
)
def test_a_segment_starts_at_the_first_whole_month_of_an_event(con, happened_on, starts):
    contacts_by_month(con, MONTHS)
    events(con, {"event": "new_form", "happened_on": happened_on, "rebases": "yes"})

    found = charted(con)

    first = starts or len(MONTHS)
    assert found["segment"].tolist() == [1] * first + [2] * (len(MONTHS) - first)
    assert found["rebased_by"].fillna("").tolist() == [""] * first + ["new_form"] * (12 - first)


def test_a_month_without_a_value_moves_the_start_to_the_next_with_one(con):
    contacts_by_month(con, [50, 52, 48, None, None, 51])
    events(con, {"event": "new_form", "happened_on": "2024-04-01", "rebases": "yes"})

    assert charted(con)["segment"].tolist() == [1, 1, 1, 2]


def test_two_events_of_one_month_start_one_segment(con):
    contacts_by_month(con, MONTHS)
    when = {"happened_on": "2024-06-01", "rebases": "yes"}
    events(con, {"event": "a_form", **when}, {"event": "b_form", **when})

    found = charted(con)

    assert found["segment"].max() == 2
    assert found["rebased_by"].iloc[-1] == "a_form, b_form"


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"rebases": "no"}, id="does not rebase"),
        pytest.param({"rebases": "yes", "subject": "telephone"}, id="is another channel's"),
        pytest.param({"rebases": "yes", "measure": "offered"}, id="is another measure's"),
    ],
)
def test_no_other_event_starts_a_segment(con, event):
    contacts_by_month(con, MONTHS)
    events(con, {"event": "something", "happened_on": "2024-06-01", **event})

    assert set(charted(con)["segment"]) == {1}


def test_a_segment_of_fewer_than_twelve_months_is_on_trial(con):
    contacts_by_month(con, [*MONTHS, *MONTHS[:11]])
    events(con, {"event": "new_form", "happened_on": "2025-01-01", "rebases": "yes"})

    assert charted(con)["is_trial"].tolist() == [False] * 12 + [True] * 11


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param([0.8, 0.82, 0.79, 0.81], "consistent_fail", id="always below the target"),
        pytest.param([0.9] * 4, None, id="all alike: no limits, so nothing is said"),
        pytest.param([0.96, 0.95, 0.97, 0.96], "consistent_pass", id="always above"),
    ],
)
def test_assurance_is_against_the_last_months_target(con, levels, expected):
    row = {"level": "channel", "channel": "web_chat", "clock": "end_to_end"}
    rows = [
        {
            **row,
            "month": month(n),
            "service_level": level,
            "answered_within": round(level * 100),
            "offered": 100,
            "target_share": 0.5 if n == 0 else 0.9,
        }
        for n, level in enumerate(levels)
    ]
    measure(con, service_levels, *rows)
    found = charted(con)
    found = found[found["measure"] == "service_level"]

    assert found["assurance"].astype(object).where(found["assurance"].notna(), None).tolist() == [
        expected
    ] * len(levels)


def test_one_month_has_a_mean_and_no_limits(con):
    contacts_by_month(con, [50])

    (row,) = charted(con).to_dict("records")

    assert (row["mean"], row["special_cause"]) == (50, "Common Cause")
    assert str(row["lower"]) == str(row["upper"]) == "nan"


def test_there_are_no_trends_of_nothing(con):
    assert charted(con).empty


@pytest.mark.parametrize(
    ("row", "breaks"),
    [
        pytest.param({}, None, id="a share of its counts"),
        pytest.param({"part": 4}, "must be its part", id="a share of others"),
        pytest.param({"whole": 0}, "must be its part", id="a share of nobody"),
        pytest.param({"part": None}, "must have a part", id="a share of nothing known"),
        pytest.param({"value": 1.5, "part": 15}, "more than its whole", id="more than all"),
        pytest.param({"whole": None}, "must not be empty", id="of nobody knows how many"),
        pytest.param({"unit": "contacts", "value": 10, "part": None}, None, id="a number"),
        pytest.param({"unit": "contacts", "value": 9, "part": None}, "its whole", id="another"),
        pytest.param({"unit": "seconds", "value": 20, "part": None}, None, id="a wait"),
        pytest.param({"unit": "seconds", "value": 20}, "nothing else one", id="a wait with a part"),
    ],
)
def test_the_counts_are_those_of_the_value(con, row, breaks):
    contacts_by_month(con, [10])
    share = {"unit": "share", "value": 0.3, "part": 3, "whole": 10}

    found = promises.failures(charted(con).assign(**share | row), trends.Trends)

    said = " ".join(found["promise"])
    assert breaks in said if breaks else found.empty


def test_a_later_segment_must_be_explained():
    rows = pd.DataFrame({"segment": [1, 2, 2], "rebased_by": [None, "new_form", None]})

    assert trends.Trends.segments_are_explained(rows).tolist() == [True, True, False]
