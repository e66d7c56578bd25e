"""A source's month is so many days late, by London's days, until it comes."""

import datetime as dt
from types import SimpleNamespace

import pytest

from csip_pipeline.extract import lateness
from csip_pipeline.extract.lateness import Arrival

OCTOBER, DUE_ON = dt.date(2026, 10, 1), dt.date(2026, 11, 5)


def arrival(made, status="missing", *, due_on=DUE_ON, source="telephony"):
    moment = None if made is None else dt.datetime.fromisoformat(made).replace(tzinfo=dt.UTC)
    return Arrival(OCTOBER, "telephony", source, due_on, moment, status)


@pytest.mark.parametrize(
    ("made", "today", "days", "words"),
    [
        pytest.param(None, "2026-11-05", 0, "has not come; it is due 5 November.", id="on the day"),
        pytest.param(None, "2026-11-06", 1, "is 1 day late.", id="the day after"),
        pytest.param(None, "2026-11-08", 3, "is 3 days late.", id="days after"),
        pytest.param("2026-11-05 23:59", "2026-12-01", 0, "came in time.", id="made on the day"),
        pytest.param("2026-11-07 00:00", "2026-12-01", 2, "came 2 days late.", id="made later"),
    ],
)
def test_days_late_are_counted_from_the_day_after_it_was_due(made, today, days, words):
    one = arrival(made)

    assert one.days_late(dt.date.fromisoformat(today)) == days
    assert one.as_text(dt.date.fromisoformat(today)) == f"telephony for October 2026 {words}"


def test_in_summer_the_day_is_londons():
    made_after_midnight = Arrival(
        dt.date(2026, 6, 1),
        "social",
        "social",
        dt.date(2026, 7, 5),
        dt.datetime(2026, 7, 5, 23, 30, tzinfo=dt.UTC),
        "late",
    )

    assert made_after_midnight.days_late(dt.date(2026, 8, 1)) == 1


def test_a_source_of_a_feed_with_several_says_which_feed_it_is_of():
    told = arrival(None, source="999 control room").as_text(dt.date(2026, 11, 8))

    assert told == "999 control room (telephony) for October 2026 is 3 days late."


def test_what_was_refused_and_what_has_no_day_say_so():
    refused = arrival(None, "refused").as_text(DUE_ON)
    undated = arrival(None, due_on=None).as_text(DUE_ON)

    assert refused == "telephony for October 2026 was refused, and keeps what it had."
    assert undated.endswith("has not come, and nothing says when it is due.")


@pytest.mark.parametrize(
    ("made", "status", "files"),
    [
        pytest.param([], "missing", 0, id="nothing came"),
        pytest.param(["2026-11-05 23:30"], "on_time", 1, id="on the day it was due"),
        pytest.param(["2026-11-06 00:30"], "late", 1, id="the day after"),
        pytest.param(["2026-11-09 12:00", "2026-11-02 12:00"], "on_time", 2, id="and corrected"),
    ],
)
def test_files_that_were_not_run_are_judged_as_arrivals_are(made, status, files):
    source = SimpleNamespace(name="telephony", feed=SimpleNamespace(name="telephony"), due_day=5)
    moments = [dt.datetime.fromisoformat(each).replace(tzinfo=dt.UTC) for each in made]
    deliveries = [
        SimpleNamespace(source=source, months={OCTOBER: 1}, extracted_at=each) for each in moments
    ]
    (found,) = lateness.of_no_run([source], deliveries, OCTOBER)

    assert (found.status, found.files, found.due_on) == (status, files, DUE_ON)
    assert found.first_extracted_at == min(moments, default=None)


def test_nothing_is_due_of_a_source_without_a_day():
    source = SimpleNamespace(name="lists", feed=SimpleNamespace(name="lists"), due_day=0)

    assert lateness.of_no_run([source], [], OCTOBER) == []
