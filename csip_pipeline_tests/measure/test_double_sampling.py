"""What was coded of every call is corrected by what was found of those that were heard."""

import random

import pytest

from csip_pipeline.measure.double_sampling import Part, post_stratified, stratified, weighted
from csip_pipeline.measure.intervals import wilson

ALL = 1.0


def ends(estimate):
    return (estimate.lower, estimate.upper)


def test_of_one_part_the_interval_is_wilsons():
    assert ends(weighted([Part(ALL, 5, 90)])) == pytest.approx(wilson(5, 90))


def test_of_a_difference_it_is_newcombes():
    """56 of 70 less 48 of 80: 0.20, 0.0524 to 0.3339 (Newcombe 1998, table II a, method 10)."""
    found = weighted([Part(1, 56, 70), Part(-1, 48, 80)])

    assert found.share == pytest.approx(0.2)
    assert ends(found) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_by_hand_seven_in_ten_calls_at_a_quarter_and_three_at_three_quarters():
    """Wilson: 10 of 40 is 0.14187 to 0.40194, 15 of 20 is 0.53130 to 0.88814.

    Below: sqrt((0.7 x 0.10813)² + (0.3 x 0.21870)²) = 0.10017; above: sqrt((0.7 x 0.15194)² +
    (0.3 x 0.13814)²) = 0.11413.
    """
    found = post_stratified([(700, 40, 10), (300, 20, 15)])

    assert found.share == pytest.approx(0.4)
    assert ends(found) == pytest.approx((0.29983, 0.51413), abs=5e-5)


def test_a_class_without_calls_counts_for_nothing():
    two = post_stratified([(700, 40, 10), (300, 20, 15)])

    assert post_stratified([(700, 40, 10), (300, 20, 15), (0, 0, 0)]) == two


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([(700, 40, 10), (300, 0, 0)], id="a class of which none was heard"),
        pytest.param([(0, 0, 0)], id="no calls"),
        pytest.param([], id="no class"),
    ],
)
def test_there_is_no_share_where_nothing_is_known_of_some(counts):
    assert post_stratified(counts) is None


def test_the_interval_stays_between_nought_and_one():
    low, high = post_stratified([(9, 2, 0), (1, 2, 0)]), post_stratified([(9, 2, 2), (1, 2, 2)])

    assert (low.share, low.lower) == (0, 0)
    assert (high.share, high.upper) == (1, 1)


def test_strata_count_by_their_calls_not_by_how_many_were_heard():
    """A stratum of 900 with 5 of 10 and one of 100 with 10 of 10: 0.9 x 0.5 + 0.1."""
    found = stratified([(900, 10, 10, 5), (100, 10, 10, 10)])

    assert found.share == pytest.approx(0.55)


def test_an_item_that_applies_to_half_of_a_stratum_counts_by_half_of_it():
    """900 calls of which half, and 100 of which all: (450 x 0.4 + 100 x 1) / 550."""
    found = stratified([(900, 10, 5, 2), (100, 10, 10, 10)])

    assert found.share == pytest.approx(280 / 550)


def test_of_an_undivided_frame_it_is_the_plain_share():
    found = stratified([(1000, 60, 50, 30)])

    assert (found.share, *ends(found)) == pytest.approx((0.6, *wilson(30, 50)))


@pytest.mark.parametrize(
    "strata",
    [
        pytest.param([(900, 10, 10, 5), (100, 0, 0, 0)], id="a stratum of which none was heard"),
        pytest.param([(900, 10, 0, 0)], id="an item that applies to none"),
        pytest.param([], id="no stratum"),
    ],
)
def test_there_is_no_share_where_a_stratum_says_nothing(strata):
    assert stratified(strata) is None


@pytest.mark.soak
def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Four truths, 2,000 samples of 60 each: the interval covers 93 % or more, and not always."""
    chance = random.Random(20261130)  # noqa: S311 - a simulation
    for coded, caught, missed in (
        (0.3, 0.8, 0.1),
        (0.5, 0.9, 0.2),
        (0.2, 0.95, 0.05),
        (0.4, 0.6, 0.3),
    ):
        truth, held, told = coded * caught + (1 - coded) * missed, 0, 0
        for _ in range(2_000):
            heard = [chance.random() < coded for _ in range(60)]
            counts = [
                (
                    round(100_000 * (coded if kind else 1 - coded)),
                    heard.count(kind),
                    sum(
                        chance.random() < (caught if kind else missed)
                        for one in heard
                        if one is kind
                    ),
                )
                for kind in (True, False)
            ]
            found = post_stratified(counts)
            told += found is not None
            held += found is not None and found.lower <= truth <= found.upper
        assert 0.93 <= held / told <= 0.99
