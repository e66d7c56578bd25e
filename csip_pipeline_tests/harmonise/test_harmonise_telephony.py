"""A call is one contact however many queues it stands in, and all its waiting counts."""

import pandas as pd
import pytest
from given import reasons, rebuilt, telephony, the_one

from csip_pipeline.harmonise import call_legs
from csip_pipeline.harmonise import contacts as harmonised


def call(con, *rows):
    """The one contact that these legs of a call become."""
    telephony(con, *({"call_id": "call", "leg": leg, **row} for leg, row in enumerate(rows, 1)))
    return the_one(rebuilt(con, harmonised.TABLE))


MENU = {"arrived_at": "2026-01-05 09:00:00", "queued_at": "2026-01-05 09:00:20"}
SWITCHBOARD = {**MENU, "queue": "switchboard", "wait_seconds": 10, "outcome": "transferred"}
SECOND = {**MENU, "queued_at": "2026-01-05 09:02:00", "queue": "enquiries", "wait_seconds": 300}


def test_a_call_through_two_queues_is_one_contact_with_two_legs(con):
    contact = call(con, SWITCHBOARD, SECOND)

    assert contact["contact_id"] == "telephone:call"
    assert (contact["outcome"], contact["legs"], contact["queue"]) == ("answered", 2, "enquiries")
    assert rebuilt(con, call_legs.TABLE)["contact_id"].tolist() == ["telephone:call"] * 2


def test_legs_are_followed_in_their_order_and_not_in_that_of_their_rows(con):
    telephony(con, {"call_id": "call", "leg": 2, **SECOND})

    assert call(con, SWITCHBOARD)["queue"] == "enquiries"


@pytest.mark.parametrize(
    ("rows", "waited", "first_queue"),
    [
        pytest.param([{"wait_seconds": 10}], 10, 10, id="straight into a queue"),
        pytest.param([{**MENU, "wait_seconds": 10}], 30, 10, id="a menu of 20 seconds, a queue"),
        pytest.param([SWITCHBOARD, SECOND], 330, 10, id="a menu and two queues"),
        pytest.param(
            [SWITCHBOARD, {**SECOND, "wait_seconds": None, "outcome": "abandoned"}],
            None,
            10,
            id="nobody knows how long in the second",
        ),
    ],
)
def test_the_wait_is_the_menu_and_every_queue(con, rows, waited, first_queue):
    contact = call(con, *rows)

    assert (contact["wait_seconds"], contact["first_queue_wait_seconds"]) == (waited, first_queue)


def test_talking_to_the_switchboard_is_not_waiting(con):
    contact = call(con, {**SWITCHBOARD, "talk_seconds": 60}, {**SECOND, "talk_seconds": 400})

    assert (contact["wait_seconds"], contact["handling_seconds"]) == (330, 460)


def test_the_suppliers_own_wait_wins_over_the_clock(con):
    clocks = {"queued_at": "2026-01-05 09:00:00", "answered_at": "2026-01-05 09:00:11"}

    assert call(con, {**clocks, "wait_seconds": 10})["wait_seconds"] == 10


@pytest.mark.parametrize("outcome", ["abandoned", "timed_out"])
def test_giving_up_in_the_second_queue_is_giving_up(con, outcome):
    contact = call(con, SWITCHBOARD, {**SECOND, "outcome": outcome})

    assert (contact["outcome"], contact["responded_at"]) == (outcome, None)
    assert contact["wait_seconds"] == 330


def test_a_call_passed_on_outside_was_answered_where_it_left(con):
    contact = call(con, SWITCHBOARD)

    assert (contact["outcome"], contact["legs"]) == ("answered", 1)
    assert contact["responded_at"] == pd.Timestamp("2026-01-05 09:00:30", tz="UTC")


def test_a_call_is_answered_when_whoever_could_help_answered(con):
    contact = call(con, SWITCHBOARD, SECOND)

    assert contact["responded_at"] == pd.Timestamp("2026-01-05 09:07", tz="UTC")
    assert contact["received_at"] == pd.Timestamp("2026-01-05 09:00", tz="UTC")


def test_leaving_a_message_is_not_being_answered(con):
    contact = call(con, {"outcome": "voicemail", "answered_at": "2026-01-05 09:00:30"})

    assert (contact["outcome"], contact["responded_at"]) == ("voicemail", None)


@pytest.mark.parametrize(
    ("column", "of_the_legs", "of_the_call"),
    [
        pytest.param("line", ["101", "other"], "101", id="the line it came in on"),
        pytest.param("source_row", [7, 9], 7, id="the row in which it begins"),
        pytest.param("source_file", ["june", "july"], "june", id="the file in which it begins"),
        pytest.param("person_key", ["somebody", None], "somebody", id="whoever is known"),
        pytest.param("handler_key", ["operator", "officer"], "officer", id="who dealt with it"),
        pytest.param("handler_key", ["operator", None], None, id="not who passed it on"),
        pytest.param(
            "ended_at",
            ["2026-01-05 09:01:30+00:00", "2026-01-05 09:20:00+00:00"],
            "2026-01-05 09:20:00+00:00",
            id="when its last leg ended",
        ),
        pytest.param(
            "extracted_at",
            ["2026-03-01 05:00:00+00:00", "2026-02-01 05:00:00+00:00"],
            "2026-03-01 05:00:00+00:00",
            id="as far as the newest extract saw",
        ),
    ],
)
def test_a_call_says_of_itself_what_its_legs_say(con, column, of_the_legs, of_the_call):
    legs = zip([SWITCHBOARD, SECOND], of_the_legs, strict=True)

    found = call(con, *({**leg, column: value} for leg, value in legs))[column]

    assert (str(found) if isinstance(found, pd.Timestamp) else found) == of_the_call


@pytest.mark.parametrize(
    ("rows", "reason", "reason_group"),
    [
        pytest.param([{"wrap_code": "ASB"}], "ASB", "police_matter", id="as recorded"),
        pytest.param([{}], None, "unknown", id="none was recorded"),
        pytest.param([{"wrap_code": "NEW"}], "NEW", "unknown", id="a code that nobody explained"),
        pytest.param(
            [{"wrap_code": "ASB"}, {}], "ASB", "police_matter", id="on the first leg only"
        ),
        pytest.param(
            [{"wrap_code": "NEW"}, {"wrap_code": "ASB"}], "ASB", "police_matter", id="the last said"
        ),
    ],
)
def test_the_reason_is_the_last_recorded(con, rows, reason, reason_group):
    reasons(con, {"reason": "ASB"})

    contact = call(con, *rows)

    assert (contact["reason"], contact["reason_group"]) == (reason, reason_group)


@pytest.mark.parametrize(
    ("arrived_at", "month"),
    [
        pytest.param("2026-06-30 22:59", "2026-06-01", id="a minute before midnight in London"),
        pytest.param("2026-06-30 23:00", "2026-07-01", id="at midnight in London"),
    ],
)
def test_a_call_and_its_legs_stand_in_the_month_it_was_received(con, arrived_at, month):
    contact = call(con, {"arrived_at": arrived_at})

    assert [f"{contact['month']:%Y-%m-%d}"] == [month]
    assert [f"{month:%Y-%m-%d}" for month in rebuilt(con, call_legs.TABLE)["month"]] == [month]


def test_a_leg_keeps_what_the_switch_says_of_it(con):
    telephony(con, {**SWITCHBOARD, "call_id": "call"}, {**SECOND, "call_id": "call", "leg": 2})

    found = rebuilt(con, call_legs.TABLE).sort_values("leg")

    assert found["outcome"].tolist() == ["transferred", "answered"]
    assert found["wait_seconds"].tolist() == [10, 300]
    assert found["queue"].tolist() == ["switchboard", "enquiries"]


ASKED = {"outcome": "callback_requested", "queued_at": "2026-01-05 09:00:20", "wait_seconds": 60}


@pytest.mark.parametrize(
    ("leg", "asked_at", "reached_at"),
    [
        pytest.param({"ended_at": "2026-01-05 09:02"}, "09:02:00", None, id="not called back"),
        pytest.param(
            {"ended_at": "2026-01-05 09:02", "answered_at": "2026-01-05 11:00"},
            "09:02:00",
            "11:00:00",
            id="called back after the call",
        ),
        pytest.param(
            {"ended_at": "2026-01-05 11:09", "answered_at": "2026-01-05 11:00"},
            "09:01:20",
            "11:00:00",
            id="the end is that of the call back",
        ),
        pytest.param(
            {
                "ended_at": "2026-01-05 11:09",
                "answered_at": "2026-01-05 11:00",
                "wait_seconds": 7180,
            },
            None,
            "11:00:00",
            id="the wait was worked out up to the call back",
        ),
    ],
)
def test_who_asked_to_be_called_back_did_so_on_leaving_the_call(con, leg, asked_at, reached_at):
    contact = call(con, {**MENU, **ASKED, **leg})

    told = [
        moment and f"{moment:%H:%M:%S}"
        for moment in (contact["callback_asked_at"], contact["responded_at"])
    ]
    assert (told, contact["outcome"]) == ([asked_at, reached_at], "callback_requested")


def test_who_was_answered_asked_for_nothing(con):
    assert call(con, SWITCHBOARD, SECOND)["callback_asked_at"] is None
