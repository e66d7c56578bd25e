"""Writing again, and asking to be called back, start clocks of their own."""

import pandas as pd
import pytest
from given import contacts, further_messages, opening_hours, rebuilt, standards, the_one

from csip_pipeline.measure import breaches, response_times

CHAT = {"contact_id": "chat", "channel": "social", "responded_at": "2026-01-05 09:30"}
CALL = {"outcome": "callback_requested", "callback_asked_at": "2026-01-05 09:10"}


def only(con):
    return the_one(rebuilt(con, response_times.TABLE))


def written_again(con, *waits, conversation=CHAT, **standard):
    """What becomes of waits (from, until) in one conversation, promised an hour each."""
    promised = {"channel": "social", "clock": "next_response", "within_seconds": 3600}
    standards(con, {**promised, **standard})
    contacts(con, conversation)
    rows = [
        {"contact_id": "chat", "asked_at": f"2026-01-05 {asked}", "replied_at": replied}
        for asked, replied in (
            (asked, replied and f"2026-01-05 {replied}") for asked, replied in waits
        )
    ]
    seen = {"extracted_at": conversation["extracted_at"]} if "extracted_at" in conversation else {}
    further_messages(con, *({**row, **seen} for row in rows))
    return only(con)


@pytest.mark.parametrize(
    ("replied", "status", "clock_seconds"),
    [
        pytest.param("10:59:59", "met", 3599, id="a second before"),
        pytest.param("11:00:00", "met", 3600, id="exactly on the standard"),
        pytest.param("11:00:01", "missed", 3601, id="one second over"),
        pytest.param(None, "missed", None, id="never answered"),
    ],
)
def test_the_next_response_is_in_time_to_the_second(con, replied, status, clock_seconds):
    found = written_again(con, ("10:00", replied))

    assert (found["status"], found["clock_seconds"]) == (status, clock_seconds)
    assert found["due_at"] == pd.Timestamp("2026-01-05 11:00", tz="UTC")


@pytest.mark.parametrize(
    ("waits", "extracted_at", "status", "clock_seconds"),
    [
        pytest.param(
            [("10:00", "10:20"), ("11:00", "11:50"), ("12:00", "12:10")],
            "18:00",
            "met",
            3000,
            id="the longest of those in time",
        ),
        pytest.param(
            [("10:00", "10:20"), ("11:00", "13:00"), ("14:00", "14:01")],
            "18:00",
            "missed",
            7200,
            id="one missed",
        ),
        pytest.param(
            [("10:00", "10:50"), ("17:55", None)], "18:00", "pending", None, id="one is open"
        ),
        pytest.param(
            [("10:00", "11:30"), ("17:55", None)],
            "18:00",
            "missed",
            5400,
            id="one missed and one open",
        ),
        pytest.param(
            [("10:00", "11:30"), ("12:00", None)],
            "18:00",
            "missed",
            None,
            id="the open one is the longer miss",
        ),
    ],
)
def test_a_conversation_takes_the_longest_of_its_waits(
    con, waits, extracted_at, status, clock_seconds
):
    conversation = {**CHAT, "extracted_at": f"2026-01-05 {extracted_at}"}

    found = written_again(con, *waits, conversation=conversation)

    assert (found["status"], found["clock_seconds"]) == (status, clock_seconds)


@pytest.mark.parametrize(
    ("responded_at", "because"),
    [
        pytest.param("2026-01-05 09:30", "nobody wrote again after the first reply", id="replied"),
        pytest.param(None, "not yet answered for the first time", id="not replied"),
    ],
)
def test_a_conversation_in_which_nobody_wrote_again_is_excluded(con, responded_at, because):
    found = written_again(con, conversation={**CHAT, "responded_at": responded_at})

    assert (found["status"], found["excluded_because"]) == ("excluded", because)


def test_the_longest_wait_is_that_in_opening_hours(con):
    opening_hours(con, {"day": "monday", "opens": "10:00", "closes": "11:00"})

    found = written_again(con, ("10:00", "10:40"), ("11:00", "23:00"), calendar="desk")

    assert (found["status"], found["clock_seconds"]) == ("met", 2400)


@pytest.mark.parametrize("channel", ["web_form", "web_chat", "telephone"])
def test_only_conversations_are_promised_a_next_response(con, channel):
    standards(con, {"channel": channel, "clock": "next_response"})
    contacts(con, {"channel": channel})

    assert rebuilt(con, response_times.TABLE).empty


@pytest.mark.parametrize(
    ("responded_at", "extracted_at", "status", "clock_seconds"),
    [
        pytest.param("10:10:00", "18:00", "met", 3600, id="exactly on the standard"),
        pytest.param("10:10:01", "18:00", "missed", 3601, id="one second over"),
        pytest.param(None, "18:00", "missed", None, id="never called back"),
        pytest.param(None, "10:10", "pending", None, id="due as the extract is made"),
    ],
)
def test_a_callback_runs_from_when_it_was_asked_for_to_when_they_were_reached(
    con, responded_at, extracted_at, status, clock_seconds
):
    standards(con, {"clock": "callback", "within_seconds": 3600})
    reached = {"responded_at": responded_at and f"2026-01-05 {responded_at}"}
    contacts(con, {**CALL, **reached, "extracted_at": f"2026-01-05 {extracted_at}"})

    found = only(con)

    assert (found["status"], found["clock_seconds"]) == (status, clock_seconds)
    assert found["due_at"] == pd.Timestamp("2026-01-05 10:10", tz="UTC")


def test_a_callback_that_nobody_made_is_a_breach_of_who_still_waits(con):
    standards(con, {"clock": "callback", "within_seconds": 3600})
    contacts(con, CALL)
    rebuilt(con, response_times.TABLE)

    assert the_one(rebuilt(con, breaches.TABLE))["is_still_waiting"]


def test_a_callback_asked_for_at_no_known_time_is_excluded(con):
    standards(con, {"clock": "callback"})
    contacts(con, {**CALL, "callback_asked_at": None})

    assert only(con)["excluded_because"] == "when the callback was asked for is not known"


def test_only_who_asked_for_a_callback_is_promised_one(con):
    standards(con, {"clock": "callback"})
    contacts(con, {}, {"outcome": "voicemail"}, {"outcome": "abandoned"})

    assert rebuilt(con, response_times.TABLE).empty


def test_being_called_back_is_not_being_answered(con):
    standards(con, {})
    contacts(con, {**CALL, "responded_at": "2026-01-05 09:11"})

    assert only(con)["excluded_because"] == "chose a callback or voicemail"
