"""A gap is told: an extract late, missing or refused, and hours in which a busy system was silent.

A stretch of hours is told where chance alone would leave it empty less than once in 100,000 times.
"""

import datetime as dt

import pandas as pd
import pytest
from given import (
    MONTH,
    broken,
    intake,
    rebuilt,
    refusals,
    social,
    sources,
    telephony,
    the_one,
    web_chats,
    web_forms,
)

from csip_pipeline import monthly_tables
from csip_pipeline.extract import accounts, completeness

JANUARY = pd.date_range("2026-01-01", "2026-02-01", freq="h", inclusive="left", tz="UTC")
NIGHT = range(6)


def hours(con, month=MONTH):
    """The stretches of a month: from, to, how many contacts are usual then."""
    monthly_tables.rebuild(con, completeness.MISSING_HOURS, dt.date.fromisoformat(month))
    found = con.execute(
        "select began_at::varchar, ended_at::varchar, hours, round(expected_contacts, 2) "
        "from extract.missing_hours order by began_at, line"
    ).fetchall()
    return [(began[:13], ended[:13], lasted, usual) for began, ended, lasted, usual in found]


def every_hour(con, moments, number=4, **given):
    """A call at each of the moments, `number` times, all in one file that saw the whole month."""
    telephony(
        con,
        *(
            {"arrived_at": moment + pd.Timedelta(minutes=minute), **given}
            for moment in moments
            for minute in range(number)
        ),
    )


def seen(con, until="2026-12-01", **given):
    intake(con, {"feed": "telephony", "extracted_at": until, **given})


def arrivals(con):
    return rebuilt(con, completeness.ARRIVALS)


@pytest.mark.parametrize(
    ("made", "status"),
    [
        pytest.param("2026-02-01 05:00", "on_time", id="the morning after"),
        pytest.param("2026-02-05 23:59", "on_time", id="on the day"),
        pytest.param("2026-02-06 00:00", "late", id="the day after"),
    ],
)
def test_an_extract_is_late_when_its_first_version_was_made_after_it_was_due(con, made, status):
    sources(con, {"feed": "social"})
    intake(
        con,
        {"feed": "social", "file": "c", "extracted_at": "2026-03-02"},
        {"feed": "social", "file": "b", "extracted_at": "2026-03-01"},
        {"feed": "social", "file": "a", "extracted_at": made, "superseded": 1},
        {"feed": "social", "file": "of no use", "extracted_at": "2026-01-31", "quarantined": 1},
    )

    found = the_one(arrivals(con))
    assert (found["files"], found["status"]) == (2, status)
    assert found["due_on"] == pd.Timestamp("2026-02-05")
    assert broken(con, "extract/late_or_missing") == (status == "late")


def test_the_day_is_londons(con):
    sources(con, {"feed": "social", "due_day": 1})
    june = "2026-06-01"
    intake(con, {"feed": "social", "month": june, "extracted_at": "2026-07-01 23:30"})

    assert the_one(arrivals(con))["status"] == "late", "it is half past midnight on 2 July there"


@pytest.mark.parametrize(
    "file",
    [
        pytest.param({"feed": "web_forms"}, id="another feed came"),
        pytest.param({"feed": "social", "quarantined": 1}, id="no row of it could be used"),
        pytest.param({"feed": "social", "month": "2025-12-01"}, id="another month came"),
        pytest.param({"feed": "social", "source": "another"}, id="another system's came"),
    ],
)
def test_a_source_is_missing_while_no_row_of_it_is_accepted(con, file):
    sources(con, {"feed": "social"})
    intake(con, file)
    monthly_tables.rebuild(con, completeness.ARRIVALS, dt.date(2026, 1, 1))

    found = the_one(con.execute("from extract.arrivals").df())
    assert (found["source"], found["files"], found["first_extracted_at"]) == ("social", 0, None)
    assert found["status"] == "missing"
    assert broken(con, "extract/late_or_missing") == 1


def test_a_source_from_which_nothing_is_due_is_never_missing(con):
    sources(con, {"feed": "social", "due_day": 0})
    intake(con, {"feed": "web_forms"})

    assert arrivals(con).empty


@pytest.mark.parametrize("files", [(), ({"feed": "social"},)])
@pytest.mark.parametrize("due_day", [0, 5])
def test_a_refused_feed_is_told_with_the_files_that_its_month_rests_on(con, files, due_day):
    sources(con, {"feed": "social", "due_day": due_day})
    intake(con, *files)
    refusals(con, "social")

    found = the_one(arrivals(con))
    assert (found["status"], found["files"]) == ("refused", len(files))
    assert broken(con, "extract/refused_feeds") == 1
    assert broken(con, "extract/late_or_missing") == 0


def test_a_switch_that_logged_nothing_for_three_busy_hours_is_told_by_the_hour(con):
    outage = {pd.Timestamp(f"2026-01-13 {hour:02}:00", tz="UTC") for hour in (9, 10, 11)}
    every_hour(con, [hour for hour in JANUARY if hour not in outage])
    seen(con)

    assert hours(con) == [("2026-01-13 09", "2026-01-13 12", 3, 12.0)]
    assert broken(con, "extract/silent_stretches") == 1


def test_fewer_hours_than_chance_may_leave_empty_are_not_told(con):
    outage = {pd.Timestamp(f"2026-01-13 {hour:02}:00", tz="UTC") for hour in (9, 10)}
    every_hour(con, [hour for hour in JANUARY if hour not in outage])
    seen(con)

    assert hours(con) == []
    assert broken(con, "extract/silent_stretches") == 0


def test_each_line_is_judged_by_its_own_calls(con):
    outage = {pd.Timestamp(f"2026-01-13 {hour:02}:00", tz="UTC") for hour in (9, 10, 11)}
    every_hour(con, [hour for hour in JANUARY if hour not in outage], line="999")
    every_hour(con, JANUARY, line="101")
    seen(con)
    hours(con)

    assert con.execute("select feed, line from extract.missing_hours").fetchall() == [
        ("telephony", "999")
    ]


def test_hours_in_which_nobody_calls_are_not_missing_and_make_no_stretch_longer(con):
    open_hours = [hour for hour in JANUARY if hour.hour not in NIGHT and hour.weekday() < 5]
    outage = [hour for hour in open_hours if hour.day == 13]
    every_hour(con, [hour for hour in open_hours if hour not in outage])
    seen(con)

    assert hours(con) == [("2026-01-13 06", "2026-01-14 00", 18, 72.0)]


def test_a_quiet_weekend_is_compared_with_weekends(con):
    weekend = [hour for hour in JANUARY if hour.weekday() >= 5]
    every_hour(con, [hour for hour in JANUARY if hour.weekday() < 5])
    every_hour(con, [hour for hour in weekend if hour.hour == 12], number=1)
    seen(con)

    assert hours(con) == []


def test_whole_days_without_a_row_are_one_stretch(con):
    every_hour(con, [hour for hour in JANUARY if hour.day not in (13, 14)])
    seen(con)

    assert hours(con) == [("2026-01-13 00", "2026-01-15 00", 48, 192.0)]


def test_a_system_with_little_to_log_may_be_silent_for_days(con):
    every_hour(con, [hour for hour in JANUARY if hour.hour == 12 and hour.day % 6 == 1], number=1)
    seen(con)

    assert hours(con) == []


def test_hours_after_the_extract_are_not_missing_yet(con):
    every_hour(con, [hour for hour in JANUARY if hour.day < 20])
    seen(con, until="2026-01-20 02:30")

    assert hours(con) == []


def test_hours_until_the_extract_are_missing_where_the_log_was_cut_short(con):
    every_hour(con, [hour for hour in JANUARY if hour.day < 20])
    seen(con, until="2026-01-20 05:30")

    assert hours(con) == [("2026-01-20 00", "2026-01-20 05", 5, 20.0)]


def test_each_system_is_judged_as_far_as_its_own_extracts_had_seen(con):
    early = [hour for hour in JANUARY if hour.day < 20]
    every_hour(con, early, line="999", source_file="999.csv")
    every_hour(con, JANUARY, line="101", source_file="101.csv")
    seen(con, until="2026-01-20", source="999", file="999.csv")
    seen(con, until="2026-02-01", source="101", file="101.csv")

    assert hours(con) == []


def test_a_later_extract_of_the_same_system_without_a_row_shows_that_it_was_silent(con):
    every_hour(con, [hour for hour in JANUARY if hour.day < 20])
    seen(con, until="2026-01-20")
    seen(con, until="2026-02-01", file="another", received=0)
    con.execute("update extract.intake set received = 1, quarantined = 1 where file = 'another'")

    ((began, ended, lasted, _),) = hours(con)
    assert (began, ended, lasted) == ("2026-01-20 00", "2026-02-01 00", 288)


@pytest.mark.parametrize(
    ("month", "changes"),
    [
        pytest.param("2026-03-01", "2026-03-29 01:00", id="an hour that never happens"),
        pytest.param("2026-10-01", "2026-10-25 01:00", id="an hour that happens twice"),
    ],
)
def test_a_clock_change_is_no_gap_and_hides_none(con, month, changes):
    first = pd.Timestamp(month, tz="Europe/London")
    elapsed = pd.date_range(first, first + pd.offsets.MonthBegin(), freq="h", inclusive="left")
    change = pd.Timestamp(changes, tz="UTC")
    busy = [hour.tz_convert("UTC") for hour in elapsed]
    every_hour(con, busy, number=6)
    seen(con, month=month)
    assert hours(con, month) == []

    con.execute(
        "delete from extract.telephony where arrived_at >= $change "
        "and arrived_at < $change + interval 2 hour",
        {"change": change.to_pydatetime()},
    )
    ((began, _, lasted, usual),) = hours(con, month)
    assert (began, lasted) == (changes[:13], 2)
    assert usual >= 12


def test_legs_and_replies_show_life_but_only_beginnings_are_counted_on(con):
    outage = {pd.Timestamp(f"2026-01-13 {hour:02}:00", tz="UTC") for hour in (9, 10)}
    every_hour(con, [hour for hour in JANUARY if hour not in outage])
    every_hour(con, [hour for hour in JANUARY if hour not in outage], number=9, leg=2)
    seen(con)
    assert hours(con) == []

    every_hour(con, [min(outage)], number=1, leg=2)
    assert hours(con) == []


@pytest.mark.parametrize(
    ("feed", "fill", "moment"),
    [
        pytest.param("web_forms", web_forms, "submitted_at", id="forms"),
        pytest.param("web_chats", web_chats, "requested_at", id="chats"),
        pytest.param("social", social, "sent_at", id="conversations"),
    ],
)
def test_every_feed_that_logs_moments_is_watched(con, feed, fill, moment):
    rows = [
        {moment: hour + pd.Timedelta(minutes=minute)}
        for hour in JANUARY
        if hour.day != 13
        for minute in range(4)
    ]
    if feed == "social":
        rows = [{**row, "conversation_id": None} for row in rows]
    fill(con, *rows)
    intake(con, {"feed": feed})

    assert hours(con) == [("2026-01-13 00", "2026-01-14 00", 24, 96.0)]


def test_a_stretch_that_ends_before_it_begins_breaks_the_promise():
    stretch = pd.DataFrame(
        {
            "began_at": [pd.Timestamp("2026-01-13 12:00", tz="UTC")],
            "ended_at": [pd.Timestamp("2026-01-13 09:00", tz="UTC")],
        }
    )

    assert not completeness.MissingHours.in_order(stretch).any()


def test_a_files_name_is_text_in_the_account_of_a_month_whatever_it_holds(con):
    intake(con, {"feed": "social", "file": "a|b`<img>[x](y).csv", "received": 1200})
    told = accounts.as_markdown(con, dt.date(2026, 1, 1)).splitlines()[-1]

    assert told == r"| social | a\|b\`\<img\>\[x\](y).csv | 1,200 | 1,200 | 0 | 0 | 0 | 0 |"
