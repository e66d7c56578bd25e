"""A chat is its events: requested by the first, joined by an agent's first, ended by the last."""

import pytest
from extract_samples import CHAT_HEADER, CHATS, NOVEMBER, OCTOBER

AGENT = "agent:403"


def event(at: str, actor: str = "visitor-9", kind: str = "ChatMessage", chat: str = "c1") -> str:
    """One event of the chat export."""
    return f"{chat},{at},{actor},0,Hello,{kind}"


ASKED = [
    event("2026-10-05 09:00:00.100", kind="ChatJoin"),
    event("2026-10-05 09:00:02", "__trigger"),
    event("2026-10-05 09:00:09"),
]


@pytest.mark.parametrize(
    ("events", "outcome", "joined", "replied"),
    [
        pytest.param(ASKED, "abandoned", None, None, id="the system's greeting is no reply"),
        pytest.param(
            [*ASKED, event("2026-10-05 09:01:00", AGENT, "ChatJoin")],
            "answered",
            "09:01:00",
            None,
            id="joined and silent",
        ),
        pytest.param(
            [
                *ASKED,
                event("2026-10-05 09:01:00", AGENT, "ChatJoin"),
                event("2026-10-05 09:01:30", "403"),
            ],
            "answered",
            "09:01:00",
            "09:01:30",
            id="an agent's number without the word agent",
        ),
    ],
)
def test_who_acted_decides_the_outcome(folder, events, outcome, joined, replied):
    folder.expect(CHATS)
    folder.drop("web_chats/events.csv", CHAT_HEADER, *reversed(events))

    folder.take("web_chats")

    chats = (
        "select outcome, strftime(joined_at, '%H:%M:%S'), strftime(first_reply_at, '%H:%M:%S') "
        "from extract.web_chats"
    )
    assert folder.rows(chats) == [(outcome, joined, replied)]
    assert folder.ends() == {"events.csv": {"accepted": len(events)}}


def test_a_chat_over_midnight_at_the_months_end_stands_whole_in_the_month_it_began(folder):
    folder.expect(CHATS)
    asked = event("2026-10-31 23:59:00", kind="ChatJoin")
    folder.drop("web_chats/events_10.csv", CHAT_HEADER, asked)
    joined = event("2026-11-01 00:02:00", AGENT, "ChatJoin")
    folder.drop("web_chats/events_11.csv", CHAT_HEADER, joined)

    for month in (OCTOBER, NOVEMBER):
        folder.take("web_chats", month)

    assert folder.rows("select strftime(month, '%m'), outcome from extract.web_chats") == [
        ("10", "answered")
    ]
    assert folder.ends(OCTOBER) == {"events_10.csv": {"accepted": 1}}
    assert folder.ends(NOVEMBER) == {"events_11.csv": {"accepted": 1}}
    assert folder.touched() == set()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param(event("2026-10-05 09:00:00", chat=" "), "chat_id", id="no chat"),
        pytest.param(event("05/10/2026 9am"), "created_at", id="no time"),
    ],
)
def test_a_broken_event_costs_that_event_alone(folder, row, column):
    folder.expect(CHATS)
    folder.drop("web_chats/events.csv", CHAT_HEADER, *ASKED, row)

    assert [fault[:2] for fault in folder.faults()] == [(5, column)]


def test_an_export_of_something_else_is_refused(folder):
    folder.expect(CHATS)
    folder.drop("web_chats/events.csv", CHAT_HEADER.replace("chat_id", "id"), *ASKED)

    (refused,) = folder.catalogue().refused

    assert 'events.csv has no column "chat_id"' in refused.reason
