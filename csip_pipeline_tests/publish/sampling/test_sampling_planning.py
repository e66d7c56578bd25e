"""How many calls to hear is what Wilson's interval says: as few as give the width, and no fewer."""

import math

import pytest
from statsmodels.stats.proportion import proportion_confint, samplesize_confint_proportion

from csip_pipeline.publish.sampling.planning import plan, reach


def half_width(successes, calls, confidence=0.95):
    """Half of the interval as another library has it."""
    low, high = proportion_confint(successes, calls, alpha=1 - confidence, method="wilson")
    return (high - low) / 2


def test_ten_points_either_way_need_ninety_three_calls():
    planned = plan(0.10)

    assert planned.calls == 93
    assert planned.half_width_points == 9.96
    assert planned.hours is planned.calls_in_the_hours is planned.half_width_in_the_hours is None


@pytest.mark.parametrize("points", [1, 2.5, 5, 7, 10, 15, 30, 49.9])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.05, 0, 1])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_one_call_fewer_would_not_be_exact_enough(points, share, confidence):
    calls = plan(points / 100, share=share, confidence=confidence).calls

    assert half_width(share * calls, calls, confidence) <= points / 100 + 1e-12
    if calls > 1:
        assert half_width(share * (calls - 1), calls - 1, confidence) > points / 100


@pytest.mark.parametrize(
    ("successes", "calls", "confidence"),
    [(5, 90, 0.95), (45, 90, 0.95), (0, 20, 0.95), (20, 20, 0.9), (700, 1000, 0.99), (1, 1, 0.8)],
)
def test_the_reach_of_so_many_calls_is_half_the_wilson_interval(successes, calls, confidence):
    expected = half_width(successes, calls, confidence)

    assert reach(calls, successes / calls, confidence) == pytest.approx(expected, rel=1e-9)


def test_the_plan_is_close_to_the_textbook_size_for_a_wide_sample():
    assert plan(0.02).calls == pytest.approx(
        samplesize_confint_proportion(0.5, 0.02, method="normal"), rel=0.01
    )


@pytest.mark.parametrize(
    ("frame", "calls"),
    [
        pytest.param(1, 1, id="a frame of one call"),
        pytest.param(50, 33, id="fifty"),
        pytest.param(93, 47, id="as many as would be heard"),
        pytest.param(1_000, 86, id="a thousand"),
        pytest.param(10_000_000, 93, id="so many that it makes no odds"),
    ],
)
def test_of_a_small_frame_fewer_calls_are_enough(frame, calls):
    assert plan(0.10, frame=frame).calls == calls
    assert calls == min(math.ceil(93 / (1 + 92 / frame)), frame)


def test_no_more_calls_are_asked_for_than_the_frame_has():
    assert plan(0.01, frame=20).calls == 20


def test_hours_say_how_many_calls_can_be_heard_and_how_exact_they_are():
    planned = plan(0.10, minutes_per_call=8, hours=4)

    assert (planned.hours, planned.calls_in_the_hours) == (12.4, 30)
    assert planned.half_width_in_the_hours == round(100 * half_width(15, 30), 2) == 16.85


def test_hours_too_short_for_a_call_say_nothing_of_exactness():
    planned = plan(0.10, minutes_per_call=8, hours=0.1)

    assert (planned.calls_in_the_hours, planned.half_width_in_the_hours) == (0, None)


@pytest.mark.parametrize("points", [0, -0.1, 0.5, 10, float("nan"), float("inf")])
def test_a_half_width_that_no_share_can_have_is_refused(points):
    with pytest.raises(ValueError, match="between 0 and 50 points"):
        plan(points)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"share": 1.2}, "share"),
        ({"share": -0.1}, "share"),
        ({"share": float("nan")}, "share"),
        ({"confidence": 1}, "confidence"),
        ({"confidence": 0}, "confidence"),
        ({"minutes_per_call": 0, "hours": 4}, "minutes"),
        ({"minutes_per_call": -8}, "minutes"),
        ({"minutes_per_call": 8, "hours": -1}, "hours"),
        ({"minutes_per_call": 8, "hours": float("inf")}, "hours"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong, said):
    with pytest.raises(ValueError, match=f"{said} must|must take some {said}"):
        plan(0.01, **wrong)


def test_the_plan_for_a_script_names_everything():
    assert plan(0.10).as_dict() == {
        "calls": 93,
        "half_width_points": 9.96,
        "hours": None,
        "calls_in_the_hours": None,
        "half_width_in_the_hours": None,
    }
