"""A promise is kept if the clock stopped within the standard of the day the contact arrived."""

import pandas as pd
import pytest
from given import broken, contacts, rebuilt, standards, the_one

from csip_pipeline import warehouse
from csip_pipeline.measure import response_times

FORM = {"channel": "web_form", "received_at": "2026-01-05 09:00"}


def statuses(con):
    return rebuilt(con, response_times.TABLE)["status"].tolist()


def only(con):
    return the_one(rebuilt(con, response_times.TABLE))


@pytest.mark.parametrize(
    ("boundary", "wait", "status"),
    [
        pytest.param("<=", 119, "met", id="inside the standard"),
        pytest.param("<=", 120, "met", id="exactly on the standard"),
        pytest.param("<=", 121, "missed", id="one second over"),
        pytest.param("<", 119, "met", id="inside a standard of under so long"),
        pytest.param("<", 120, "missed", id="exactly on a standard of under so long"),
    ],
)
def test_an_answer_is_in_time_to_the_second(con, boundary, wait, status):
    standards(con, {"within_seconds": 120, "boundary": boundary})
    contacts(con, {"wait_seconds": wait})

    assert statuses(con) == [status]


def test_what_never_stands_in_a_queue_is_promised_no_answer(con):
    standards(con, {"channel": "web_form", "clock": "answer"})
    contacts(con, FORM)

    assert statuses(con) == []


@pytest.mark.parametrize(
    ("responded_at", "status"),
    [
        pytest.param("2026-01-05 09:01:59", "met", id="inside the standard"),
        pytest.param("2026-01-05 09:02:00", "met", id="exactly on the standard"),
        pytest.param("2026-01-05 09:02:01", "missed", id="one second over"),
    ],
)
def test_a_first_response_is_in_time_to_the_second(con, responded_at, status):
    standards(con, {"channel": "web_form", "clock": "first_response", "within_seconds": 120})
    contacts(con, {**FORM, "responded_at": responded_at})

    assert statuses(con) == [status]


@pytest.mark.parametrize(
    ("boundary", "extracted_at", "status"),
    [
        pytest.param("<=", "2026-01-05 09:01", "pending", id="not due yet"),
        pytest.param("<=", "2026-01-05 09:02", "pending", id="due as the extract is made"),
        pytest.param("<=", "2026-01-05 09:02:01", "missed", id="due a second before"),
        pytest.param("<", "2026-01-05 09:02", "missed", id="no longer under so long"),
    ],
)
def test_what_is_not_done_is_missed_once_due_as_of_the_extract(con, boundary, extracted_at, status):
    promised = {"channel": "web_form", "clock": "first_response", "within_seconds": 120}
    standards(con, {**promised, "boundary": boundary})
    contacts(con, {**FORM, "extracted_at": extracted_at})

    found = only(con)

    assert (found["status"], found["clock_seconds"]) == (status, None)
    assert found["as_of"] == pd.Timestamp(extracted_at, tz="UTC")


@pytest.mark.parametrize("outcome", ["abandoned", "timed_out"])
@pytest.mark.parametrize(
    ("wait", "status", "because"),
    [
        pytest.param(
            119, "excluded", "gave up before the standard had passed", id="before it had passed"
        ),
        pytest.param(
            120, "excluded", "gave up before the standard had passed", id="as it was passing"
        ),
        pytest.param(121, "missed", None, id="after it had passed"),
        pytest.param(None, "excluded", "the wait is not known", id="nobody knows when"),
    ],
)
def test_giving_up_is_a_miss_only_after_the_standard_has_passed(
    con, outcome, wait, status, because
):
    standards(con, {"within_seconds": 120})
    contacts(con, {"outcome": outcome, "wait_seconds": wait})

    found = only(con)

    assert (found["status"], found["excluded_because"]) == (status, because)


@pytest.mark.parametrize("outcome", ["callback_requested", "voicemail"])
def test_whoever_chose_a_callback_is_excluded(con, outcome):
    standards(con, {})
    contacts(con, {"outcome": outcome, "wait_seconds": 500})

    found = only(con)

    assert (found["status"], found["excluded_because"]) == (
        "excluded",
        "chose a callback or voicemail",
    )


@pytest.mark.parametrize(
    ("target_at", "resolved_at", "status", "within_seconds"),
    [
        pytest.param(None, "2026-01-05 10:30", "missed", 3600, id="the standard's, late"),
        pytest.param("2026-01-05 11:00", "2026-01-05 10:30", "met", 7200, id="a later due time"),
        pytest.param("2026-01-05 09:30", "2026-01-05 09:45", "missed", 1800, id="an earlier one"),
        pytest.param("2026-01-05 11:00", "2026-01-05 11:00", "met", 7200, id="exactly on it"),
    ],
)
def test_the_suppliers_due_time_decides_a_resolution(
    con, target_at, resolved_at, status, within_seconds
):
    standards(con, {"channel": "web_form", "clock": "resolution", "within_seconds": 3600})
    contacts(con, {**FORM, "target_at": target_at, "resolved_at": resolved_at})

    found = only(con)

    assert (found["status"], found["within_seconds"]) == (status, within_seconds)


def test_the_suppliers_due_time_decides_nothing_but_resolution(con):
    standards(con, {"channel": "web_form", "clock": "first_response", "within_seconds": 3600})
    late = "2026-01-05 10:30"
    contacts(con, {**FORM, "target_at": "2026-01-05 11:00", "responded_at": late})

    assert statuses(con) == ["missed"]


def test_a_matter_without_a_due_time_is_excluded(con):
    standards(con, {"channel": "web_form", "clock": "resolution", "within_seconds": None})
    contacts(con, FORM)

    assert only(con)["excluded_because"] == "no due time is given"


@pytest.mark.parametrize(
    ("received_at", "responded_at", "clock_seconds"),
    [
        pytest.param("2026-10-25 01:30+01:00", "2026-10-25 01:40+01:00", 600, id="first pass"),
        pytest.param("2026-10-25 01:30+00:00", "2026-10-25 01:40+00:00", 600, id="second pass"),
        pytest.param("2026-10-25 01:30+01:00", "2026-10-25 01:40+00:00", 4200, id="over both"),
        pytest.param("2026-03-29 00:50+00:00", "2026-03-29 02:10+01:00", 1200, id="none in March"),
    ],
)
def test_the_clock_runs_in_real_time_when_the_clocks_change(
    con, received_at, responded_at, clock_seconds
):
    standards(con, {"channel": "web_form", "clock": "first_response", "within_seconds": 1800})
    contacts(con, {**FORM, "received_at": received_at, "responded_at": responded_at})

    found = only(con)

    assert found["clock_seconds"] == clock_seconds
    assert (found["status"] == "met") == (clock_seconds <= 1800)


@pytest.mark.parametrize(
    ("received_at", "standard_id"),
    [
        pytest.param("2026-06-30 22:59:59", "old", id="summer, a second before midnight"),
        pytest.param("2026-06-30 23:00:00", "new", id="summer, at midnight"),
        pytest.param("2026-07-31 22:59:59", "new", id="the last second of the new one"),
    ],
)
def test_the_standard_is_that_of_the_london_day_of_arrival(con, received_at, standard_id):
    standards(
        con,
        {"standard_id": "old", "applies_until_on": "2026-07-01"},
        {
            "standard_id": "new",
            "applies_from_on": "2026-07-01",
            "applies_until_on": "2026-08-01",
        },
    )
    contacts(con, {"received_at": received_at})

    assert only(con)["standard_id"] == standard_id


@pytest.mark.parametrize(
    "received_at",
    [
        pytest.param("2026-06-30 22:59:59", id="the day before it applies"),
        pytest.param("2026-07-31 23:00:00", id="the day it no longer applies"),
    ],
)
def test_outside_its_days_a_standard_promises_nothing(con, received_at):
    standards(con, {"applies_from_on": "2026-07-01", "applies_until_on": "2026-08-01"})
    contacts(con, {"received_at": received_at})

    assert statuses(con) == []


@pytest.mark.parametrize(
    ("given", "standard_id"),
    [
        pytest.param([{}], "channel", id="the channel's alone"),
        pytest.param([{}, {"standard_id": "line", "line": "101"}], "line", id="the line's"),
        pytest.param(
            [
                {"standard_id": "line", "line": "101"},
                {},
                {"standard_id": "queue", "queue": "enquiries"},
            ],
            "queue",
            id="the queue's",
        ),
        pytest.param(
            [
                {"standard_id": "queue", "queue": "enquiries"},
                {"standard_id": "both", "line": "101", "queue": "enquiries"},
            ],
            "both",
            id="the queue's on its line",
        ),
    ],
)
def test_the_most_particular_standard_applies(con, given, standard_id):
    standards(con, *({"standard_id": "channel", **row} for row in given))
    contacts(con, {})

    assert only(con)["standard_id"] == standard_id


def test_each_clock_has_its_own_standard(con):
    clocks = ("first_response", "resolution")
    standards(con, *({"channel": "web_form", "clock": clock} for clock in clocks))
    contacts(con, {**FORM, "responded_at": "2026-01-05 09:01", "extracted_at": "2026-01-05 09:02"})

    found = rebuilt(con, response_times.TABLE)

    assert dict(zip(found["clock"], found["status"], strict=True)) == {
        "first_response": "met",
        "resolution": "pending",
    }


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param([{}], 0, id="each has one"),
        pytest.param([{}, {"channel": "social"}], 1, id="one channel has none"),
        pytest.param([{"channel": "web_form"}, {"channel": "social"}], 2, id="neither has one"),
    ],
)
def test_unpromised_contacts_counts_who_has_no_standard(con, given, found):
    standards(con, {})
    contacts(con, *given)
    rebuilt(con, response_times.TABLE)

    assert broken(con, "measure/unpromised_contacts") == found


@pytest.mark.parametrize(
    ("rules_of", "standard_id"),
    [
        pytest.param(None, "old", id="its own day's"),
        pytest.param("2026-06-30", "old", id="the old one's last day"),
        pytest.param("2026-07-01", "new", id="the new one's first day"),
    ],
)
def test_a_month_can_be_judged_by_the_standards_of_another_day(con, rules_of, standard_id):
    standards(
        con,
        {"standard_id": "old", "applies_until_on": "2026-07-01"},
        {"standard_id": "new", "applies_from_on": "2026-07-01"},
    )
    contacts(con, {})
    query = warehouse.read_query("measure/response_times")

    found = warehouse.fetch(con, query, {"month": "2026-01-01", "rules_of": rules_of})

    assert found["standard_id"].tolist() == [standard_id]
