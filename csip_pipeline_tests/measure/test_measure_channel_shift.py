"""A channel's share is its contacts over all contacts of the month, if all of them came."""

import pandas as pd
import pytest
from given import contacts, feeds, intake, rebuilt
from statsmodels.stats.proportion import confint_proportions_2indep

from csip_pipeline.measure import channel_shift

EVERY_FEED = ("telephony", "web_forms", "web_chats", "social")
CHANNELS = ("telephone", "web_form", "web_chat", "social")


def shares(con):
    found = rebuilt(con, channel_shift.TABLE).set_index("channel")
    return found.astype(object).where(found.notna(), None)


def came(con, *which):
    feeds(con, *EVERY_FEED)
    intake(con, *({"feed": feed} for feed in which))


def received(con, on=None, **counts):
    moment = {"received_at": f"{on}-05 09:00"} if on else {}
    rows = ({"channel": channel, **moment} for channel, n in counts.items() for _ in range(n))
    contacts(con, *rows)


def came_in(con, month, *missing):
    files = ({"feed": feed, "month": f"{month}-01"} for feed in EVERY_FEED if feed not in missing)
    intake(con, *files)


def changes(con, month="2026-01"):
    """The month's rows by channel, with None for null."""
    found = rebuilt(con, channel_shift.TABLE)
    found = found[found["month"].astype(str) == f"{month}-01"].set_index("channel")
    return found.astype(object).where(found.notna(), None)


@pytest.fixture
def every_feed(con):
    """Every channel's feed is expected."""
    feeds(con, *EVERY_FEED)


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


SHAPES = [
    pytest.param((7, 10), (3, 10), id="small"),
    pytest.param((0, 10), (10, 10), id="none and all"),
    pytest.param((10, 10), (0, 10), id="all and none"),
    pytest.param((0, 1), (0, 1), id="none of one, twice"),
    pytest.param((1, 1), (1, 1), id="all of one, twice"),
    pytest.param((0, 7), (3, 2_000_000), id="few and millions"),
    pytest.param((700_000, 3_500_000), (701_000, 3_400_000), id="millions"),
    pytest.param((56, 70), (48, 80), id="Newcombe's own example, 56/70 less 48/80"),
]


@pytest.mark.parametrize(("this", "that"), SHAPES)
def test_a_change_has_the_interval_that_statsmodels_gives_it(con, this, that):
    found = con.execute(
        "select newcombe_lower($1, $2, $3, $4), newcombe_upper($1, $2, $3, $4)", [*this, *that]
    ).fetchone()

    theirs = confint_proportions_2indep(*this, *that, method="newcomb", compare="diff")
    assert found == pytest.approx(theirs, abs=1e-12)


def test_newcombes_own_example_comes_out_as_he_printed_it(con):
    found = con.execute(
        "select newcombe_lower(56, 70, 48, 80), newcombe_upper(56, 70, 48, 80)"
    ).fetchone()

    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize("counts", ["1, 0, 1, 2", "1, 2, 1, 0", "null, 2, 1, 2", "1, 2, 1, null"])
def test_a_share_that_is_not_known_has_no_interval_of_its_change(con, counts):
    found = con.execute(f"select newcombe_lower({counts}), newcombe_upper({counts})").fetchone()

    assert found == (None, None)


@pytest.mark.usefixtures("every_feed")
@pytest.mark.parametrize(
    ("since", "earlier"),
    [
        pytest.param("last_month", "2025-12", id="last month"),
        pytest.param("last_year", "2025-01", id="the same month of last year"),
    ],
)
def test_a_change_is_in_points_and_has_an_interval(con, since, earlier):
    came_in(con, earlier)
    came_in(con, "2026-01")
    received(con, earlier, telephone=9, web_form=1)
    received(con, telephone=12, web_form=6, social=2)

    found = changes(con)

    names = [f"share_change_on_{since}{end}" for end in ("", "_lower", "_upper")]
    interval = confint_proportions_2indep(6, 20, 1, 10, method="newcomb", compare="diff")
    assert found.loc["web_form", names].tolist() == pytest.approx([0.2, *interval])
    interval = confint_proportions_2indep(12, 20, 9, 10, method="newcomb", compare="diff")
    assert found.loc["telephone", names].tolist() == pytest.approx([-0.3, *interval])
    interval = confint_proportions_2indep(8, 20, 1, 10, method="newcomb", compare="diff")
    digital = [[f"digital_{name}" for name in names]] * len(found)
    for channel, of_digital in zip(found.index, digital, strict=True):
        assert found.loc[channel, of_digital].tolist() == pytest.approx([0.3, *interval])
    other = "last_year" if since == "last_month" else "last_month"
    assert set(found[f"share_change_on_{other}"]) == {None}
    assert set(found[f"digital_share_change_on_{other}_lower"]) == {None}


@pytest.mark.usefixtures("every_feed")
@pytest.mark.parametrize(
    ("missing_then", "missing_now"),
    [
        pytest.param("social", None, id="then"),
        pytest.param(None, "social", id="now"),
    ],
)
def test_a_month_with_a_feed_missing_is_compared_with_nothing(con, missing_then, missing_now):
    came_in(con, "2025-12", missing_then)
    came_in(con, "2026-01", missing_now)
    received(con, "2025-12", telephone=1)
    received(con, telephone=1)

    found = changes(con)

    compared = found.filter(like="change")
    assert compared.size == 4 * 12
    assert compared.isna().all(axis=None)


@pytest.mark.usefixtures("every_feed")
@pytest.mark.parametrize(
    ("then", "now"),
    [
        pytest.param({}, {"telephone": 1}, id="nothing then"),
        pytest.param({"telephone": 1}, {}, id="nothing now"),
    ],
)
def test_a_month_without_contact_is_compared_with_nothing(con, then, now):
    came_in(con, "2025-12")
    came_in(con, "2026-01")
    received(con, "2025-12", **then)
    received(con, **now)

    assert changes(con).filter(like="change").isna().all(axis=None)


@pytest.mark.usefixtures("every_feed")
@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        pytest.param({"telephone": 1, "email": 1}, {"telephone": 2}, -0.5, id="then"),
        pytest.param({"telephone": 2}, {"telephone": 1, "email": 1}, 0.5, id="now"),
        pytest.param({"telephone": 1, "web_chat": 1}, {"telephone": 1}, None, id="never"),
    ],
)
def test_a_channel_that_has_contacts_in_one_month_only_has_a_share_of_nought_in_the_other(
    con, then, now, change
):
    came_in(con, "2025-12")
    came_in(con, "2026-01")
    received(con, "2025-12", **then)
    received(con, **now)

    found = changes(con)

    if change is None:
        assert "email" not in found.index
        assert found.loc["web_chat", "share_change_on_last_month"] == -0.5
    else:
        assert found.loc["email", "share"] == max(change, 0)
        assert found.loc["email", "share_change_on_last_month"] == change


@pytest.mark.usefixtures("every_feed")
def test_e_mails_come_with_the_forms_and_are_not_known_without_them(con):
    came_in(con, "2025-12")
    came_in(con, "2026-01", "web_forms")
    received(con, "2025-12", telephone=1, email=1)
    received(con, telephone=1)

    assert changes(con).loc["email", "contacts"] is None


@pytest.mark.usefixtures("every_feed")
def test_the_year_before_a_leap_day_is_found(con):
    came_in(con, "2027-02")
    came_in(con, "2028-02")
    received(con, "2027-02", telephone=1, web_form=1)
    received(con, "2028-02", telephone=1)

    assert changes(con, "2028-02").loc["telephone", "share_change_on_last_year"] == 0.5
