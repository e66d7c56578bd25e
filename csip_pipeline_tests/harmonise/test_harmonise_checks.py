"""A check counts what is wrong, and counts nothing in a month in which nothing is."""

import pytest
from given import (
    broken,
    callback_outcomes,
    dispositions,
    intake,
    panel_scores,
    rebuilt,
    social,
    telephony,
    web_chats,
    web_forms,
    web_sessions,
)

from csip_pipeline import warehouse
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import contacts as harmonised
from csip_pipeline.parsed_queries import tables_read


@pytest.fixture
def clean(con):
    """A month in which every feed came, and was harmonised."""
    telephony(con, {"call_id": "1"}, {"call_id": "1", "leg": 2}, {"call_id": "2"})
    web_forms(con, {"form_id": "1"}, {"form_id": "1", "channel": "email"})
    web_chats(con, {"chat_id": "1"})
    social(con, {}, {}, {"direction": "out", "conversation_id": "an announcement"})
    web_sessions(con, {}, {"on_date": "2026-01-02"})
    callback_outcomes(con, {})
    panel_scores(con, {})
    feeds = {"telephony": 3, "web_forms": 2, "web_chats": 1, "social": 3}
    feeds |= {"web_sessions": 2, "callback_outcomes": 1, "panel_scores": 1}
    intake(con, *({"feed": feed, "received": rows} for feed, rows in feeds.items()))
    rebuilt(con, harmonised.TABLE)
    return con


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        pytest.param("select 1", 0, id="nothing planted"),
        pytest.param(
            "delete from harmonise.contacts where channel = 'social'", 1, id="a contact lost"
        ),
        pytest.param("delete from harmonise.contacts", 6, id="all of them lost"),
        pytest.param(
            "delete from extract.telephony where call_id = '1'", 1, id="a contact from nowhere"
        ),
        pytest.param(
            "delete from extract.telephony where leg = 2", 0, id="a leg less of the same call"
        ),
        pytest.param(
            "update harmonise.contacts set contact_id = 'x' where channel = 'email'",
            2,
            id="a contact by another name",
        ),
        pytest.param(
            "update harmonise.contacts set month = '2026-02-01' where channel = 'web_chat'",
            1,
            id="a contact in another month",
        ),
        pytest.param(
            "insert into harmonise.contacts from harmonise.contacts where channel = 'web_chat'",
            1,
            id="a contact that is there twice",
        ),
    ],
)
def test_lost_contacts_counts_what_has_not_exactly_one_contact(clean, fault, found):
    clean.execute(fault)

    assert broken(clean, "harmonise/lost_contacts") == found


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        pytest.param("select 1", 0, id="nothing planted"),
        pytest.param(
            "update extract.intake set received = received + 1 where feed = 'social'",
            1,
            id="a file with a row too many",
        ),
        pytest.param("delete from extract.web_chats", 1, id="a feed whose kept rows are gone"),
        pytest.param("delete from extract.web_sessions", 1, id="visits that are gone"),
        pytest.param("delete from extract.callback_outcomes", 1, id="outcomes that are gone"),
        pytest.param("delete from extract.panel_scores", 1, id="scores that are gone"),
        pytest.param(
            "update extract.intake set accepted = 0, duplicate = 2 where feed = 'web_forms'",
            1,
            id="a feed that kept rows although none was accepted",
        ),
        pytest.param(
            "update extract.telephony set source_file = 'another' where leg = 2",
            1,
            id="a row from a file that did not come",
        ),
        pytest.param(
            "update extract.intake set month = '2026-02-01' where feed = 'web_chats'",
            1,
            id="a feed accounted for in another month",
        ),
    ],
)
def test_unexplained_rows_counts_what_does_not_reconcile(clean, fault, found):
    clean.execute(fault)

    assert broken(clean, "extract/unexplained_rows") == found


def test_a_row_may_come_from_a_file_without_rows_of_its_own_in_the_month(clean):
    later = "of the month after, with a reply to this month's question"
    clean.execute(
        "update extract.social set source_file = $later where direction = 'out'",
        {"later": later},
    )
    was_unexplained = broken(clean, "extract/unexplained_rows")

    dispositions(clean, {"feed": "social", "file": later})

    assert (was_unexplained, broken(clean, "extract/unexplained_rows")) == (1, 0)


def test_the_check_of_unexplained_rows_knows_every_feed():
    read = tables_read(warehouse.read_query("extract/unexplained_rows"))

    assert read - {"extract.intake", "extract.dispositions"} == {
        feed.table for feed in FEEDS.values()
    }


def test_a_month_in_which_nothing_came_is_clean(con):
    for query in ("harmonise/lost_contacts", "extract/unexplained_rows", "measure/uneven_levels"):
        assert broken(con, query) == 0
