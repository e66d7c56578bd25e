"""A breach says which promise was missed, in the words in which it was made, and what is owed."""

import pandas as pd
import pytest
from given import contacts, rebuilt, standards, the_one

from csip_pipeline.measure import breaches, response_times


def found(con):
    rebuilt(con, response_times.TABLE)
    return rebuilt(con, breaches.TABLE)


def only(con):
    return the_one(found(con))


@pytest.mark.parametrize(
    ("received_at", "wording", "citation"),
    [
        pytest.param("2026-06-30 22:59", "Fifteen minutes.", "Charter 2024", id="the old one"),
        pytest.param("2026-06-30 23:01", "Ten minutes.", "Charter 2026", id="the new one"),
    ],
)
def test_a_breach_quotes_the_standard_then_in_force(con, received_at, wording, citation):
    old = {"wording": "Fifteen minutes.", "citation": "Charter 2024"}
    new = {"wording": "Ten minutes.", "citation": "Charter 2026"}
    standards(
        con,
        {"within_seconds": 900, **old, "applies_until_on": "2026-07-01"},
        {"within_seconds": 600, **new, "applies_from_on": "2026-07-01"},
    )
    contacts(con, {"received_at": received_at, "wait_seconds": 1000})

    breach = only(con)

    assert (breach["wording"], breach["citation"]) == (wording, citation)


@pytest.mark.parametrize(
    ("received_at", "days", "explain_by_on"),
    [
        pytest.param("2026-01-05 09:00", 40, "2026-02-14", id="missed in the morning"),
        pytest.param("2026-01-05 09:00", 0, "2026-01-05", id="owed on the day"),
        pytest.param("2026-01-31 23:59", 1, "2026-02-02", id="missed after midnight"),
        pytest.param("2026-07-05 22:58", 1, "2026-07-07", id="missed at midnight in summer"),
        pytest.param("2026-07-05 22:57", 1, "2026-07-06", id="missed before midnight in summer"),
        pytest.param("2026-01-05 09:00", None, None, id="nobody is called back"),
    ],
)
def test_an_explanation_is_owed_from_the_london_day_of_the_miss(
    con, received_at, days, explain_by_on
):
    standards(con, {"within_seconds": 120, "explain_within_days": days})
    contacts(con, {"received_at": received_at, "wait_seconds": 121})

    due = only(con)["explain_by_on"]

    assert (f"{due:%Y-%m-%d}" if due else None) == explain_by_on


@pytest.mark.parametrize(
    ("responded_at", "is_still_waiting", "clock_seconds"),
    [
        pytest.param(None, True, None, id="not answered yet"),
        pytest.param("2026-01-05 10:00", False, 3600, id="answered late"),
    ],
)
def test_a_breach_says_whether_the_wait_goes_on(con, responded_at, is_still_waiting, clock_seconds):
    standards(con, {"channel": "web_form", "clock": "first_response"})
    contacts(con, {"channel": "web_form", "responded_at": responded_at})

    breach = only(con)

    assert breach["is_still_waiting"] == is_still_waiting
    assert breach["clock_seconds"] == clock_seconds


def test_whoever_gave_up_is_no_longer_waiting(con):
    standards(con, {})
    contacts(con, {"outcome": "abandoned", "wait_seconds": 500})

    assert not only(con)["is_still_waiting"]


def test_a_breach_names_whom_and_what_it_was_about(con):
    standards(con, {})
    contacts(con, {"wait_seconds": 500, "person_key": "somebody", "reason": "ASB"})

    breach = only(con)

    assert (breach["person_key"], breach["reason"]) == ("somebody", "ASB")
    assert breach["due_at"] == pd.Timestamp("2026-01-05 09:02", tz="UTC")


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"wait_seconds": 120}, id="met"),
        pytest.param({"wait_seconds": 60, "outcome": "abandoned"}, id="excluded"),
        pytest.param(
            {"channel": "web_form", "extracted_at": "2026-01-05 09:01"}, id="still pending"
        ),
    ],
)
def test_only_what_was_missed_is_a_breach(con, row):
    standards(con, {}, {"channel": "web_form", "clock": "first_response"})
    contacts(con, row)

    assert found(con).empty


def test_two_missed_clocks_of_one_contact_are_two_breaches(con):
    clocks = ["first_response", "resolution"]
    standards(con, *({"channel": "web_form", "clock": clock} for clock in clocks))
    contacts(con, {"channel": "web_form"})

    assert sorted(found(con)["clock"]) == clocks
