"""Forms, chats and posts behave: no answer before its question, within the team's hours."""

import csv
import datetime as dt
import io
from collections import Counter

import pytest

from csip_pipeline.demo import chat_words, social, web_chats, web_forms, web_sessions
from csip_pipeline.demo.conversations import TEAM, Chance, thread
from csip_pipeline.demo.hours import Hours
from csip_pipeline.demo.world import World

WORLD = World(7, dt.date(2026, 6, 1), 0.2)
SUMMER = World(7, dt.date(2025, 7, 1), 0.2)
LONG_AFTER = 2_000_000_000


def table(header, rows):
    return list(csv.DictReader(io.StringIO("\n".join([header, *rows]))))


def moment(text):
    return dt.datetime.strptime(text, "%d/%m/%Y %H:%M") if text else None  # noqa: DTZ007 - a clock


def forms(world, known_until=LONG_AFTER):
    return table(web_forms.HEADER, web_forms.rows(world, known_until))


def in_time(world):
    clocks = [(moment(form["Submitted"]), moment(form["First reply"])) for form in forms(world)]
    met = [reply is not None and reply - sent <= dt.timedelta(hours=24) for sent, reply in clocks]
    return sum(met) / len(met)


def test_no_form_is_answered_before_it_was_sent_or_out_of_hours():
    for form in forms(WORLD):
        sent, reply = moment(form["Submitted"]), moment(form["First reply"])
        resolved = moment(form["Resolved"])
        assert reply is None or (sent <= reply and 8 <= reply.hour < 20)
        assert resolved is None or reply <= resolved


def test_an_extract_knows_nothing_of_what_comes_after_it():
    early = forms(WORLD, WORLD.ends_at)

    assert all(moment(form["First reply"] or "01/06/2026 00:00").month == 6 for form in early)
    assert sum(not form["First reply"] for form in early) > sum(
        not form["First reply"] for form in forms(WORLD)
    )


def test_replies_to_forms_are_slower_when_the_force_is_short_of_staff():
    assert 0.86 < in_time(WORLD) < 0.93
    assert in_time(SUMMER) < in_time(WORLD) - 0.05


def test_some_forms_hold_characters_that_only_cp1252_explains():
    text = "".join(web_forms.rows(WORLD, LONG_AFTER))

    assert "\N{EN DASH}" in text
    text.encode("cp1252")


@pytest.mark.parametrize(
    ("at", "seconds", "expected"),
    [
        pytest.param("2026-01-05 09:00", 3_600, "2026-01-05 10:00", id="within the day"),
        pytest.param("2026-01-05 03:00", 3_600, "2026-01-05 09:00", id="before opening"),
        pytest.param("2026-01-05 19:30", 3_600, "2026-01-06 08:30", id="over closing time"),
        pytest.param("2026-01-05 22:00", 60, "2026-01-06 08:01", id="after closing"),
        pytest.param("2026-03-28 19:30", 3_600, "2026-03-29 07:30", id="over a clock change"),
    ],
)
def test_work_is_done_in_working_hours(at, seconds, expected):
    def epoch(text):
        return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp())

    assert Hours(8, 20).after(epoch(at), seconds) == epoch(expected)


def test_a_chat_ends_with_its_visitor_and_a_bot_greets_first():
    events = table(web_chats.HEADER, web_chats.rows(WORLD))
    by_chat = {}
    for event in events:
        by_chat.setdefault(event["chat_id"], []).append(event)

    assert len(by_chat) == len(WORLD.chats)
    for chat in by_chat.values():
        times = [event["created_at"] for event in chat]
        assert times == sorted(times)
        assert [event["chat_index"] for event in chat] == list(map(str, range(len(chat))))
        assert chat[1]["message"] == chat_words.GREETING
        assert chat[-1]["type"] == "ChatLeave"


def test_only_visitors_who_stay_meet_an_agent():
    events = table(web_chats.HEADER, web_chats.rows(WORLD))
    with_agent = {event["chat_id"] for event in events if event["actor_id"].startswith("agent:")}

    assert len(with_agent) == sum(not wish.gives_up for wish in WORLD.chats)


def test_analytics_count_the_forms_that_the_forms_extract_holds():
    counted = {
        (row["Date"], row["Service"]): int(row["Form sent"])
        for row in table(web_sessions.HEADER, web_sessions.rows(WORLD))
    }
    submitted = Counter((form["Submitted"][:10], form["Service"]) for form in forms(WORLD))

    assert len(counted) == len(WORLD.days) * 7
    assert {key: sent for key, sent in counted.items() if sent} == submitted


def test_whoever_sends_a_form_began_one_and_whoever_began_one_visited():
    for row in table(web_sessions.HEADER, web_sessions.rows(WORLD)):
        visits, started, sent, left = (int(cell) for cell in list(row.values())[2:])
        assert visits >= started >= sent >= 0
        assert visits >= left >= 0


def test_more_people_visit_after_the_campaign():
    before, after = (
        sum(int(row["Visits"]) for row in table(web_sessions.HEADER, web_sessions.rows(world)))
        for world in (SUMMER, World(7, dt.date(2026, 7, 1), 0.2))
    )

    assert before * 1.3 < after


def test_posts_have_the_quirks_of_the_real_export():
    posts = table(social.HEADER, social.rows(WORLD, WORLD.ends_at))
    ids = [int(post["tweet_id"]) for post in posts]
    parents = {post["in_response_to_tweet_id"] for post in posts}

    assert {parent[-2:] for parent in parents} == {"", ".0"}
    assert any("," in post["response_tweet_id"] for post in posts)
    assert any("\n" in post["text"] for post in posts)
    assert any("&amp;" in post["text"] for post in posts)
    assert ids != sorted(ids)
    assert len(set(ids)) == len(ids)


def test_an_answer_after_midnight_at_the_end_of_a_month_is_in_the_next_file():
    june, july = (World(7, dt.date(2026, month, 1), 5.0) for month in (6, 7))
    asked = {post["tweet_id"] for post in table(social.HEADER, social.rows(june, june.ends_at))}
    later = table(social.HEADER, social.rows(july, july.ends_at))

    assert any(post["in_response_to_tweet_id"].removesuffix(".0") in asked for post in later)


def test_a_conversation_goes_back_and_forth_in_time_order():
    midnight = WORLD.starts_at
    posts = thread(60, midnight, "42", Chance(600, 600, 600, (0.0, 0.0, 0.0, 0.0), 0))

    assert [post.author for post in posts].count("42") == 2
    assert [post.post_id for post in posts] == [60, 61, 62, 63, 64]
    assert posts[1].at == midnight + TEAM.opens * 3_600 + 600
    assert [reply.post_id for reply in posts[0].replies] == [61, 62]
