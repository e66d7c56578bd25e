"""Everybody owed an explanation is told once a cycle and kind of promise; nobody is put at risk."""

import datetime as dt
import stat

import openpyxl
import pytest
from callback_office import NOVEMBER, OCTOBER, SEPTEMBER, TODAY, notices_in, worklists

AT_RISK = "A call could put them at risk"
UNEXPLAINED = "Nobody recorded why they were in touch"


@pytest.mark.parametrize(
    ("second", "notices"),
    [
        pytest.param({}, 1, id="another breach of the same promise"),
        pytest.param({"standard_id": "101-answer-2027"}, 1, id="the standard in other words"),
        pytest.param({"line": "999", "queue": "emergency"}, 1, id="another line"),
        pytest.param({"clock": "first_response"}, 2, id="another clock"),
        pytest.param({"channel": "web_form"}, 2, id="another channel"),
        pytest.param({"person_key": "bob"}, 2, id="another person"),
    ],
)
def test_one_notice_a_person_and_kind_of_promise(office, second, notices):
    office.missed({}, second)

    assert office.issue().new == notices
    assert len(office.notices()) == notices
    assert sum(len(rows) for rows in office.listed().values()) == notices


@pytest.mark.parametrize(
    ("first", "second", "notices"),
    [
        pytest.param(OCTOBER, NOVEMBER, 1, id="months of one cycle"),
        pytest.param(SEPTEMBER, OCTOBER, 2, id="months of two cycles"),
    ],
)
def test_a_new_cycle_is_a_new_promise(office, first, second, notices):
    office.missed({}, month=first)
    office.issue(first)
    office.missed({}, month=second)
    office.issue(second)

    assert len(office.notices()) == notices
    assert [len(rows) for rows in office.listed().values()] == [1] * notices


def test_the_id_follows_from_what_the_notice_is_about(office):
    office.missed({"received_at": "2026-10-30 09:00", "clock_seconds": 700, "reason": None})
    office.issue()
    (later,) = office.notices()
    office.forget()
    office.missed({}, {"received_at": "2026-10-02 09:00"})
    office.issue()
    (earlier,) = office.notices()

    assert earlier["notice_id"] == later["notice_id"]
    assert len(earlier["notice_id"]) == 16
    assert earlier["why"] != later["why"]


@pytest.mark.parametrize(
    ("reasons", "state", "because"),
    [
        pytest.param(["CRIME"], "issued", None, id="nothing speaks against it"),
        pytest.param(["DOMESTIC_ABUSE"], "held", AT_RISK, id="the reason asks for it"),
        pytest.param([None], "held", UNEXPLAINED, id="no reason was recorded"),
        pytest.param(["NEVER_HEARD_OF"], "held", UNEXPLAINED, id="the reason is unknown"),
        pytest.param(["CRIME", "DOMESTIC_ABUSE"], "held", AT_RISK, id="one of two asks for it"),
        pytest.param(["CRIME", None], "held", UNEXPLAINED, id="one of two has none"),
        pytest.param(
            [None, "DOMESTIC_ABUSE"], "held", f"{AT_RISK}; {UNEXPLAINED}", id="each of two is said"
        ),
    ],
)
def test_a_notice_is_held_where_a_call_may_be_unsafe(office, reasons, state, because):
    office.missed(*({"reason": reason} for reason in reasons))
    office.issue()

    (notice,) = office.notices()
    assert (notice["state"], notice["held_because"] or None) == (state, because)
    assert len(worklists(office.settings)) == (state == "issued")


def test_held_notices_stand_in_no_worklist_beside_those_that_do(office):
    office.missed(
        {"person_key": "ann"},
        {"person_key": "bea", "reason": "DOMESTIC_ABUSE"},
        {"person_key": "cat", "reason": None},
    )
    office.issue()

    ids = {notice["person_key"]: notice["notice_id"] for notice in office.notices()}
    assert office.listed() == {"callbacks_2026-10-1.xlsx": [ids["ann"]]}


def test_a_held_notice_stays_held_whatever_is_run_later(office):
    office.missed({"reason": "DOMESTIC_ABUSE"})
    office.issue()
    office.missed({"reason": "CRIME"})
    office.issue()
    office.issue(NOVEMBER)

    assert [notice["state"] for notice in office.notices()] == ["held"]
    assert office.listed() == {}


@pytest.mark.parametrize(
    "breach",
    [
        pytest.param({"person_key": None}, id="the number was withheld"),
        pytest.param({"explain_by_on": None}, id="the standard promises no explanation"),
    ],
)
def test_nobody_is_called_who_cannot_or_need_not_be(office, breach):
    office.missed(breach)

    issued = office.issue()

    assert (issued.notices, issued.new, issued.lists) == (0, 0, [])
    assert office.callback_list() == []
    assert office.listed() == {}


def test_a_month_run_again_changes_nothing(office):
    office.missed({}, {"person_key": "bob"}, {"person_key": "cat", "reason": None})
    first = office.issue()
    files = {path.name: path.read_bytes() for path in worklists(office.settings)}
    seen = office.callback_list(), office.notices(), office.ledger("from publish.transitions")
    again = office.issue()

    assert (first.notices, first.new, first.lists) == (3, 3, ["callbacks_2026-10-1.xlsx"])
    assert (again.notices, again.new, again.lists) == (3, 0, [])
    assert {path.name: path.read_bytes() for path in worklists(office.settings)} == files
    now = office.callback_list(), office.notices(), office.ledger("from publish.transitions")
    assert now == seen


def test_a_corrected_extract_adds_only_who_is_new(office):
    office.missed({}, {"person_key": "bob"})
    office.issue()
    office.missed({"clock_seconds": 7300}, {"person_key": "bob"}, {"person_key": "cat"})
    issued = office.issue()

    ids = {notice["person_key"]: notice["notice_id"] for notice in office.notices()}
    assert (issued.new, issued.lists) == (1, ["callbacks_2026-10-2.xlsx"])
    assert office.listed()["callbacks_2026-10-2.xlsx"] == [ids["cat"]]


def test_whoever_a_correction_takes_away_keeps_the_notice_already_issued(office):
    office.missed({}, {"person_key": "bob"})
    office.issue()
    office.missed({"person_key": "bob"})
    office.issue()

    assert [notice["state"] for notice in office.notices()] == ["issued", "issued"]
    assert office.marked_withdrawn() == [True, False]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        pytest.param(dt.date(2026, 11, 14), "issued", id="on the day it is due"),
        pytest.param(dt.date(2027, 2, 12), "issued", id="90 days late"),
        pytest.param(dt.date(2027, 2, 13), "expired", id="91 days late"),
    ],
)
def test_an_explanation_that_comes_far_too_late_is_not_given(office, today, state):
    office.missed({"explain_by_on": "2026-11-14"})
    office.issue(today=today)

    assert [notice["state"] for notice in office.notices()] == [state]
    assert len(office.listed()) == (state == "issued")


@pytest.mark.parametrize(
    ("breach", "why"),
    [
        pytest.param(
            {"clock_seconds": 100}, "Their telephone call waited 100 seconds.", id="seconds"
        ),
        pytest.param(
            {"clock_seconds": 600}, "Their telephone call waited 10 minutes.", id="whole minutes"
        ),
        pytest.param(
            {"clock_seconds": 619},
            "Their telephone call waited more than 10 minutes.",
            id="a wait just over the standard never reads as kept",
        ),
        pytest.param(
            {"clock_seconds": 172799, "clock": "first_response", "channel": "web_form"},
            "The reply to their online form took more than 47 hours.",
            id="hours",
        ),
        pytest.param(
            {"clock_seconds": 200000, "clock": "resolution", "channel": "social"},
            "Dealing with their social media message took more than 2 days.",
            id="days",
        ),
        pytest.param(
            {"clock_seconds": None, "is_still_waiting": True, "channel": "web_form"},
            "Their online form has not been dealt with.",
            id="still waiting",
        ),
    ],
)
def test_the_reason_is_said_in_neutral_words_that_are_true(office, breach, why):
    office.missed(breach)
    office.issue()

    assert [notice["why"] for notice in office.notices()] == [why]


def test_of_several_breaches_the_first_is_told_and_the_earliest_day_counts(office):
    office.missed(
        {"received_at": "2026-10-09 09:00", "clock_seconds": 1200, "explain_by_on": "2026-11-12"},
        {"received_at": "2026-10-02 09:00", "clock_seconds": 900, "explain_by_on": "2026-11-14"},
    )
    office.issue()

    (notice,) = office.notices()
    assert ([*notice["standing"].values()], notice["priority"]) == ([2], 2)
    assert notice["why"] == "Their telephone call waited 15 minutes."
    assert notice["due_by"] == dt.date(2026, 11, 12)


def test_the_most_urgent_stand_first(office):
    office.missed(
        {"person_key": "once"},
        {"person_key": "twice"},
        {"person_key": "twice"},
        {"person_key": "waiting", "clock_seconds": None, "is_still_waiting": True},
        {"person_key": "once, sooner", "explain_by_on": "2026-11-10"},
    )
    office.issue()

    people = {notice["notice_id"]: notice["person_key"] for notice in office.notices()}
    (rows,) = office.listed().values()
    assert [people[row] for row in rows] == ["waiting", "twice", "once, sooner", "once"]


def test_a_worklist_can_be_read_by_its_owner_alone(office):
    office.missed({})
    office.issue()

    (path,) = worklists(office.settings)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parents[1])]
    assert modes == [0o600, 0o700, 0o700]


def test_a_worklist_says_how_to_reach_each_person(office):
    office.missed({"person_key": "ann"}, {"person_key": "bob"})
    office.issue()

    (path,) = worklists(office.settings)
    rows = openpyxl.load_workbook(path)["Callbacks"].iter_rows(min_row=2, values_only=True)
    reached = {row[0]: row[2:4] for row in rows}
    people = {notice["notice_id"]: notice["person_key"] for notice in office.notices()}
    assert {people[notice]: how for notice, how in reached.items()} == {
        "ann": ("Telephone", "07700 900000"),
        "bob": ("Telephone", "07700 900001"),
    }


def test_whoever_cannot_be_reached_any_more_keeps_nobody_else_waiting(office):
    office.missed({"person_key": "ann"}, {"person_key": "bob"})
    office.reachable("bob")
    first = office.issue()
    state = {notice["person_key"]: notice["state"] for notice in office.notices()}
    office.reachable("ann", "bob")
    second = office.issue()

    assert (first.unreachable, first.lists) == (1, ["callbacks_2026-10-1.xlsx"])
    assert state == {"ann": "due", "bob": "issued"}
    assert (second.unreachable, second.lists) == (0, ["callbacks_2026-10-2.xlsx"])
    assert {notice["state"] for notice in office.notices()} == {"issued"}
    assert [len(rows) for rows in office.listed().values()] == [1, 1]


def test_a_list_of_nobody_who_can_be_reached_is_not_written(office):
    office.missed({})
    office.reachable()

    issued = office.issue()

    assert (issued.new, issued.unreachable, issued.lists) == (1, 1, [])
    assert office.listed() == {}


def test_a_ledger_that_lost_its_memory_overwrites_no_list(office):
    office.missed({})
    office.issue()
    (path,) = worklists(office.settings)
    held_by_the_team = path.read_bytes()
    office.forget()
    office.missed({"person_key": "bob"})
    office.issue()

    assert path.read_bytes() == held_by_the_team
    assert sorted(office.listed()) == ["callbacks_2026-10-1.xlsx", "callbacks_2026-10-2.xlsx"]


def test_the_ledger_survives_a_warehouse_made_anew(office):
    office.missed({})
    office.issue()
    office.con.execute("drop table publish.callback_list")
    office.missed({})

    assert office.issue().new == 0
    assert len(office.callback_list()) == 1
    assert len(worklists(office.settings)) == 1


def test_every_change_of_state_is_kept(office):
    office.missed({}, {"person_key": "bob", "reason": None})
    office.issue(today=TODAY)

    query = "select from_state, to_state, why from publish.transitions order by step"
    assert office.ledger(query) == [
        (None, "due", None),
        (None, "held", UNEXPLAINED),
        ("due", "claimed", "2026-10-1"),
        ("claimed", "issued", "worklist 2026-10-1"),
    ]


def test_the_table_says_how_far_each_notice_has_got(office):
    office.missed({}, {"person_key": "bob", "reason": "DOMESTIC_ABUSE"})
    office.issue()

    found = office.con.sql("select person_key, state from publish.callback_list order by 1")
    assert found.fetchall() == [("ann", "issued"), ("bob", "held")]
    (path,) = worklists(office.settings)
    assert len(notices_in(path)) == 1


@pytest.mark.parametrize(
    ("today", "late"),
    [
        pytest.param(dt.date(2026, 11, 14), 0, id="on the day promised"),
        pytest.param(dt.date(2026, 11, 15), 1, id="the day after"),
    ],
)
def test_whoever_waits_past_the_day_promised_is_counted_until_somebody_acts(office, today, late):
    office.missed({}, {"person_key": "bob", "reason": None})
    office.reachable("bob")
    issued = office.issue(today=today)

    assert (issued.overdue, issued.overdue_held) == (late, late)
    office.reachable("ann", "bob")
    office.release("bob")
    again = office.issue(today=today)
    assert (again.overdue, again.overdue_held) == (0, 0)
