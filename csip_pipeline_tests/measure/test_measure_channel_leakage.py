"""Leakage is who was in touch by web form or chat and telephoned within 24 or 72 hours."""

import datetime as dt

import pandas as pd
import pytest
from given import contacts, rebuilt, the_one

from csip_pipeline import monthly_tables
from csip_pipeline.measure import channel_leakage
from csip_pipeline.measure.intervals import wilson

SENT = "2026-01-05 09:00"
HOUR = 3600
JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)


def online(person="ann", moment=SENT, **cells):
    """A web form of somebody who left a telephone number."""
    usual = {"channel": "web_form", "queue": "report_a_crime", "person_kind": "phone"}
    return {**usual, "person_key": person, "received_at": moment, **cells}


def chat(person="ann", **cells):
    """A web chat of somebody who left a telephone number."""
    return online(person, **{"channel": "web_chat", "queue": "chat", **cells})


def call(after=60, person="ann", since=SENT, **cells):
    """The same person telephones, so many seconds later."""
    received = pd.Timestamp(since, tz="UTC") + pd.Timedelta(seconds=after)
    return {"person_key": person, "person_kind": "phone", "received_at": received, **cells}


def leakage(con):
    return rebuilt(con, channel_leakage.TABLE)


def overall(con, *rows, month="2026-01-01"):
    contacts(con, *rows)
    found = leakage(con)
    return the_one(found[(found["level"] == "all") & (found["month"] == month)])


@pytest.mark.parametrize(
    ("after", "within_24h", "within_72h"),
    [
        pytest.param(0, 0, 0, id="at the very moment"),
        pytest.param(1, 1, 1, id="one second after"),
        pytest.param(24 * HOUR, 1, 1, id="exactly 24 hours"),
        pytest.param(24 * HOUR + 1, 0, 1, id="one second over 24 hours"),
        pytest.param(72 * HOUR, 0, 1, id="exactly 72 hours"),
        pytest.param(72 * HOUR + 1, 0, 0, id="one second over 72 hours"),
        pytest.param(-60, 0, 0, id="before"),
    ],
)
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(SENT, id="in one month"),
        pytest.param("2026-01-31 12:00", id="over the month's end"),
        pytest.param("2026-03-28 12:00", id="over the clock change in spring"),
        pytest.param("2026-10-24 12:00", id="over the clock change in autumn"),
    ],
)
def test_a_call_counts_within_the_window_and_its_end_counts(
    con, after, within_24h, within_72h, moment
):
    found = overall(con, online(moment=moment), call(after, since=moment), month=f"{moment[:7]}-01")

    assert (found["telephoned_24h"], found["telephoned_72h"]) == (within_24h, within_72h)
    assert (found["leaked"], found["net_shift"]) == (within_72h, 1 - within_72h)


@pytest.mark.parametrize(
    ("cells", "leaked"),
    [
        pytest.param({"line": "999"}, 1, id="999"),
        pytest.param({"outcome": "abandoned"}, 1, id="a call given up"),
        pytest.param({"channel": "web_chat"}, 0, id="a chat is no call"),
        pytest.param({"channel": "email"}, 0, id="nor an e-mail"),
        pytest.param({"person": "bob"}, 0, id="somebody else"),
        pytest.param({"person": None}, 0, id="a withheld number"),
    ],
)
def test_any_call_of_the_same_person_counts(con, cells, leaked):
    assert overall(con, online(), call(**cells))["leaked"] == leaked


@pytest.mark.parametrize(
    ("cells", "is_counted"),
    [
        pytest.param({}, True, id="web form"),
        pytest.param({"channel": "web_chat"}, True, id="web chat"),
        pytest.param({"channel": "social"}, False, id="social media"),
        pytest.param({"channel": "email"}, False, id="e-mail"),
        pytest.param({"channel": "telephone"}, False, id="telephone"),
    ],
)
def test_gross_shift_is_of_forms_and_chats(con, cells, is_counted):
    contacts(con, online(**cells))

    found = leakage(con)

    assert found[found["level"] == "all"]["gross_shift"].tolist() == [1] * is_counted


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"person_kind": "email"}, id="an e-mail address"),
        pytest.param({"person_kind": "handle"}, id="a handle"),
        pytest.param({"person": None, "person_kind": None}, id="nothing"),
    ],
)
def test_only_somebody_who_left_a_number_can_be_found_again(con, cells):
    found = overall(con, online(**cells), call(), call(person=None))

    assert (found["gross_shift"], found["not_followed"], found["people"]) == (1, 1, 0)
    assert (found["leaked"], found["net_shift"]) == (0, 1)
    assert found["telephoned_72h_share"] is None
    assert found["telephoned_72h_share_lower"] is None


@pytest.mark.parametrize(
    ("in_the_month", "leaked"),
    [pytest.param(20, 1, id="20 contacts"), pytest.param(21, 0, id="21 contacts")],
)
def test_a_contact_point_that_many_share_is_not_followed(con, in_the_month, leaked):
    calls = [call(60 * n) for n in range(1, in_the_month)]

    found = overall(con, online(), *calls, *(call(since="2026-02-03 09:00") for _ in range(30)))

    assert (found["leaked"], found["not_followed"], found["people"]) == (leaked, 1 - leaked, leaked)


def test_a_person_counts_once_for_each_service_and_once_overall(con):
    contacts(
        con,
        online(),
        online(moment="2026-01-05 10:00"),
        online(queue="lost_property"),
        online("bob"),
        call(2 * HOUR),
    )

    found = leakage(con).set_index("service")

    both = ["gross_shift", "leaked", "people", "telephoned_24h", "telephoned_72h"]
    assert found.loc["report_a_crime", both].tolist() == [3, 2, 2, 1, 1]
    assert found.loc["lost_property", both].tolist() == [1, 1, 1, 1, 1]
    (all_of_them,) = found[found["level"] == "all"][both].to_numpy().tolist()
    assert all_of_them == [4, 3, 2, 1, 1]


def test_shares_are_of_people_with_their_interval(con):
    rows = [online(f"person {n}") for n in range(4)]

    found = overall(con, *rows, call(30 * HOUR, "person 0"), call(60, "person 1"), online(None))

    assert (found["people"], found["telephoned_24h_share"]) == (4, 0.25)
    assert found["telephoned_72h_share"] == 0.5
    for name, successes in (("telephoned_24h_share", 1), ("telephoned_72h_share", 2)):
        bounds = (found[f"{name}_lower"], found[f"{name}_upper"])
        assert bounds == pytest.approx(wilson(successes, 4))


def test_a_chat_is_of_the_service_it_was_about(con):
    contacts(con, chat(reason="lost_property"), chat("bob", reason=None), online(queue="asb"))

    found = leakage(con)

    services = found[found["level"] == "service"].set_index("service")["gross_shift"]
    assert services.to_dict() == {"lost_property": 1, "asb": 1}
    assert found[found["level"] == "all"]["gross_shift"].tolist() == [3]


@pytest.mark.parametrize(
    ("moment", "is_provisional"),
    [
        pytest.param("2026-01-28 23:59:59", False, id="72 hours end in January"),
        pytest.param("2026-01-29 00:00", True, id="and with February's first moment"),
        pytest.param("2026-03-28 22:59:59", False, id="72 hours end in March, after the change"),
        pytest.param("2026-03-28 23:00", True, id="and with April's first moment"),
        pytest.param("2026-10-28 23:59:59", False, id="72 hours end in October"),
        pytest.param("2026-10-29 00:00", True, id="and with November's first moment"),
    ],
)
def test_a_month_is_provisional_where_72_hours_outlast_it(con, moment, is_provisional):
    found = overall(con, online(moment=moment), month=f"{moment[:7]}-01")

    assert found["is_provisional"] is is_provisional


def test_a_month_is_settled_when_the_next_one_comes(con):
    def settled(month):
        monthly_tables.rebuild_touched(con, channel_leakage.TABLE, month)
        return con.execute(
            "select leaked, is_provisional from measure.channel_leakage where level = 'all'"
        ).fetchall()

    contacts(con, online(moment="2026-01-31 12:00"))
    before = settled(JANUARY)
    contacts(con, call(24 * HOUR, since="2026-01-31 12:00"))
    after = settled(FEBRUARY)

    assert (before, after) == ([(0, True)], [(1, False)])


def test_a_month_without_forms_or_chats_has_no_rows(con):
    contacts(con, call())

    assert leakage(con).empty
