"""What is usual is learnt from the months before, and never so narrow that chance breaks it."""

import numpy as np
import pandas as pd
import pytest

from csip_pipeline.quality import usual


def months(**figures):
    """Figures of months in a row, oldest first."""
    return pd.DataFrame(figures)


def test_limits_are_the_mean_and_2_66_mean_moving_ranges():
    (learnt,) = usual.learnt(months(contacts=[100, 120, 100, 120, 100, 120]))

    assert learnt.lower == pytest.approx(110 - 2.66 * 20)
    assert learnt.upper == pytest.approx(110 + 2.66 * 20)
    assert learnt.months == 6


def test_a_figure_that_never_moved_may_move_by_a_tenth():
    (learnt,) = usual.learnt(months(contacts=[100] * 6))

    assert (learnt.lower, learnt.upper) == (90, 110)


def test_a_share_that_never_moved_may_move_by_two_points_and_not_beyond_all():
    never, always = usual.learnt(months(lost_share=[0.0] * 6, kept_share=[0.99] * 6))

    assert (never.lower, never.upper) == (0, 0.02)
    assert (always.lower, always.upper) == (pytest.approx(0.97), 1)


def test_nothing_is_learnt_from_fewer_than_six_months():
    assert usual.learnt(months(contacts=[100, 100, 100, 100, 100, np.nan])) == []


def test_only_the_last_twelve_months_count():
    (learnt,) = usual.learnt(months(contacts=[9_000] * 5 + [100] * 12))

    assert (learnt.lower, learnt.upper, learnt.months) == (90, 110, 12)


@pytest.mark.parametrize("value", [89.9, 110.1])
def test_a_month_outside_is_unusual(value):
    (learnt,) = usual.learnt(months(contacts=[100] * 6))

    assert not learnt.lower <= value <= learnt.upper


@pytest.mark.parametrize(
    ("figure", "value", "told"),
    [
        ("lost share", 0.0476, "4.8%"),
        ("rows", 39070.4, "39,070"),
        ("telephone: median wait seconds", 7.25, "7.2"),
        ("telephone: contacts", 8.0, "8"),
    ],
)
def test_a_figure_is_told_as_people_read_it(figure, value, told):
    assert usual.shown(figure, value) == told


def test_limits_say_what_they_are_and_where_they_are_from():
    (learnt,) = usual.learnt(months(lost_share=[0.5] * 6))

    assert learnt.why == "48.0% to 52.0%. Learnt from the 6 months before: 50.0% on average."
