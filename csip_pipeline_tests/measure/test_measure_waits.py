"""Waits are told as they are: every band, the middle with its interval, and those who gave up."""

import numpy as np
import pytest
from given import contacts, legs, rebuilt, standards
from statsmodels.duration.survfunc import SurvfuncRight

from csip_pipeline.measure import service_levels
from csip_pipeline.measure.intervals import median_interval
from csip_pipeline.measure.service_levels import BANDS


@pytest.fixture
def rng():
    return np.random.default_rng(2016)


def levels(con, **wanted):
    """The rows of the clock end_to_end at the level channel, or as wanted."""
    table = rebuilt(con, service_levels.TABLE)
    wanted = {"clock": "end_to_end", "level": "channel", **wanted}
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table.reset_index(drop=True)


def only(con, **wanted):
    (row,) = levels(con, **wanted).to_dict("records")
    return row


def answered(*waits, **more):
    return [{"wait_seconds": wait, **more} for wait in waits]


def gave_up(*waits, **more):
    return [{"wait_seconds": wait, "outcome": "abandoned", **more} for wait in waits]


@pytest.mark.parametrize(
    ("wait", "band"),
    [
        (0, "waits_under_10_seconds"),
        (9.999, "waits_under_10_seconds"),
        (10, "waits_10_to_60_seconds"),
        (59.999, "waits_10_to_60_seconds"),
        (60, "waits_1_to_5_minutes"),
        (299.999, "waits_1_to_5_minutes"),
        (300, "waits_5_to_10_minutes"),
        (599.999, "waits_5_to_10_minutes"),
        (600, "waits_10_to_20_minutes"),
        (1199.999, "waits_10_to_20_minutes"),
        (1200, "waits_20_minutes_or_more"),
        (None, "waits_unknown"),
    ],
)
def test_a_wait_is_in_exactly_one_band(con, wait, band):
    contacts(con, *answered(wait), *gave_up(wait))

    found = only(con)

    assert {name: found[name] for name in BANDS} == {name: int(name == band) for name in BANDS}


def test_percentiles_are_those_of_duckdb(con, rng):
    waits = [*rng.exponential(200, 83).round(3).tolist(), *rng.integers(0, 40, 40).tolist()]
    contacts(con, *answered(*waits), *gave_up(1, 2, 3))

    found = only(con)

    for name, share in (("median", 0.5), ("p90", 0.9), ("p95", 0.95)):
        expected = np.quantile(waits, share)
        assert found[f"{name}_wait_seconds"] == pytest.approx(expected, rel=1e-12), name
    assert found["mean_wait_seconds"] == pytest.approx(np.mean(waits), rel=1e-12)
    assert found["longest_wait_seconds"] == max(waits)


@pytest.mark.parametrize("n", [1, 5, 6, 19, 20, 21, 200])
def test_the_medians_interval_is_two_of_the_waits_in_order(con, n):
    contacts(con, *answered(*range(100, 100 + n)), *gave_up(7, 9999))

    found = only(con)

    bounds = [found["median_wait_seconds_lower"], found["median_wait_seconds_upper"]]
    ranks = median_interval(n)
    if ranks is None:
        assert all(np.isnan(bounds))
    else:
        assert bounds == [99 + rank for rank in ranks]


@pytest.mark.parametrize(
    ("n", "ranks"), [(5, None), (6, (1, 6)), (10, (2, 9)), (19, (5, 15)), (20, (6, 15))]
)
def test_the_ranks_are_the_published_ones(n, ranks):
    assert median_interval(n) == ranks


def test_the_ranks_of_millions_are_found_at_once():
    lower, upper = median_interval(3_500_000)

    assert lower == pytest.approx(1_750_000 - 0.98 * 3_500_000**0.5, abs=2)
    assert upper == 3_500_001 - lower


def test_whoever_gave_up_is_a_wait_cut_short(con):
    """Of four, one is answered at 10; of the two left at 30, one; the last one gives up at 40."""
    contacts(con, *answered(10, 30), *gave_up(20, 40))

    found = only(con)

    assert found["median_wait_seconds"] == 20
    assert found["median_wait_of_offered_seconds"] == 30
    assert np.isnan(found["p90_wait_of_offered_seconds"])


def test_at_the_same_second_the_answer_comes_first(con):
    contacts(con, *answered(10), *gave_up(10))

    assert only(con)["median_wait_of_offered_seconds"] == 10


def test_nobody_answered_has_no_wait(con):
    contacts(con, *gave_up(3, 5))

    found = only(con)

    assert found["abandoned"] == 2
    for name in ("mean_wait_seconds", "median_wait_seconds", "median_wait_of_offered_seconds"):
        assert np.isnan(found[name]), name


@pytest.mark.parametrize("share_giving_up", [0, 0.2, 0.6])
def test_the_curve_is_that_of_a_statistics_package(con, rng, share_giving_up):
    waits = rng.integers(0, 60, 300).tolist()
    has_given_up = rng.random(300) < share_giving_up
    contacts(
        con,
        *answered(*(wait for wait, gone in zip(waits, has_given_up, strict=True) if not gone)),
        *gave_up(*(wait for wait, gone in zip(waits, has_given_up, strict=True) if gone)),
    )

    found = only(con)

    curve = SurvfuncRight(waits, (~has_given_up).astype(int))
    for name, left in (("median", 0.5), ("p90", 0.1)):
        reached = curve.surv_times[curve.surv_prob <= left + 1e-12]
        expected = reached[0] if len(reached) else None
        value = found[f"{name}_wait_of_offered_seconds"]
        assert (None if np.isnan(value) else value) == expected, name


def test_what_is_hidden_is_the_wait_beyond_the_first_queue(con):
    contacts(
        con,
        {"wait_seconds": 100, "first_queue_wait_seconds": 30, "legs": 2},
        {"wait_seconds": 20, "first_queue_wait_seconds": 20},
        {"wait_seconds": 500, "first_queue_wait_seconds": None},
        *gave_up(900, first_queue_wait_seconds=1),
    )

    found = only(con)

    assert (found["mean_first_queue_wait_seconds"], found["mean_hidden_wait_seconds"]) == (25, 35)
    assert found["hidden_wait_share"] == pytest.approx(70 / 120)


def test_a_stay_in_a_queue_hides_nothing(con):
    legs(con, {"wait_seconds": 30})

    assert np.isnan(only(con, clock="queue")["mean_hidden_wait_seconds"])


@pytest.mark.parametrize(
    ("received_at", "weekday", "hour"),
    [
        pytest.param("2026-01-05 09:59:59", 1, 9, id="a Monday in winter"),
        pytest.param("2026-07-05 23:30", 1, 0, id="Sunday in UTC, Monday in a London summer"),
        pytest.param("2026-03-29 01:00", 7, 2, id="as the clocks go forward"),
        pytest.param("2026-10-25 00:30", 7, 1, id="the first pass of the repeated hour"),
        pytest.param("2026-10-25 01:30", 7, 1, id="its second pass"),
    ],
)
def test_an_hour_of_the_week_is_of_londons_clock(con, received_at, weekday, hour):
    contacts(con, {"received_at": received_at})

    for level in ("channel_hour", "line_hour"):
        found = only(con, level=level)
        assert (found["weekday"], found["hour"], found["offered"]) == (weekday, hour, 1)


def test_an_hour_of_the_week_has_all_that_a_line_has(con):
    standards(con, {"within_seconds": 60})
    monday, another, tuesday = "2026-01-05 09:10", "2026-01-12 09:50", "2026-01-06 09:10"
    contacts(
        con,
        *answered(10, 90, received_at=monday),
        *answered(20, received_at=another),
        *gave_up(5, received_at=another),
        *answered(300, received_at=tuesday),
    )

    hours = levels(con, level="line_hour").set_index("weekday")

    assert hours["offered"].to_dict() == {1: 4, 2: 1}
    assert hours["service_level"].to_dict() == {1: 0.5, 2: 0}
    assert hours["median_wait_seconds"].to_dict() == {1: 20, 2: 300}


def test_stays_in_a_queue_have_no_hours_of_the_week(con):
    legs(con, {})

    assert set(levels(con, clock="queue")["level"]) == {"channel"}
    assert rebuilt(con, service_levels.TABLE)["hour"].isna().all()
