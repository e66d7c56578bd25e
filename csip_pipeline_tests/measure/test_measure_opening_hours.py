"""Under a calendar a clock runs in opening hours only, counted in real time, whatever the season.

Moments are UTC. 5 January 2026 is a Monday in winter, when that is also the time in London.
"""

import pandas as pd
import pytest
from given import contacts, opening_hours, rebuilt, standards, the_one

from csip_pipeline.measure import response_times

FOUR_HOURS = 4 * 3600
DESK = {"channel": "web_form", "clock": "first_response", "calendar": "desk"}
LONG_AGO = "2020-01-01"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
EVERY_DAY = (*WEEKDAYS, "saturday", "sunday")


def week(con, *hours, days=WEEKDAYS, **row):
    """A desk that is open in these hours of each weekday: nine to five."""
    given = hours or (("09:00", "17:00"),)
    opening_hours(
        con,
        *(
            {"day": day, "opens": opens, "closes": closes, **row}
            for day in days
            for opens, closes in given
        ),
    )


def only(con, received_at, responded_at=None, *, within_seconds=FOUR_HOURS, **row):
    standards(con, {**DESK, "within_seconds": within_seconds, "applies_from_on": LONG_AGO})
    times = {"received_at": received_at, "responded_at": responded_at}
    contacts(con, {"channel": "web_form", **times, **row})
    return the_one(rebuilt(con, response_times.TABLE))


def at(moment):
    return f"{moment:%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("responded_at", "status", "clock_seconds"),
    [
        pytest.param("2026-01-06 10:59:59", "met", FOUR_HOURS - 1, id="a second before"),
        pytest.param("2026-01-06 11:00:00", "met", FOUR_HOURS, id="exactly on the standard"),
        pytest.param("2026-01-06 11:00:01", "missed", FOUR_HOURS + 1, id="one second over"),
        pytest.param("2026-01-05 20:00:00", "met", 7200, id="while closed: as at the close"),
        pytest.param(None, "missed", None, id="never answered"),
    ],
)
def test_a_clock_stands_still_overnight(con, responded_at, status, clock_seconds):
    week(con)

    found = only(con, "2026-01-05 15:00", responded_at)

    assert (found["status"], found["clock_seconds"]) == (status, clock_seconds)
    assert at(found["due_at"]) == "01-06 11:00:00"
    assert (found["within_seconds"], found["calendar"]) == (FOUR_HOURS, "desk")


@pytest.mark.parametrize(
    ("received_at", "due_at"),
    [
        pytest.param("2026-01-05 08:59:59", "01-05 13:00:00", id="a second before it opens"),
        pytest.param("2026-01-05 09:00:00", "01-05 13:00:00", id="as it opens"),
        pytest.param("2026-01-05 13:00:00", "01-05 17:00:00", id="due exactly at the close"),
        pytest.param("2026-01-05 13:00:01", "01-06 09:00:01", id="due a second after the close"),
        pytest.param("2026-01-05 17:00:00", "01-06 13:00:00", id="as it closes"),
        pytest.param("2026-01-05 23:00:00", "01-06 13:00:00", id="in the night"),
        pytest.param("2026-01-02 16:00:00", "01-05 12:00:00", id="over a weekend"),
        pytest.param("2026-01-03 12:00:00", "01-05 13:00:00", id="on a Saturday"),
    ],
)
def test_a_clock_that_starts_while_closed_starts_at_the_next_opening(con, received_at, due_at):
    week(con)

    assert at(only(con, received_at)["due_at"]) == due_at


def test_what_is_due_at_once_is_due_at_the_next_opening(con):
    week(con)

    assert at(only(con, "2026-01-05 20:00", within_seconds=0)["due_at"]) == "01-06 09:00:00"


@pytest.mark.parametrize(
    ("extracted_at", "status"),
    [
        pytest.param("2026-01-05 17:00:00", "pending", id="as it closes"),
        pytest.param("2026-01-06 09:00:00", "pending", id="as it opens again"),
        pytest.param("2026-01-06 09:00:01", "missed", id="a second into the next day"),
    ],
)
def test_what_is_due_at_the_close_is_missed_once_open_again(con, extracted_at, status):
    week(con)

    found = only(con, "2026-01-05 13:00", extracted_at=extracted_at)

    assert (found["status"], at(found["due_at"])) == (status, "01-05 17:00:00")


@pytest.mark.parametrize(
    ("received_at", "due_at"),
    [
        pytest.param("2026-01-05 11:00", "01-05 16:00:00", id="over the midday closing"),
        pytest.param("2026-01-05 12:30", "01-05 17:00:00", id="received in it"),
        pytest.param("2026-01-05 16:00", "01-06 12:00:00", id="over the night"),
    ],
)
def test_a_day_may_have_several_intervals(con, received_at, due_at):
    week(con, ("13:00", "17:00"), ("09:00", "12:00"))

    assert at(only(con, received_at)["due_at"]) == due_at


@pytest.mark.parametrize(
    ("received_at", "due_at"),
    [
        pytest.param("2026-04-02 15:00", "04-07 11:00:00", id="Good Friday, Easter Monday"),
        pytest.param("2026-12-24 16:00", "12-29 12:00:00", id="Christmas and the substitute day"),
        pytest.param("2026-05-04 10:00", "05-05 12:00:00", id="received on one"),
    ],
)
def test_a_calendar_is_closed_on_bank_holidays(con, received_at, due_at):
    week(con)

    assert at(only(con, received_at)["due_at"]) == due_at


def test_the_hours_of_a_bank_holiday_take_the_place_of_the_weekdays(con):
    week(con)
    opening_hours(con, {"day": "bank_holiday", "opens": "10:00", "closes": "11:00"})

    # an hour of 4 May in British Summer Time, then three of 5 May
    assert at(only(con, "2026-05-04 05:00")["due_at"]) == "05-05 11:00:00"


@pytest.mark.parametrize(
    ("received_at", "responded_at", "clock_seconds"),
    [
        pytest.param("2026-03-29 00:00", "2026-03-29 23:00", 23 * 3600, id="the short day"),
        pytest.param("2026-10-24 23:00", "2026-10-26 00:00", 25 * 3600, id="the long day"),
        pytest.param("2026-03-28 22:00", "2026-03-30 01:00", 27 * 3600, id="over the short day"),
    ],
)
def test_a_day_is_as_long_as_it_is_when_the_clocks_change(
    con, received_at, responded_at, clock_seconds
):
    week(con, ("00:00", "24:00"), days=EVERY_DAY)

    found = only(con, received_at, responded_at)

    assert found["clock_seconds"] == clock_seconds


@pytest.mark.parametrize(
    ("hours", "received_at", "due_at"),
    [
        pytest.param(
            ("01:30", "05:00"), "2026-03-29 00:00", "03-29 01:01:00", id="opens in no hour"
        ),
        pytest.param(
            ("00:00", "01:30"), "2026-03-29 00:59:30", "03-29 23:00:30", id="closes in no hour"
        ),
        pytest.param(
            ("01:30", "05:00"), "2026-10-25 00:00", "10-25 00:31:00", id="opens in the double hour"
        ),
        pytest.param(
            ("00:00", "01:30"), "2026-10-25 00:29:30", "10-26 00:00:30", id="closes in it"
        ),
    ],
)
def test_an_hour_that_never_comes_or_comes_twice_is_passed_once(con, hours, received_at, due_at):
    week(con, hours, days=EVERY_DAY)

    assert at(only(con, received_at, within_seconds=60)["due_at"]) == due_at


@pytest.mark.parametrize(
    ("received_at", "due_at"),
    [
        pytest.param("2026-01-05 10:00", "01-05 18:00:00", id="in winter"),
        pytest.param("2026-07-06 10:00", "07-06 17:00:00", id="in summer"),
    ],
)
def test_a_calendar_keeps_the_time_of_its_own_zone(con, received_at, due_at):
    week(con, zone="America/New_York")

    assert at(only(con, received_at)["due_at"]) == due_at


def test_opening_hours_follow_the_london_clock_in_summer(con):
    week(con)

    assert at(only(con, "2026-07-06 07:00")["due_at"]) == "07-06 12:00:00"


def test_the_suppliers_due_time_wins_over_a_calendar(con):
    week(con)
    standards(con, {**DESK, "clock": "resolution", "within_seconds": 60})
    late = {"resolved_at": "2026-01-05 20:00", "target_at": "2026-01-05 19:59"}
    contacts(con, {"channel": "web_form", "received_at": "2026-01-05 18:59", **late})

    found = the_one(rebuilt(con, response_times.TABLE))

    assert (found["status"], found["within_seconds"]) == ("missed", 3600)
    assert (found["clock_seconds"], found["calendar"]) == (3660, None)


def test_a_chat_waits_in_opening_hours(con):
    week(con)
    standards(con, {"channel": "web_chat", "calendar": "desk", "within_seconds": 120})
    contacts(
        con,
        {"channel": "web_chat", "received_at": "2026-01-05 16:59", "wait_seconds": 57_600},
        {"channel": "web_chat", "received_at": "2026-01-05 16:59", "wait_seconds": 57_721},
        {"channel": "web_chat", "received_at": "2026-01-05 16:59", "wait_seconds": None},
    )

    found = rebuilt(con, response_times.TABLE).sort_values("contact_id")

    assert found["status"].tolist() == ["met", "missed", "excluded"]
    assert found["clock_seconds"].tolist()[:2] == [60, 121]


@pytest.mark.parametrize(
    ("received_at", "row", "status"),
    [
        pytest.param("2023-12-29 12:00", {}, "excluded", id="received before them"),
        pytest.param("2029-12-31 16:00", {}, "excluded", id="due after them"),
        pytest.param("2029-12-31 09:00", {}, "excluded", id="seen until after them"),
        pytest.param(
            "2029-12-31 09:00", {"responded_at": "2029-12-31 12:00"}, "met", id="within them"
        ),
        pytest.param("2029-12-31 17:00", {}, "excluded", id="received as they end"),
    ],
)
def test_beyond_the_days_laid_out_nothing_is_judged(con, received_at, row, status):
    week(con)

    found = only(con, received_at, extracted_at="2030-02-01", **row)

    assert found["status"] == status
    because = "its opening hours are not known for these days" if status == "excluded" else None
    assert found["excluded_because"] == because


def test_a_calendar_that_is_never_laid_out_excludes(con):
    assert only(con, "2026-01-05 10:00")["status"] == "excluded"


def test_a_calendar_bears_on_its_own_standard_only(con):
    week(con)
    standards(con, DESK, {"channel": "web_form", "clock": "resolution", "within_seconds": 3600})
    done = "2026-01-05 18:00"
    contacts(
        con,
        {
            "channel": "web_form",
            "received_at": "2026-01-05 16:30",
            "responded_at": done,
            "resolved_at": done,
            "paused_seconds": 900,
        },
    )

    found = rebuilt(con, response_times.TABLE).set_index("clock")

    assert found["clock_seconds"].to_dict() == {"first_response": 1800, "resolution": 5400}
    assert found["calendar"].dropna().to_dict() == {"first_response": "desk"}
    assert found["paused_seconds"].dropna().to_dict() == {"resolution": 900}
    assert found.loc["resolution", "status"] == "missed"
    assert found.loc["resolution", "due_at"] == pd.Timestamp("2026-01-05 17:30", tz="UTC")
