"""The day on which the clocks change has 23 or 25 hours, and the extracts show it."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest

from csip_pipeline.demo import clock, draws, emergency
from csip_pipeline.demo.world import World


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param("2026-03-28", 24, id="an ordinary day"),
        pytest.param("2026-03-29", 23, id="clocks go forward"),
        pytest.param("2025-10-26", 25, id="clocks go back"),
    ],
)
def test_calls_come_in_every_hour_that_there_is(day, hours):
    on = dt.date.fromisoformat(day)
    arrivals = draws.arrivals(draws.generator(7, on, "test"), on, [40.0] * 24)

    assert len({at // clock.HOUR for at in arrivals}) == hours
    assert {clock.london_day(at) for at in arrivals} == {on}


def test_the_hour_that_happens_twice_has_its_callers_twice():
    day = dt.date(2025, 10, 26)
    arrivals = draws.arrivals(draws.generator(7, day, "test"), day, [400.0] * 24)
    by_hour = Counter(clock.london_hour(at) for at in arrivals)

    assert 700 < by_hour[1] < 900
    assert 300 < by_hour[2] < 500


def test_the_999_table_never_shows_the_hour_that_is_missing():
    rows = emergency.rows(World(7, dt.date(2026, 3, 1), 0.3))
    hours = {start[11:13] for start in (row.split("\t")[2] for row in rows) if start[:2] == "29"}

    assert "01" not in hours
    assert {"00", "02"} <= hours


def test_the_999_table_shows_the_repeated_hour_twice():
    rows = emergency.rows(World(7, dt.date(2025, 10, 1), 1.0))
    starts = [row.split("\t")[2] for row in rows]
    night = [start[11:] for start in starts if start.startswith("26/10/2025 01:")]

    assert sum(earlier > later for earlier, later in pairwise(night)) == 1


@pytest.mark.parametrize(
    ("epoch", "shown"),
    [
        pytest.param(1_761_436_740, "26/10/2025 00:59:00", id="summer time"),
        pytest.param(1_761_440_400, "26/10/2025 01:00:00", id="second pass"),
        pytest.param(1_774_742_400, "29/03/2026 00:00:00", id="winter time"),
        pytest.param(1_774_746_000, "29/03/2026 02:00:00", id="straight after the gap"),
    ],
)
def test_london_clock_by_rule(epoch, shown):
    assert clock.to_the_second(epoch) == shown
