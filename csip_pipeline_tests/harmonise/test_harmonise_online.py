"""A form, a chat or a conversation is one contact, answered when the Force first says something."""

import pytest
from given import reasons, rebuilt, social, the_one, web_chats, web_forms

from csip_pipeline.harmonise import contacts as harmonised


def found(con):
    return rebuilt(con, harmonised.TABLE)


def only(con):
    return the_one(found(con))


def at(moment):
    return f"{moment.tz_convert('UTC'):%H:%M}" if moment else None


@pytest.mark.parametrize(
    ("messages", "received_at", "responded_at", "outcome"),
    [
        pytest.param(
            [("in", "09:00"), ("out", "09:05")], "09:00", "09:05", "answered", id="a reply"
        ),
        pytest.param([("in", "09:00")], "09:00", None, "waiting", id="no reply"),
        pytest.param(
            [("in", "09:00"), ("in", "09:10"), ("out", "09:20"), ("out", "09:30")],
            "09:00",
            "09:20",
            "answered",
            id="the first of several replies to the first of several messages",
        ),
        pytest.param(
            [("out", "08:00"), ("in", "09:00"), ("out", "09:05")],
            "09:00",
            "09:05",
            "answered",
            id="what the Force said before is no reply",
        ),
        pytest.param([("out", "08:00"), ("in", "09:00")], "09:00", None, "waiting", id="only that"),
    ],
)
def test_a_conversation_is_answered_by_the_first_message_out_after_the_first_in(
    con, messages, received_at, responded_at, outcome
):
    social(con, *({"direction": way, "sent_at": f"2026-01-05 {time}"} for way, time in messages))

    contact = only(con)

    assert (at(contact["received_at"]), at(contact["responded_at"])) == (received_at, responded_at)
    assert contact["outcome"] == outcome


def test_what_nobody_wrote_to_is_no_contact(con):
    social(con, {"direction": "out"}, {"direction": "out"})

    assert found(con).empty


def test_conversations_of_the_same_name_on_two_platforms_are_two(con):
    social(con, {"platform": "twitter"}, {"platform": "facebook"})

    assert set(found(con)["contact_id"]) == {
        "social:twitter:conversation",
        "social:facebook:conversation",
    }
    assert set(found(con)["queue"]) == {"twitter", "facebook"}


@pytest.mark.parametrize(
    ("messages", "began_it"),
    [
        pytest.param(
            [("2", "09:10", "a neighbour"), ("1", "09:00", "the first")], "the first", id="known"
        ),
        pytest.param(
            [("1", "09:00", None), ("2", "09:10", "a neighbour")], None, id="nobody knows who"
        ),
        pytest.param(
            [("2", "09:00", "a neighbour"), ("1", "09:00", "the first")],
            "the first",
            id="two in the same second",
        ),
    ],
)
def test_a_conversation_is_with_whoever_began_it_and_nobody_else(con, messages, began_it):
    social(
        con,
        *(
            {"message_id": number, "sent_at": f"2026-01-05 {at}", "person_key": who}
            for number, at, who in messages
        ),
    )

    assert only(con)["person_key"] == began_it


def test_a_conversation_is_traced_to_the_message_that_began_it(con):
    social(
        con,
        {"sent_at": "2026-01-05 09:10", "source_file": "later", "source_row": 1},
        {"sent_at": "2026-01-05 09:00", "source_file": "first", "source_row": 2},
    )

    contact = only(con)

    assert (contact["source_file"], contact["source_row"]) == ("first", 2)


def test_a_conversation_is_seen_as_far_as_its_last_message_and_newest_extract(con):
    social(
        con,
        {"sent_at": "2026-01-05 09:00", "extracted_at": "2026-02-01 06:00"},
        {"sent_at": "2026-01-05 09:10", "extracted_at": "2026-03-01 07:00"},
    )

    contact = only(con)

    assert (at(contact["ended_at"]), at(contact["extracted_at"])) == ("09:10", "07:00")


def test_a_message_of_the_same_second_is_a_reply(con):
    social(con, {}, {"direction": "out"})

    assert only(con)["outcome"] == "answered"


@pytest.mark.parametrize(
    ("given", "channel", "outcome"),
    [
        pytest.param({}, "web_form", "waiting", id="nobody has answered"),
        pytest.param(
            {"first_response_at": "2026-01-05 10:00"}, "web_form", "answered", id="answered"
        ),
        pytest.param(
            {"resolved_at": "2026-01-05 10:00"}, "web_form", "answered", id="only resolved"
        ),
        pytest.param({"channel": "email"}, "email", "waiting", id="that came by e-mail"),
    ],
)
def test_a_form_is_a_contact_about_a_service(con, given, channel, outcome):
    web_forms(con, {"form_id": "1", "service": "report_asb", **given})

    contact = only(con)

    assert contact["contact_id"] == f"{channel}:1"
    assert (contact["channel"], contact["outcome"]) == (channel, outcome)
    assert (contact["queue"], contact["legs"]) == ("report_asb", None)


def test_a_form_keeps_its_moments(con):
    web_forms(
        con,
        {
            "submitted_at": "2026-01-05 09:00",
            "first_response_at": "2026-01-05 10:00",
            "resolved_at": "2026-01-05 11:00",
            "target_at": "2026-01-05 12:00",
        },
    )

    contact = only(con)

    moments = ("received_at", "responded_at", "resolved_at", "target_at")
    assert [at(contact[name]) for name in moments] == ["09:00", "10:00", "11:00", "12:00"]


@pytest.mark.parametrize(
    ("given", "outcome", "waited", "handled"),
    [
        pytest.param(
            {"joined_at": "2026-01-05 09:02", "ended_at": "2026-01-05 09:12"},
            "answered",
            120,
            600,
            id="until somebody joined",
        ),
        pytest.param({"ended_at": "2026-01-05 09:05"}, "abandoned", 300, None, id="until the end"),
    ],
)
def test_a_chat_waits_until_somebody_joins(con, given, outcome, waited, handled):
    web_chats(con, {"requested_at": "2026-01-05 09:00", **given})

    contact = only(con)

    assert (contact["outcome"], contact["wait_seconds"]) == (outcome, waited)
    assert (contact["handling_seconds"], contact["legs"]) == (handled, 1)


@pytest.mark.parametrize("take_in", [web_chats, web_forms])
def test_whoever_sent_it_and_the_row_it_came_from_are_kept(con, take_in):
    take_in(con, {"person_key": "somebody", "source_file": "export", "source_row": 7})

    contact = only(con)

    assert contact["person_key"] == "somebody"
    assert (contact["source_file"], contact["source_row"]) == ("export", 7)


@pytest.mark.parametrize(
    ("service", "queue", "reason_group"),
    [
        pytest.param(None, "web_chat", "unknown", id="of no service"),
        pytest.param("report_asb", "report_asb", "police_matter", id="of a known service"),
        pytest.param("new", "new", "unknown", id="of one that nobody explained"),
    ],
)
def test_a_chat_stands_in_the_queue_of_its_service(con, service, queue, reason_group):
    reasons(con, {"reason": "report_asb"})
    web_chats(con, {"service": service})

    contact = only(con)

    assert (contact["queue"], contact["reason_group"]) == (queue, reason_group)
