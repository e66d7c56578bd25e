"""A change is more than chance if it meets a rule of Making Data Count; else it is common cause.

Worked by hand from the rules. The same rules were held against the NHS R package on thousands of
series: see docs/decisions.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csip_pipeline.measure.spc import COLUMNS, assurance, xmr

PUBLISHED = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
"""The vignette's series: 18 points, one of them far out."""
STEADY = [50, 52, 48, 51, 49, 50, 52, 48, 51, 49, 50, 50]
"""Twelve months with a mean of 50, limits at 44.2 and 55.8, and near limits at 46.1 and 53.9."""
WILD = [0, 20] * 6
"""Twelve months with a mean of 10 and limits so far out that only trends and runs are left."""
UP, DOWN = "7 Point Trend (Increasing)", "7 Point Trend (Decreasing)"
NEAR_UPPER, NEAR_LOWER = "2 in 3 Above CL", "2 in 3 Below CL"
COMMON = "Common Cause"


def causes(values, **how):
    return xmr(values, **{"improvement": "increase", **how})["special_cause"].tolist()


def limits(values, **how):
    row = xmr(values, **{"improvement": "increase", **how}).iloc[-1]
    return row["mean"], row["lower"], row["upper"]


def after_steady(*values):
    """Labels of months judged by the limits of the steady ones, after a month on their mean."""
    return causes([*STEADY, 50, *values], fix_after=12)[13:]


def after_wild(*values):
    """Labels of months judged by the limits of the wild ones, after a level step."""
    return causes([*WILD, values[0], *values], fix_after=12)[13:]


@pytest.mark.parametrize(
    ("screen", "lower", "upper"),
    [
        pytest.param(True, -0.716, 4.604, id="screened"),
        pytest.param(False, -3.063, 6.952, id="not"),
    ],
)
def test_the_published_series_has_its_published_limits(screen, lower, upper):
    found = limits(PUBLISHED, screen=screen)

    assert found == pytest.approx((1.944, lower, upper), abs=5e-4)
    assert causes(PUBLISHED, screen=screen)[4] == "Above UCL"


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        pytest.param(4, [1] * 9 + [3], id="below 3.267 times the mean range"),
        pytest.param(5.5, [1] * 9, id="above it"),
    ],
)
def test_a_range_that_is_itself_out_of_control_is_left_out(last, kept):
    mean, lower, upper = limits([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, last])

    assert (upper - mean, mean - lower) == pytest.approx([2.66 * sum(kept) / len(kept)] * 2)


def test_ranges_are_screened_once():
    ranges = [1] * 20 + [4] * 3 + [30]
    values = np.cumsum([0, *(size * (-1) ** n for n, size in enumerate(ranges))])

    mean, _, upper = limits(values)

    assert np.mean(ranges) * 3.267 < 30  # so 30 is left out
    assert np.mean(ranges[:-1]) * 3.267 > 4  # and 4 would be looked at again
    assert upper - mean == pytest.approx(2.66 * np.mean(ranges[:-1]))


def test_only_the_first_values_fix_the_mean_and_the_ranges():
    later = [*STEADY, 90, 10, 90, 10]

    assert limits(later, fix_after=12) == pytest.approx(limits(STEADY))
    assert limits(later) != pytest.approx(limits(STEADY))
    assert limits(STEADY, fix_after=99) == limits(STEADY)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([56], ["Above UCL"], id="above the upper limit"),
        pytest.param([44], ["Below LCL"], id="below the lower limit"),
        pytest.param([54, 55, 51], [NEAR_UPPER] * 2 + [COMMON], id="two near the upper limit"),
        pytest.param([54, 51, 55], [NEAR_UPPER, COMMON, NEAR_UPPER], id="only those near it"),
        pytest.param([46, 49, 45], [NEAR_LOWER, COMMON, NEAR_LOWER], id="near the lower limit"),
        pytest.param([54, 49, 55], [COMMON] * 3, id="one of the three on the other side"),
        pytest.param([54, 50, 55], [COMMON] * 3, id="one of the three on the mean"),
        pytest.param([54, 46, 54], [COMMON] * 3, id="near different limits"),
        pytest.param([54, 51, 51, 55], [COMMON] * 4, id="two of four"),
        pytest.param([54, 55], [COMMON] * 2, id="two between months on the mean"),
        pytest.param([54, 56, 51], [COMMON, "Above UCL", COMMON], id="outside is not near"),
        pytest.param([54, 56, 54], [NEAR_UPPER, "Above UCL", NEAR_UPPER], id="about one outside"),
        pytest.param([53.8, 53.8, 53.8], [COMMON] * 3, id="not quite near"),
    ],
)
def test_points_outside_or_near_a_limit(values, expected):
    assert after_steady(*values, 50)[:-1] == expected


def test_two_points_are_no_window_of_three():
    assert causes([*STEADY, 54, 55], fix_after=12)[12:] == [COMMON] * 2


def test_a_point_on_a_limit_is_within_it():
    mean, lower, upper = limits([0, 2] * 6)

    assert causes([0, 2] * 6 + [upper, mean, lower], fix_after=12)[12:] == [COMMON] * 3


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([51, 52] * 3, [COMMON] * 6, id="six on one side"),
        pytest.param([51, 52, 51, 52, 51, 52, 51], ["7 Points Above CL"] * 7, id="seven"),
        pytest.param([51, 52] * 5, ["7 Points Above CL"] * 10, id="ten"),
        pytest.param([49, 48, 49, 48, 49, 48, 49], ["7 Points Below CL"] * 7, id="seven below"),
        pytest.param([51, 52, 51, 50, 51, 52, 51], [COMMON] * 7, id="one on the mean breaks it"),
        pytest.param([51, 52, 51, 49, 51, 52, 51], [COMMON] * 7, id="one below breaks it"),
    ],
)
def test_a_run_is_seven_on_one_side_and_all_of_it_is_labelled(values, expected):
    assert after_steady(*values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([7, 8, 9, 10, 11, 12, 8], [COMMON] * 7, id="six rising"),
        pytest.param([7, 8, 9, 10, 11, 12, 13, 8], [UP] * 7 + [COMMON], id="seven rising"),
        pytest.param([13, 12, 11, 10, 9, 8, 7, 12], [DOWN] * 7 + [COMMON], id="seven falling"),
        pytest.param([7, 8, 9, 10, 10, 11, 12, 13], [COMMON] * 8, id="a level step breaks it"),
        pytest.param([*range(7, 14), *range(12, 6, -1)], [UP] * 6 + [DOWN] * 7, id="up and down"),
        pytest.param(
            [*range(7, 14), *range(13, 6, -1)], [UP] * 6 + [DOWN] * 8, id="with a level step"
        ),
    ],
)
def test_a_trend_is_seven_in_order_and_each_point_goes_the_way_it_goes_on(values, expected):
    assert after_wild(*values) == expected


@pytest.mark.parametrize(
    ("values", "place", "expected"),
    [
        pytest.param([49, 51, 52, 53, 53.5, 53.8, 56], 6, "Above UCL", id="outside before trend"),
        pytest.param([49, 51, 52, 53, 53.8, 54, 55], 6, UP, id="trend before two in three"),
        pytest.param([51, 52, 51, 52, 51, 54, 54], 6, NEAR_UPPER, id="two in three before run"),
        pytest.param([51, 52, 51, 52, 51, 54, 54], 0, "7 Points Above CL", id="and then run"),
    ],
)
def test_a_point_has_the_first_label_that_it_meets(values, place, expected):
    assert after_steady(*values)[place] == expected


@pytest.mark.parametrize(
    ("improvement", "high", "low"),
    [
        ("increase", "special_cause_improvement", "special_cause_concern"),
        ("decrease", "special_cause_concern", "special_cause_improvement"),
        ("neutral", "special_cause_neutral_high", "special_cause_neutral_low"),
    ],
)
def test_a_special_cause_is_good_or_bad_by_the_direction_that_is_better(improvement, high, low):
    found = xmr([*STEADY, 90, 10], improvement=improvement, fix_after=12)["point_type"].tolist()

    assert found == ["common_cause"] * 12 + [high, low]


def test_a_rising_trend_below_the_mean_is_high_all_the_same():
    found = xmr([*WILD, 1, 1, 2, 3, 4, 5, 6, 7], improvement="increase", fix_after=12).iloc[13:]

    assert (found["value"] < found["mean"]).all()
    assert set(found["point_type"]) == {"special_cause_improvement"}


def test_segments_are_computed_apart_and_no_run_crosses_them():
    values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

    found = xmr(values, improvement="increase", rebase_at=[5])

    assert found["segment"].tolist() == [1] * 5 + [2] * 5
    assert found["mean"].tolist() == [3] * 5 + [8] * 5
    assert set(found["special_cause"]) == {COMMON}
    assert UP in causes(values)


def test_a_segment_may_start_where_the_first_does_anyway():
    pd.testing.assert_frame_equal(
        xmr(STEADY, improvement="increase", rebase_at=[0, 4, 4]),
        xmr(STEADY, improvement="increase", rebase_at=[4]),
    )


@pytest.mark.parametrize(
    ("values", "has_limits"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([5], [False], id="one value has no range"),
        pytest.param([5, 7], [True] * 2, id="two have one"),
        pytest.param([0.1] * 9, [False] * 9, id="all alike: no range is below the screen"),
    ],
)
def test_there_are_limits_only_where_a_range_is_left(values, has_limits):
    found = xmr(values, improvement="increase")

    assert list(found.columns) == COLUMNS
    assert found["upper"].notna().tolist() == found["lower"].notna().tolist() == has_limits
    assert set(found["special_cause"]) <= {COMMON}


def test_unscreened_limits_of_values_all_alike_lie_on_the_mean():
    assert limits([0.1] * 9, screen=False) == (0.1, 0.1, 0.1)


def test_a_missing_value_belongs_to_no_run_and_bears_on_no_limit():
    values = [51, 52, 51, 52, None, 51, 52, 51]

    assert after_steady(*values) == [COMMON] * 8
    assert limits([1, 2, None, 2, 1]) == pytest.approx((1.5, 1.5 - 2.66, 1.5 + 2.66))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"improvement": "up"}, id="no such direction"),
        pytest.param({"rebase_at": [12]}, id="a segment after the last value"),
        pytest.param({"rebase_at": [-1]}, id="a segment before the first"),
        pytest.param({"fix_after": 0}, id="limits of no values"),
    ],
)
def test_misuse_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must"):
        xmr(STEADY, **{"improvement": "increase", **wrong})


@pytest.mark.parametrize(
    ("target", "increase", "decrease"),
    [
        pytest.param(70, "consistent_fail", "consistent_pass", id="above both limits"),
        pytest.param(30, "consistent_pass", "consistent_fail", id="below both"),
        pytest.param(50, "inconsistent", "inconsistent", id="between them"),
        pytest.param("upper", "inconsistent", "inconsistent", id="on the upper limit"),
        pytest.param("lower", "inconsistent", "inconsistent", id="on the lower limit"),
        pytest.param(None, None, None, id="no target"),
        pytest.param(float("nan"), None, None, id="a missing one"),
    ],
)
def test_assurance_says_whether_chance_could_cross_the_target(target, increase, decrease):
    frame = xmr(STEADY, improvement="increase")
    target = frame[target].iloc[-1] if isinstance(target, str) else target

    assert assurance(frame, target, "increase") == increase
    assert assurance(frame, target, "decrease") == decrease
    assert assurance(frame, target, "neutral") is None


def test_assurance_looks_at_the_last_segment_only():
    frame = xmr(
        [*STEADY, *(value + 40 for value in STEADY)], improvement="increase", rebase_at=[12]
    )

    assert assurance(frame, 70, "increase") == "consistent_pass"
    assert assurance(frame.head(12), 70, "increase") == "consistent_fail"
    assert assurance(frame.head(0), 70, "increase") is None


SERIES = st.lists(st.integers(-50, 50), min_size=1, max_size=40)


TURNED = {"Above": "Below", "Below": "Above", "UCL": "LCL", "LCL": "UCL"}


@settings(max_examples=60, deadline=None)
@given(values=SERIES)
def test_twice_as_large_values_have_the_same_labels(values):
    assert causes([2 * value for value in values]) == causes(values)


@settings(max_examples=60, deadline=None)
@given(values=SERIES)
def test_a_series_turned_upside_down_has_its_labels_turned(values):
    upright, turned = causes(values), causes([-value for value in values])

    for label, other in zip(upright, turned, strict=True):
        if "Trend" in label:
            assert "Trend" in other
        else:
            assert other == " ".join(TURNED.get(word, word) for word in label.split())


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 20), steps=st.lists(st.sampled_from([1, 1, 1, -1, 0]), max_size=30))
def test_whatever_is_part_of_seven_in_order_is_a_trend_and_nothing_else(start, steps):
    values = [start + sum(steps[:n]) for n in range(len(steps) + 1)]
    sevens = [steps[n : n + 6] for n in range(len(steps) - 5)]
    starts = {n for n, six in enumerate(sevens) if set(six) in ({1}, {-1})}
    expected = [bool(starts & set(range(n - 6, n + 1))) for n in range(len(values))]

    found = causes([*WILD, *values], fix_after=12, rebase_at=[12])[12:]

    for label, in_trend in zip(found, expected, strict=True):
        assert ("Trend" in label) == in_trend or (in_trend and label in ("Above UCL", "Below LCL"))


@settings(max_examples=60, deadline=None)
@given(values=SERIES, place=st.integers(1, 39))
def test_a_segment_is_what_it_would_be_alone(values, place):
    place = min(place, len(values) - 1)
    both = xmr(values, improvement="increase", rebase_at=[place] if place else [])

    alone = xmr(values[place:], improvement="increase")

    pd.testing.assert_frame_equal(
        both[COLUMNS].iloc[place:].drop(columns="segment").reset_index(drop=True),
        alone.drop(columns="segment"),
    )
