"""Whoever gave up was called back, came back, went elsewhere, or was lost, within 24 hours."""

import datetime as dt

import pandas as pd
import pytest
from given import broken, contacts, rebuilt, the_one

from csip_pipeline import monthly_tables
from csip_pipeline.measure import abandoned_fates
from csip_pipeline.measure.abandoned_fates import FATES

GAVE_UP = "2026-01-05 09:00"
DAY = 24 * 3600
JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)


def gave_up(**cells):
    """Somebody who gave up at once, at nine."""
    usual = {"person_key": "ann", "outcome": "abandoned", "received_at": GAVE_UP}
    return {**usual, "contact_id": "gave up", **cells}


def next_contact(after=60, since=GAVE_UP, **cells):
    """A contact of the same person, so many seconds after they gave up."""
    return {"person_key": "ann", "received_at": later(since, after), **cells}


def callback(reached_after, asked_after=60, since=GAVE_UP, **cells):
    """The same person asks to be called back, and is reached."""
    reached = None if reached_after is None else later(since, reached_after)
    asked = next_contact(asked_after, since, outcome="callback_requested", **cells)
    return {**asked, "responded_at": reached}


def later(moment, seconds):
    return pd.Timestamp(moment, tz="UTC") + pd.Timedelta(seconds=seconds)


def fates(con):
    return rebuilt(con, abandoned_fates.TABLE)


def fate_of(con, *rows):
    contacts(con, *rows)
    found = fates(con)
    return the_one(found[found["contact_id"] == "gave up"])


@pytest.mark.parametrize(
    ("cells", "fate"),
    [
        pytest.param({}, "returned_101", id="rang 101"),
        pytest.param({"line": None}, "returned_101", id="rang on a line without a name"),
        pytest.param({"line": "999"}, "moved_to_999", id="rang 999"),
        pytest.param({"channel": "web_form"}, "went_online", id="sent a form"),
        pytest.param({"channel": "web_chat"}, "went_online", id="began a chat"),
        pytest.param({"channel": "social"}, "went_online", id="wrote on social media"),
        pytest.param({"channel": "email"}, "went_online", id="wrote an e-mail"),
        pytest.param({"outcome": "abandoned"}, "returned_101", id="rang and gave up again"),
        pytest.param({"outcome": "callback_requested"}, "returned_101", id="never called back"),
        pytest.param({"person_key": "bob"}, "lost", id="somebody else rang"),
        pytest.param({"person_key": None}, "lost", id="a withheld number rang"),
    ],
)
def test_the_next_contact_decides(con, cells, fate):
    assert fate_of(con, gave_up(), next_contact(**cells))["fate"] == fate


def test_whoever_is_not_heard_of_again_is_lost(con):
    found = fate_of(con, gave_up())

    assert (found["fate"], found["heard_again_at"], found["heard_after_seconds"]) == (
        "lost",
        None,
        None,
    )


@pytest.mark.parametrize("outcome", ["abandoned", "timed_out"])
@pytest.mark.parametrize("channel", ["telephone", "web_chat"])
def test_calls_and_chats_have_a_fate_whoever_ended_the_wait(con, outcome, channel):
    assert fate_of(con, gave_up(outcome=outcome, channel=channel))["fate"] == "lost"


@pytest.mark.parametrize("outcome", ["answered", "callback_requested", "voicemail", "waiting"])
def test_nobody_else_has_a_fate(con, outcome):
    contacts(con, {"outcome": outcome, "person_key": "ann"})

    assert fates(con).empty


@pytest.mark.parametrize(
    ("after", "fate"),
    [
        pytest.param(0, "lost", id="at the very moment"),
        pytest.param(1, "returned_101", id="one second after"),
        pytest.param(DAY, "returned_101", id="exactly 24 hours after"),
        pytest.param(DAY + 1, "lost", id="one second over"),
    ],
)
def test_the_window_is_24_hours_and_its_end_counts(con, after, fate):
    assert fate_of(con, gave_up(), next_contact(after))["fate"] == fate


@pytest.mark.parametrize(
    ("reached_after", "fate"),
    [
        pytest.param(0, "returned_101", id="at the very moment"),
        pytest.param(1, "called_back", id="one second after"),
        pytest.param(DAY, "called_back", id="exactly 24 hours after"),
        pytest.param(DAY + 1, "returned_101", id="one second over"),
    ],
)
def test_a_callback_counts_from_when_the_force_reached_them(con, reached_after, fate):
    asked_after = min(reached_after, 1)
    rows = [gave_up(), callback(reached_after, asked_after)]
    rows += [next_contact(2)]

    assert fate_of(con, *rows)["fate"] == fate


def test_a_callback_asked_for_before_they_gave_up_counts(con):
    found = fate_of(con, gave_up(), callback(3600, asked_after=-3600))

    assert found["fate"] == "called_back"
    assert found["heard_after_seconds"] == 3600


def test_a_callback_goes_before_whatever_came_sooner(con):
    found = fate_of(con, gave_up(), next_contact(60, line="999"), callback(7200, asked_after=30))

    assert (found["fate"], found["heard_after_seconds"]) == ("called_back", 7200)


def test_only_a_callback_by_telephone_counts(con):
    found = fate_of(con, gave_up(), callback(7200, channel="web_chat"))

    assert found["fate"] == "went_online"


def test_of_two_callbacks_the_first_to_reach_them_is_told(con):
    found = fate_of(con, gave_up(), callback(7200), callback(3600, asked_after=120))

    assert found["heard_after_seconds"] == 3600


def test_of_two_contacts_the_first_decides(con):
    rows = [gave_up(), next_contact(600, line="999"), next_contact(300, channel="web_form")]

    found = fate_of(con, *rows)

    assert (found["fate"], found["heard_after_seconds"]) == ("went_online", 300)
    assert found["heard_again_at"] == later(GAVE_UP, 300)


@pytest.mark.parametrize(
    ("cells", "fate"),
    [
        pytest.param([{"line": "999"}, {}, {"channel": "web_form"}], "moved_to_999", id="three"),
        pytest.param([{}, {"channel": "social"}], "returned_101", id="101 and online"),
        pytest.param([{"channel": "email"}, {"line": "999"}], "moved_to_999", id="999 and online"),
    ],
)
def test_at_one_moment_999_goes_before_101_and_either_before_online(con, cells, fate):
    contacts(con, *(next_contact(60, **each) for each in cells))

    assert fate_of(con, gave_up())["fate"] == fate


@pytest.mark.parametrize(
    ("cells", "gave_up_at"),
    [
        pytest.param({"ended_at": "2026-01-05 09:07"}, "09:07", id="when it ended"),
        pytest.param(
            {"ended_at": "2026-01-05 09:07", "wait_seconds": 60}, "09:07", id="that before the wait"
        ),
        pytest.param({"wait_seconds": 90.5}, "09:01:30.5", id="else after the wait"),
        pytest.param({"wait_seconds": None}, "09:00", id="else when it was received"),
    ],
)
def test_they_gave_up_when_the_contact_ended(con, cells, gave_up_at):
    found = fate_of(con, gave_up(**cells))

    assert found["gave_up_at"] == pd.Timestamp(f"2026-01-05 {gave_up_at}", tz="UTC")


def test_a_contact_while_they_still_waited_does_not_count(con):
    found = fate_of(con, gave_up(wait_seconds=600), next_contact(599), next_contact(600))

    assert found["fate"] == "lost"


def test_somebody_who_gave_up_twice_has_a_fate_each_time(con):
    contacts(con, gave_up(), gave_up(contact_id="again", received_at=later(GAVE_UP, 60)))

    found = fates(con).set_index("contact_id")["fate"]

    assert found.to_dict() == {"gave up": "returned_101", "again": "lost"}


def test_a_withheld_number_has_an_unknown_fate(con):
    found = fate_of(con, gave_up(person_key=None), next_contact(person_key=None))

    assert (found["fate"], found["heard_again_at"]) == ("unknown", None)


@pytest.mark.parametrize(
    ("in_the_month", "fate"),
    [
        pytest.param(20, "returned_101", id="20 contacts"),
        pytest.param(21, "unknown", id="21 contacts"),
    ],
)
def test_a_contact_point_that_many_share_is_nobody(con, in_the_month, fate):
    rows = [next_contact(60 * n) for n in range(1, in_the_month)]
    next_month = [next_contact(since="2026-02-01 09:00") for _ in range(30)]

    found = fate_of(con, gave_up(), *rows, *next_month)

    assert found["fate"] == fate
    assert (found["heard_again_at"] is None) == (fate == "unknown")


@pytest.mark.parametrize(
    ("gave_up_at", "at", "fate"),
    [
        pytest.param("2026-03-28 12:00", "2026-03-29 12:00", "returned_101", id="spring, 24 h"),
        pytest.param("2026-03-28 12:00", "2026-03-29 12:00:01", "lost", id="spring, over"),
        pytest.param("2026-10-24 11:00", "2026-10-25 11:00", "returned_101", id="autumn, 24 h"),
        pytest.param("2026-10-24 11:00", "2026-10-25 11:00:01", "lost", id="autumn, over"),
    ],
)
def test_24_hours_are_hours_though_the_clocks_change(con, gave_up_at, at, fate):
    found = fate_of(con, gave_up(received_at=gave_up_at), next_contact(0, at))

    assert found["fate"] == fate


@pytest.mark.parametrize(
    ("rows", "fate"),
    [
        pytest.param([next_contact(3600, "2026-01-31 23:30")], "returned_101", id="they rang"),
        pytest.param([callback(7200, 3600, "2026-01-31 23:30")], "called_back", id="callback"),
    ],
)
def test_what_happened_in_the_next_month_counts(con, rows, fate):
    found = fate_of(con, gave_up(received_at="2026-01-31 23:30"), *rows)

    assert found["fate"] == fate


@pytest.mark.parametrize(
    ("gave_up_at", "is_provisional"),
    [
        pytest.param("2026-01-30 23:59:59", False, id="24 hours end in January"),
        pytest.param("2026-01-31 00:00", True, id="and with February's first moment"),
        pytest.param("2026-06-29 22:59:59", False, id="24 hours end in June, in London"),
        pytest.param("2026-06-29 23:00", True, id="and with July's first moment in London"),
        pytest.param("2026-03-30 22:59:59", False, id="24 hours end in March, after the change"),
        pytest.param("2026-03-30 23:00", True, id="and with April's first moment"),
        pytest.param("2026-10-30 23:59:59", False, id="24 hours end in October, after the change"),
        pytest.param("2026-10-31 00:00", True, id="and with November's first moment"),
    ],
)
def test_a_fate_is_provisional_where_24_hours_outlast_the_month(con, gave_up_at, is_provisional):
    assert fate_of(con, gave_up(received_at=gave_up_at))["is_provisional"] is is_provisional


def test_any_contact_of_the_next_month_makes_it_final(con):
    found = fate_of(
        con,
        gave_up(received_at="2026-01-31 12:00"),
        next_contact(since="2026-02-20 09:00", person_key="bob"),
    )

    assert (found["fate"], found["is_provisional"]) == ("lost", False)


def test_a_month_is_settled_when_the_next_one_comes(con):
    def settled(month):
        monthly_tables.rebuild_touched(con, abandoned_fates.TABLE, month)
        return con.execute("select fate, is_provisional from measure.abandoned_fates").fetchall()

    contacts(con, gave_up(received_at="2026-01-31 23:30"))
    before = settled(JANUARY)
    contacts(con, next_contact(3600, "2026-01-31 23:30"))
    after = settled(FEBRUARY)

    assert (before, after) == ([("lost", True)], [("returned_101", False)])


def everybody(con):
    """One of each fate, and two who did not give up."""
    contacts(
        con,
        *(gave_up(contact_id=fate, person_key=fate) for fate in FATES if fate != "unknown"),
        gave_up(contact_id="unknown", person_key=None),
        callback(60, 30, person_key="called_back", contact_id="callback"),
        next_contact(person_key="returned_101"),
        next_contact(person_key="moved_to_999", line="999"),
        next_contact(person_key="went_online", channel="social"),
    )


def test_everybody_who_gave_up_has_one_fate(con):
    everybody(con)

    found = fates(con)

    assert sorted(found["fate"]) == sorted(FATES)
    assert (found["fate"] == found["contact_id"]).all()
    assert broken(con, "measure/astray_fates") == 0


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        pytest.param(
            "delete from measure.abandoned_fates where fate in ('lost', 'unknown')",
            2,
            id="left out",
        ),
        pytest.param(
            "insert into measure.abandoned_fates from measure.abandoned_fates where fate = 'lost'",
            1,
            id="counted twice",
        ),
        pytest.param(
            "update harmonise.contacts set outcome = 'answered' where contact_id = 'lost'",
            1,
            id="made up",
        ),
    ],
)
def test_the_check_finds_a_fate_gone_astray(con, fault, found):
    everybody(con)
    fates(con)

    con.execute(fault)

    assert broken(con, "measure/astray_fates") == found


def test_the_check_finds_nothing_where_nobody_gave_up(con):
    assert broken(con, "measure/astray_fates") == 0
