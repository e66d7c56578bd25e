"""A channel's share is its contacts over all contacts of the month, if all of them came."""

import pandas as pd
import pytest
from given import contacts, feeds, intake, rebuilt

from csip_pipeline.measure import channel_shift

EVERY_FEED = ("telephony", "web_forms", "web_chats", "social")
CHANNELS = ("telephone", "web_form", "web_chat", "social")


def shares(con):
    found = rebuilt(con, channel_shift.TABLE).set_index("channel")
    return found.astype(object).where(found.notna(), None)


def came(con, *which):
    feeds(con, *EVERY_FEED)
    intake(con, *({"feed": feed} for feed in which))


def received(con, **counts):
    contacts(con, *({"channel": channel} for channel, n in counts.items() for _ in range(n)))


def test_shares_are_of_all_contact_and_sum_to_one(con):
    came(con, *EVERY_FEED)
    received(con, telephone=7, web_form=1, web_chat=1, social=1)

    found = shares(con)

    assert found["share"].to_dict() == {
        "telephone": 0.7,
        "web_form": 0.1,
        "web_chat": 0.1,
        "social": 0.1,
    }
    assert found["share"].sum() == pytest.approx(1)
    assert set(found["contacts_on_all_channels"]) == {10}


@pytest.mark.parametrize(
    ("counts", "digital"),
    [
        pytest.param({"telephone": 7, "web_form": 1, "web_chat": 1, "social": 1}, 0.3, id="three"),
        pytest.param({"telephone": 3, "email": 1}, 0, id="e-mail and telephone are not"),
        pytest.param({"web_chat": 2}, 1, id="nothing else"),
    ],
)
def test_the_digital_share_is_of_forms_chats_and_social_media(con, counts, digital):
    came(con, *EVERY_FEED)
    received(con, **counts)

    assert set(shares(con)["digital_share"]) == {digital}


def test_a_channel_without_contacts_has_a_share_of_nought(con):
    came(con, *EVERY_FEED)
    received(con, telephone=1)

    found = shares(con)

    assert found.loc["web_chat", ["contacts", "share"]].tolist() == [0, 0]
    assert sorted(found.index) == sorted(CHANNELS)


@pytest.mark.parametrize(
    ("delivered", "missing"),
    [
        pytest.param(["telephony", "web_chats", "social"], "web_forms", id="one"),
        pytest.param(["telephony", "web_chats"], "social, web_forms", id="two, in order"),
    ],
)
def test_a_missing_feed_leaves_no_share_at_all(con, delivered, missing):
    came(con, *delivered)
    received(con, telephone=3, web_chat=1)

    found = shares(con)

    assert set(found["share"]) == set(found["digital_share"]) == {None}
    assert set(found["feeds_missing"]) == {missing}
    assert found["contacts"].to_dict() == {
        "telephone": 3,
        "web_chat": 1,
        "web_form": None,
        "social": None if "social" in missing else 0,
    }


def test_a_feed_of_which_nothing_was_accepted_is_missing(con):
    came(con, "telephony", "web_forms", "social")
    intake(con, {"feed": "web_chats", "received": 4, "quarantined": 4})
    received(con, telephone=1)

    assert set(shares(con)["feeds_missing"]) == {"web_chats"}


def test_only_channels_of_contact_decide_whether_there_are_shares(con):
    came(con, *EVERY_FEED)
    feeds(con, "web_sessions", "callback_outcomes", "panel_scores")
    received(con, telephone=1)

    found = shares(con)

    assert sorted(found.index) == sorted(CHANNELS)
    assert set(found["feeds_missing"]) == {None}
    assert found.loc["telephone", "share"] == 1


def test_a_month_without_any_contact_has_no_shares(con):
    came(con, *EVERY_FEED)

    found = shares(con)

    assert set(found["contacts"]) == set(found["contacts_on_all_channels"]) == {0}
    assert set(found["share"]) == set(found["digital_share"]) == {None}


def test_a_channel_that_comes_with_another_feed_is_counted(con):
    came(con, *EVERY_FEED)
    received(con, email=1, telephone=1)

    assert shares(con).loc["email", "share"] == 0.5


def test_shares_that_do_not_sum_to_one_break_the_promise():
    months = pd.DataFrame({"month": ["2026-01-01"] * 2, "share": [0.5, 0.4]})

    assert not channel_shift.ChannelShift.shares_are_whole(months).any()
