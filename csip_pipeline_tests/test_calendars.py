"""A moment belongs to one London month, and a clock time to one moment, also when clocks change."""

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csip_pipeline import calendars
from csip_pipeline.refusals import RefusedError

LONDON = ZoneInfo("Europe/London")
YEARS = range(2024, 2031)
FIRST, LAST = map(dt.datetime.fromisoformat, ("2000-01-01", "2037-12-31"))


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as open_connection:
        yield open_connection


def last_sunday(year: int, month: int) -> dt.date:
    last = dt.date(year, month, 31)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def clock(day: dt.date, *times: str) -> pd.Series:
    return pd.Series(pd.to_datetime([f"{day} {time}" for time in times]))


def utc(moments: pd.Series) -> list[str]:
    return moments.dt.strftime("%H:%M").tolist()


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("month", [3, 10], ids=["spring", "autumn"])
def test_every_minute_of_the_clock_changes_agrees_with_the_time_zone_database(year, month):
    midnight = dt.datetime.combine(last_sunday(year, month), dt.time())
    naive = [midnight + dt.timedelta(minutes=minute) for minute in range(0, 240, 5)]

    localised = calendars.localise(pd.Series(naive), "Europe/London")

    expected = [time.replace(tzinfo=LONDON, fold=0).astimezone(dt.UTC) for time in naive]
    assert localised.moments.dt.to_pydatetime().tolist() == expected
    changed = (localised.repeated_hour, localised.missing_hour)
    assert changed == ((0, 12) if month == 3 else (12, 0))


@pytest.mark.parametrize("year", YEARS)
def test_rows_in_order_take_the_second_pass_from_where_the_clock_jumps_back(year):
    times = clock(last_sunday(year, 10), "00:50", "01:05", "01:59", "01:02", "01:58", "02:00")

    moments = calendars.localise(times, "Europe/London", in_order=True).moments

    assert utc(moments) == ["23:50", "00:05", "00:59", "01:02", "01:58", "02:00"]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param(["01:30", "01:27"], ["00:30", "00:27"], id="a little out of order"),
        pytest.param(["01:30", "01:24"], ["00:30", "01:24"], id="six minutes back: the change"),
        pytest.param(["01:10", "01:20"], ["00:10", "00:20"], id="no sign of a jump"),
        pytest.param(["01:50", "", "01:10"], ["00:50", "", "01:10"], id="with a time missing"),
    ],
)
def test_only_a_clear_jump_back_means_that_the_clocks_went_back(times, expected):
    given_times = [f"2026-10-25 {time}" if time else None for time in times]

    moments = calendars.localise(
        pd.Series(pd.to_datetime(given_times)), "Europe/London", in_order=True
    ).moments

    assert utc(moments.dropna()) == [time for time in expected if time]


def test_a_time_that_cannot_come_before_another_takes_the_second_pass():
    begun = pd.Series(pd.to_datetime(["2026-10-25 00:50", "2026-10-25 00:05"], utc=True))
    ended = clock(dt.date(2026, 10, 25), "01:10", "01:10")

    moments = calendars.localise(ended, "Europe/London", not_before=begun).moments

    assert utc(moments) == ["01:10", "00:10"]


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(st.datetimes(FIRST, LAST), min_size=1))
def test_duckdb_puts_a_moment_in_the_same_london_month(con, naive):
    moments = pd.Series(pd.to_datetime(naive, utc=True)).astype("datetime64[us, UTC]")
    con.register("moments", pd.DataFrame({"moment": moments}))
    months = con.execute(
        "select date_trunc('month', timezone('Europe/London', moment))::date from moments"
    ).fetchall()

    assert calendars.london_month(moments).dt.date.tolist() == [month for (month,) in months]


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.datetimes(FIRST, LAST, timezones=st.just(dt.UTC)))
def test_a_clock_that_is_not_doubtful_comes_back_to_its_moment(moment):
    moment = moment.replace(microsecond=0)
    local = moment.astimezone(LONDON)
    localised = calendars.localise(pd.Series([local.replace(tzinfo=None)]), "Europe/London")

    assert localised.missing_hour == 0
    if not localised.repeated_hour:
        assert localised.moments[0] == moment


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        pytest.param("2026-04-30T22:59:59Z", "2026-04-01", id="before midnight in summer"),
        pytest.param("2026-04-30T23:00:00Z", "2026-05-01", id="midnight in summer"),
        pytest.param("2026-12-31T23:59:59Z", "2026-12-01", id="before midnight in winter"),
    ],
)
def test_a_month_begins_at_midnight_in_london(moment, month):
    assert calendars.london_month(pd.Series(pd.to_datetime([moment], utc=True)))[0] == pd.Timestamp(
        month
    )


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        pytest.param("2026-10-31", "2027-01-01", ["10", "11", "12", "01"], id="over a new year"),
        pytest.param("2026-10-01", "2026-10-31", ["10"], id="one month"),
        pytest.param("2026-10-02", "2026-10-01", [], id="backwards"),
    ],
)
def test_months_between_two_days(first, last, months):
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)

    assert [f"{month:%m}" for month in calendars.months_between(*days)] == months


def test_cycles_are_read_in_order_with_their_months(tmp_path):
    path = tmp_path / "panel_cycles.csv"
    path.write_text(
        "cycle,title,starts_on,ends_on,meeting_on\n"
        "B,Later,2026-04-01,2026-06-30,2026-07-23\n"
        "A,Sooner,2026-01-01,2026-03-31,2026-04-23\n"
    )

    cycles = calendars.read_cycles(path)

    assert [cycle.cycle for cycle in cycles] == ["A", "B"]
    assert [month.month for month in cycles[0].months] == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(None, "is missing from the reference folder", id="no file"),
        pytest.param("cycle,title,starts_on,ends_on,meeting_on\n", "has no rows", id="no rows"),
        pytest.param("cycle,title\nA,B\n", "needs the columns", id="columns missing"),
        pytest.param(
            "cycle,title,starts_on,ends_on,meeting_on\nA,B,01/04/2026,x,y\n",
            "dates written YYYY-MM-DD",
            id="another date format",
        ),
    ],
)
def test_cycles_that_cannot_be_read_are_refused(tmp_path, content, told):
    path = tmp_path / "panel_cycles.csv"
    if content is not None:
        path.write_text(content)

    with pytest.raises(RefusedError, match=told):
        calendars.read_cycles(path)
