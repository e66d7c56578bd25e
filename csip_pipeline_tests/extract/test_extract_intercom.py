"""A conversation is told by its newest version; an answer, by statistics or by who waited when."""

import datetime as dt

import pytest
from extract_queries import of_format

from csip_pipeline.extract.formats import intercom
from csip_pipeline.extract.web_chats import WebChatsDelivered

OPEN_AND_WAITING = {"state": "open", "waiting_since": "2026-10-05 09:00:00"}
STAFF_WROTE = {"updated_at": "2026-10-05 09:20:00", "state": "open"}
CLOSED = {"updated_at": "2026-10-05 10:00:00", "state": "closed"}


def version(**cells):
    """A version of a chat that somebody began at nine."""
    usual = {
        "id": "1372",
        "created_at": "2026-10-05 09:00:00",
        "updated_at": "2026-10-05 09:01:00",
        "state": "open",
        "waiting_since": "",
        "source_type": "conversation",
        "source_delivered_as": "customer_initiated",
    }
    return usual | cells


def taken(*versions):
    queries = of_format(intercom)
    queries.file(*versions)
    return queries


@pytest.mark.parametrize(
    ("versions", "outcome", "ended"),
    [
        pytest.param([OPEN_AND_WAITING], "abandoned", "09:01", id="still waiting"),
        pytest.param([OPEN_AND_WAITING, STAFF_WROTE], "answered", "09:20", id="staff wrote last"),
        pytest.param(
            [CLOSED, STAFF_WROTE, OPEN_AND_WAITING], "answered", "10:00", id="whatever the order"
        ),
        pytest.param(
            [
                STAFF_WROTE,
                {"updated_at": "2026-10-05 09:30:00", "waiting_since": "2026-10-05 09:30:00"},
            ],
            "answered",
            "09:30",
            id="answered, and waiting again",
        ),
        pytest.param(
            [
                CLOSED
                | {"statistics_last_close_at": "2026-10-05 09:40:00"}
                | {"statistics_first_admin_reply_at": "2026-10-05 09:10:00"}
            ],
            "answered",
            "09:40",
            id="by the statistics",
        ),
    ],
)
def test_the_versions_decide_the_outcome(versions, outcome, ended):
    kept = taken(*(version(**cells) for cells in versions)).kept(WebChatsDelivered)

    (chat,) = kept.itertuples()
    assert (chat.outcome, f"{chat.ended_at:%H:%M}") == (outcome, ended)
    assert chat.service == "web_chat"


def test_when_somebody_replied_is_known_from_the_statistics_alone():
    replied = {"statistics_first_admin_reply_at": "2026-10-05 09:10:00"}
    told = taken(version(**STAFF_WROTE | replied)).kept(WebChatsDelivered)
    untold = taken(version(**STAFF_WROTE)).kept(WebChatsDelivered)

    assert told["first_reply_at"].tolist() == [dt.datetime(2026, 10, 5, 9, 10, tzinfo=dt.UTC)]
    assert untold["first_reply_at"].isna().all()


def test_with_statistics_a_chat_that_was_closed_without_a_reply_was_abandoned():
    other = version(id="7", statistics_first_admin_reply_at="2026-10-05 09:10:00")

    kept = taken(version(**CLOSED), other).kept(WebChatsDelivered)

    assert dict(zip(kept["chat_id"], kept["outcome"], strict=True)) == {
        "1372": "abandoned",
        "7": "answered",
    }


def test_a_chat_only_ever_seen_closed_says_not_whether_anybody_replied():
    _, broken = taken(version(**CLOSED)).judged(WebChatsDelivered)

    assert broken["column"].tolist() == ["outcome"]


def test_each_version_is_a_row_of_its_own_and_the_newest_wins_across_files():
    queries = taken(version(**CLOSED), version(**STAFF_WROTE))
    queries.file(version(**OPEN_AND_WAITING))

    (chat,) = queries.kept(WebChatsDelivered).itertuples()
    assert chat.origin == [{"file_id": 1, "source_row": 1}]
    assert queries.ends() == {"read": 3}


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"source_type": "email"}, id="an e-mail"),
        pytest.param(
            {"source_delivered_as": "campaigns_initiated"}, id="a message nobody answered"
        ),
        pytest.param({"source_delivered_as": ""}, id="nobody says who began"),
    ],
)
def test_what_nobody_asked_in_a_chat_is_out_of_scope(cells):
    assert taken(version(**cells)).ends() == {"out_of_scope": 1}


def test_a_message_of_the_forces_own_is_a_chat_from_the_reply_to_it():
    replied = version(
        source_delivered_as="campaigns_initiated",
        first_contact_reply_created_at="2026-11-01 08:00:00",
        updated_at="2026-11-01 08:05:00",
    )

    queries = taken(replied)

    assert queries.months() == ["2026-11-01"]
    (chat,) = queries.kept(WebChatsDelivered).itertuples()
    assert chat.requested_at == dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize("ending", ["", "Z", "+00", "+00:00", " UTC", ".250", ".250Z"])
def test_times_are_utc_however_they_say_so(ending):
    queries = taken(
        version(created_at=f"2026-10-25T01:30:00{ending}", updated_at="2026-10-26 00:00:00")
    )

    (chat,) = queries.kept(WebChatsDelivered).itertuples()
    assert chat.requested_at.replace(microsecond=0) == dt.datetime(
        2026, 10, 25, 1, 30, tzinfo=dt.UTC
    )


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        pytest.param({"id": ""}, "id", id="no id"),
        pytest.param({"state": "pending"}, "state", id="another state"),
        pytest.param({"source_type": ""}, "source_type", id="no source"),
        pytest.param({"created_at": "2026-10-05 09:00:00+01"}, "created_at", id="not UTC"),
        pytest.param({"updated_at": "1791190800"}, "updated_at", id="seconds"),
        pytest.param({"waiting_since": "since nine"}, "waiting_since", id="no time"),
        pytest.param(
            {"statistics_first_admin_reply_at": "300"},
            "statistics_first_admin_reply_at",
            id="reply",
        ),
        pytest.param({"statistics_last_close_at": "x"}, "statistics_last_close_at", id="close"),
        pytest.param(
            {"first_contact_reply_created_at": "x"}, "first_contact_reply_created_at", id="contact"
        ),
    ],
)
def test_a_broken_version_says_what_is_wrong(cells, column):
    assert [fault[:2] for fault in taken(version(), version(**cells)).faults()] == [(2, column)]
