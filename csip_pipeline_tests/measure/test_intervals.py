"""An interval says how far chance alone could have moved a share or a median."""

import pytest

from csip_pipeline.measure.intervals import (
    median_coverage,
    median_interval,
    median_rank,
    wilson,
)

TRIALS = (1, 2, 3, 7, 20, 90, 1000, 250_000)
GRID = [(successes, n) for n in TRIALS for successes in {0, 1, n // 3, n // 2, n - 1, n}]


@pytest.mark.parametrize(
    ("successes", "n", "lower", "upper"),
    [
        pytest.param(5, 90, 2.40, 12.35, id="5 of 90, as OHID's guidance prints it"),
        pytest.param(18, 20, 69.9, 97.2, id="18 of 20"),
        pytest.param(27, 30, 74.4, 96.5, id="27 of 30"),
        pytest.param(54, 60, 79.9, 95.3, id="54 of 60"),
        pytest.param(0, 20, 0, 16.1, id="none of 20"),
        pytest.param(20, 20, 83.9, 100, id="all of 20"),
    ],
)
def test_wilson_gives_the_published_percentages(successes, n, lower, upper):
    below, above = wilson(successes, n)

    assert 100 * below == pytest.approx(lower, abs=0.05 if n < 90 else 0.005)
    assert 100 * above == pytest.approx(upper, abs=0.05 if n < 90 else 0.005)


def test_more_confidence_is_a_wider_interval():
    lower, upper = wilson(18, 20)
    lowest, highest = wilson(18, 20, confidence=0.998)

    assert lowest < lower < 18 / 20 < upper < highest


def test_nobody_offered_has_no_interval():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("successes", "n"),
    [
        pytest.param(2, 1, id="more successes than trials"),
        pytest.param(-1, 1, id="fewer than none"),
        pytest.param(0, -1, id="a negative number of trials"),
    ],
)
def test_counts_that_cannot_be_are_refused(successes, n):
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson(successes, n)


def test_queries_and_python_compute_the_same_interval(con):
    computed = [
        con.execute(
            "select wilson_lower($s, $n), wilson_upper($s, $n)", {"s": s, "n": n}
        ).fetchone()
        for s, n in GRID
    ]

    for found, (successes, n) in zip(computed, GRID, strict=True):
        assert found == pytest.approx(wilson(successes, n), abs=1e-12)


@pytest.mark.parametrize(
    ("successes", "n"),
    [
        pytest.param("0", "0", id="nobody offered"),
        pytest.param("null", "null", id="neither count is known"),
        pytest.param(
            "null",
            "5",
            id="how many were in time is not known",
        ),
    ],
)
def test_queries_give_what_is_not_known_no_interval(con, successes, n):
    query = f"select wilson_lower({successes}, {n}), wilson_upper({successes}, {n})"

    assert con.execute(query).fetchone() == (None, None)


@pytest.mark.parametrize(
    ("n", "ranks", "coverage"),
    [
        pytest.param(20, (6, 15), 95.9, id="20 values"),
        pytest.param(19, (5, 15), 98.1, id="19 values"),
        pytest.param(10, (2, 9), 97.9, id="10 values"),
        pytest.param(6, (1, 6), 96.9, id="6 values, the fewest that have one"),
    ],
)
def test_the_median_lies_between_two_ranks(n, ranks, coverage):
    assert median_interval(n) == ranks
    assert 100 * median_coverage(n, ranks[0]) == pytest.approx(coverage, abs=0.05)


@pytest.mark.parametrize("n", range(6, 60))
def test_the_ranks_are_the_narrowest_that_cover(n):
    lower, upper = median_interval(n)

    assert upper == n + 1 - lower
    assert median_coverage(n, lower) >= 0.95 > median_coverage(n, lower + 1)


@pytest.mark.parametrize("n", range(6))
def test_too_few_values_have_no_interval_of_the_median(n):
    assert median_interval(n) is None


def test_queries_and_python_find_the_same_ranks_of_the_median(con):
    """Every n of small months, and some of each size up to millions."""
    some = sorted({*range(3000), *(int(10 ** (exponent / 50)) for exponent in range(175, 337))})
    query = "select n, median_rank(n) from (select unnest($some) as n)"

    found = dict(con.execute(query, {"some": some}).fetchall())

    assert some[-1] > 5_000_000
    assert found == {n: median_rank(n) for n in some}
