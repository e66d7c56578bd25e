"""Whoever writes after the Force's last message waits from then until its next message."""

import pandas as pd
import pytest
from given import rebuilt, social

from csip_pipeline.harmonise import further_messages


def waits(con):
    found = rebuilt(con, further_messages.TABLE).sort_values("nth")
    pairs = zip(found["asked_at"], found["replied_at"], strict=True)
    return [tuple(None if pd.isna(at) else f"{at:%H:%M}" for at in pair) for pair in pairs]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        pytest.param("in 09:00", [], id="no reply yet"),
        pytest.param("in 09:00, in 09:10, out 09:20", [], id="twice before the first reply"),
        pytest.param("in 09:00, out 09:20, in 09:30, out 10:00", [("09:30", "10:00")], id="again"),
        pytest.param("in 09:00, out 09:20, in 09:30", [("09:30", None)], id="and no reply"),
        pytest.param(
            "in 09:00, out 09:20, in 09:30, in 09:40, in 09:50, out 10:00, out 10:30",
            [("09:30", "10:00")],
            id="more messages do not restart the wait",
        ),
        pytest.param(
            "in 09:00, out 09:20, in 09:30, out 10:00, in 11:00, in 11:30",
            [("09:30", "10:00"), ("11:00", None)],
            id="twice again",
        ),
        pytest.param(
            "out 08:00, in 09:00, out 09:20", [], id="what the Force said before is no reply"
        ),
        pytest.param(
            "in 09:00, out 09:20, out 09:30, in 09:30, out 09:40",
            [("09:30", "09:30")],
            id="in the same minute the public wrote first",
        ),
        pytest.param("out 08:00, out 09:00", [], id="nobody wrote"),
    ],
)
def test_a_wait_is_from_the_first_unanswered_message_to_the_next_reply(con, messages, expected):
    rows = [
        {"direction": way, "sent_at": f"2026-01-05 {time}"}
        for way, time in map(str.split, messages.split(", "))
    ]
    social(con, *rows[::-1])

    assert waits(con) == expected


def test_a_reply_of_another_month_is_found_beside_its_conversation(con):
    late = {"sent_at": "2026-03-01 09:00", "direction": "out", "month": "2026-01-01"}
    again = {"sent_at": "2026-01-31 23:59", "month": "2026-01-01"}
    social(con, {}, {"direction": "out", "sent_at": "2026-01-05 10:00"}, again, late)

    (row,) = rebuilt(con, further_messages.TABLE).to_dict("records")

    assert (f"{row['month']:%Y-%m}", f"{row['replied_at']:%Y-%m}") == ("2026-01", "2026-03")


def test_conversations_do_not_answer_each_other(con):
    for platform, conversation in (("a", "1"), ("a", "2"), ("b", "1")):
        of = {"platform": platform, "conversation_id": conversation}
        social(con, of, {**of, "direction": "out"}, {**of, "sent_at": "2026-01-05 10:00"})

    found = rebuilt(con, further_messages.TABLE)

    assert found["nth"].tolist() == [1, 1, 1]
    assert sorted(found["contact_id"]) == ["social:a:1", "social:a:2", "social:b:1"]
