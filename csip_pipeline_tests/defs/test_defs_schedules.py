"""On the 5th the month before is run; a fortnight before the panel meets, its pack is made."""

# ruff: noqa: TID251 - the tests of the Dagster room
import datetime as dt
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from csip_pipeline.calendars import LONDON


def asked(code, schedule, *moment):
    """What a schedule asks for at a moment of London time."""
    when = dt.datetime(*moment, tzinfo=ZoneInfo(LONDON))
    context = dg.build_schedule_context(
        scheduled_execution_time=when, repository_def=code.get_repository_def()
    )
    return code.resolve_schedule_def(schedule).evaluate_tick(context)


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        pytest.param((2026, 11, 5, 6), "2026-10", id="an ordinary month"),
        pytest.param((2027, 1, 5, 6), "2026-12", id="the year before"),
        pytest.param((2026, 3, 5, 6), "2026-02", id="after a short month"),
        pytest.param((2026, 4, 5, 6), "2026-03", id="after the clocks went forward"),
        pytest.param((2026, 11, 1, 0), "2026-10", id="on the first, if the schedule were moved"),
    ],
)
def test_the_monthly_schedule_asks_for_the_month_before(code, moment, month):
    (request,) = asked(code, "last_month", *moment).run_requests

    assert (request.partition_key, request.run_key) == (month, month)
    assert request.partition_key in code.resolve_job_def("month").partitions_def.get_partition_keys(
        dt.datetime(*moment, tzinfo=ZoneInfo(LONDON))
    )


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        pytest.param((2026, 11, 24, 6, 30), "2026-11", id="within a month"),
        pytest.param((2026, 12, 1, 6, 30), "2026-12", id="on its first day"),
        pytest.param((2026, 6, 30, 6, 30), "2026-06", id="on its last"),
    ],
)
def test_the_daily_schedule_asks_for_the_month_so_far_once_a_day(code, moment, month):
    (request,) = asked(code, "month_to_date", *moment).run_requests

    day = dt.date(*moment[:3])
    assert (request.partition_key, request.run_key) == (month, str(day))
    keys = code.resolve_job_def("month").partitions_def.get_partition_keys(
        dt.datetime(*moment, tzinfo=ZoneInfo(LONDON))
    )
    assert month in keys


@pytest.mark.parametrize(
    ("moment", "cycle"),
    [
        pytest.param((2026, 10, 8, 7), "2026-Q3", id="a fortnight before"),
        pytest.param((2027, 1, 7, 7), "2026-Q4", id="a fortnight before, across the year"),
    ],
)
def test_the_cycle_schedule_asks_a_fortnight_before_the_panel_meets(code, moment, cycle):
    (request,) = asked(code, "before_the_meeting", *moment).run_requests

    assert (request.partition_key, request.run_key) == (cycle, cycle)


@pytest.mark.parametrize(
    ("moment", "meets_on"),
    [
        pytest.param((2026, 10, 7, 7), "2026-10-21", id="the day before"),
        pytest.param((2026, 10, 9, 7), "2026-10-23", id="the day after"),
        pytest.param((2026, 10, 22, 7), "2026-11-05", id="on the day of the meeting"),
    ],
)
def test_the_cycle_schedule_skips_every_other_day_and_says_why(code, moment, meets_on):
    tick = asked(code, "before_the_meeting", *moment)

    assert tick.run_requests == []
    assert tick.skip_message == f"No panel meets on {meets_on}."


def test_every_morning_it_is_asked_how_late_the_last_month_is(code):
    (request,) = asked(code, "what_is_late", 2027, 1, 9, 8, 15).run_requests

    assert (request.partition_key, request.run_key) == ("2026-12", "2027-01-09")


def test_no_schedule_runs_in_the_hour_that_happens_twice_or_never(code):
    for schedule in code.schedules:
        _, hour, *_ = schedule.cron_schedule.split()
        assert int(hour) != 1, schedule.name
