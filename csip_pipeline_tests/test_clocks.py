"""A clock time is one moment, the same in Python as in DuckDB, also when the clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csip_pipeline import clocks

LONDON = "Europe/London"
ZONES = [
    LONDON,
    "Africa/Casablanca",  # a month of winter time around Ramadan
    "America/Havana",  # changes at midnight
    "Antarctica/Troll",  # by two hours
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",  # never; 5:45 ahead
]
INSTANTS = 100_000
YEARS = range(2024, 2031)
FIRST, LAST = (dt.datetime.combine(day, dt.time()) for day in (clocks.FIRST_DAY, clocks.LAST_DAY))
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as open_connection:
        yield open_connection


def last_sunday(year: int, month: int) -> dt.datetime:
    last = dt.datetime.fromisoformat(f"{year}-{month:02}-31")
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


CHANGES = [last_sunday(year, month) for year in YEARS for month in (3, 10)]
"""The days on which London's clocks change."""


def in_duckdb(con, times, zone):
    """What DuckDB makes of clock times: the first pass, the second, is_repeated, is_missing."""
    clocks.lay_out(con, "days", zone)
    clock = pa.array(times, pa.timestamp("us"))
    con.register("given_times", pa.table({"place": range(len(times)), "clock": clock}))
    doubts = ", ".join(doubt("clock", "days") for doubt in (clocks.repeated, clocks.missing))
    passes = ", ".join(clocks.utc("clock", "days", is_second) for is_second in ("false", "true"))
    found = con.execute(
        f"select {passes}, {doubts} from given_times "
        "left join days on clock_date = clock::date order by place"
    ).fetchall()
    con.unregister("given_times")
    return found


def in_python(times, zone):
    """The same in Python; that an hour is missing is told by the clock of the moment found."""
    told = []
    for clock in times:
        first = clocks.moment(clock, zone)
        second = clocks.moment(clock, zone, second_pass=True)
        shown = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        passes = (first.replace(tzinfo=None), second.replace(tzinfo=None))
        told.append((*passes, clocks.is_repeated(clock, zone), shown != clock))
    return told


def by_search(times, zone):
    """The same once more: by trying each offset that holds around the time, from UTC alone."""
    clock = pd.Series(times, dtype="datetime64[us]")
    day = pd.Timedelta(days=1)

    def local(utc):
        return utc.dt.tz_localize("UTC").dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None)

    earlier, later = (local(clock + by) - (clock + by) for by in (-day, day))
    tries = [clock - offset for offset in (earlier, later)]
    fits = [local(utc) == clock for utc in tries]
    both = fits[0] & fits[1]
    # in no pass: the clock is read as if it had not changed yet
    single = tries[0].where(fits[0] | ~fits[1], tries[1])
    smaller = np.minimum(*tries)
    larger = np.maximum(*tries)
    first, second = single.where(~both, smaller), single.where(~both, larger)
    passes = (pass_.dt.to_pydatetime() for pass_ in (first, second))
    return list(zip(*passes, both & (smaller != larger), ~(fits[0] | fits[1]), strict=True))


@pytest.mark.parametrize("zone", ZONES)
def test_python_duckdb_and_a_search_agree_on_random_times(con, zone):
    random = np.random.default_rng(len(zone))
    seconds = random.integers(0, int((LAST - FIRST).total_seconds()), INSTANTS // len(ZONES) + 1)
    times = [FIRST + dt.timedelta(seconds=int(second)) for second in seconds]

    expected = by_search(times, zone)

    assert in_python(times, zone) == expected
    assert in_duckdb(con, times, zone) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_they_agree_on_every_minute_of_the_days_around_every_change(con, zone):
    days = [FIRST.replace(year=2024) + dt.timedelta(days=day) for day in range(7 * 365 + 2)]
    offsets = [day.replace(tzinfo=ZoneInfo(zone)).utcoffset() for day in days]
    changing = [
        day for day, one, other in zip(days, offsets, offsets[1:], strict=False) if one != other
    ]
    step = 1 if zone == LONDON else 10
    times = [day + MINUTE * minute for day in changing for minute in range(-60, 1500, step)]

    expected = by_search(times, zone)

    assert (zone == LONDON) <= (changing == CHANGES)
    assert in_python(times, zone) == expected
    assert in_duckdb(con, times, zone) == expected


@pytest.mark.parametrize("day", CHANGES, ids=lambda day: f"{day:%Y-%m-%d}")
def test_an_hour_is_missing_in_spring_and_comes_twice_in_autumn(con, day):
    times = [day + MINUTE * minute for minute in range(1440)]
    found = in_duckdb(con, times, LONDON)
    hour = times[60:120]

    repeated = [time for time, told in zip(times, found, strict=True) if told[2]]
    missing = [time for time, told in zip(times, found, strict=True) if told[3]]

    assert (repeated, missing) == ((hour, []) if day.month == 10 else ([], hour))
    moments = [told[0] for told in found]
    assert moments == sorted(moments) or day.month == 3
    if day.month == 3:  # moved forward: 01:30 is 02:30 by the clock that holds
        assert moments[60:120] == moments[120:180] == hour


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC)), st.sampled_from(ZONES))
def test_a_moment_comes_back_from_what_the_clock_shows_of_it(moment, zone):
    local = moment.astimezone(ZoneInfo(zone))

    clock = local.replace(tzinfo=None, fold=0)

    assert clocks.moment(clock, zone, second_pass=bool(local.fold)) == moment


@pytest.mark.parametrize(
    ("zone", "clock", "moment"),
    [
        pytest.param(LONDON, "2026-03-29 00:59", "2026-03-29 00:59", id="before the hour"),
        pytest.param(LONDON, "2026-03-29 01:30", "2026-03-29 01:00", id="in the missing hour"),
        pytest.param(LONDON, "2026-03-29 02:00", "2026-03-29 01:00", id="at its end"),
        pytest.param(LONDON, "2026-10-25 01:30", "2026-10-25 00:30", id="in the repeated hour"),
        pytest.param("Europe/Dublin", "2026-10-25 01:30", "2026-10-25 00:30", id="in Dublin"),
        pytest.param("America/Havana", "2026-03-08 00:30", "2026-03-08 05:00", id="no midnight"),
    ],
)
def test_what_a_clock_never_shows_it_passes_as_it_goes_forward(zone, clock, moment):
    (found,) = clocks.reached(pd.Series([pd.Timestamp(clock)]), zone)

    assert found == pd.Timestamp(moment, tz="UTC")
