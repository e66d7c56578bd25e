"""Whoever a call could put at risk is held until a named reviewer has looked; unknown is held."""

import datetime as dt

import pytest
from callback_office import TODAY, flagged_reasons, flags, reasons_with

from csip_pipeline.pseudonyms import pseudonym
from csip_pipeline.publish.callbacks import opening, reviewing
from csip_pipeline.refusals import RefusedError

FLAG = "domestic_abuse"
ANN = "+447700900001"


def listed(office, *rows, header="kind,contact_point,flag,until_on,safe_time"):
    """The force's list of people who must not simply be called."""
    office.settings.make_restricted()
    office.settings.flagged_people.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def person(office, number=ANN):
    """The pseudonym of whoever has a telephone number."""
    return pseudonym(office.settings.pseudonym_key(), "phone", number)


@pytest.mark.parametrize(
    "rule",
    [
        "do_not_contact",
        "domestic_abuse",
        "safeguarding",
        "shared_phone",
        "under_18",
        "no_safe_time",
    ],
)
def test_whoever_the_force_lists_is_held(office, rule):
    flags(office.con, {"flag": rule, "title": "Because of the rule"})
    listed(office, f"phone,07700 900001,{rule},,")
    office.missed({"person_key": person(office)}, {"person_key": "bob"})
    office.issue()

    assert office.states() == {person(office): "held", "bob": "issued"}
    (ann,) = [notice for notice in office.notices() if notice["person_key"] == person(office)]
    assert ann["held_because"] == "Because of the rule"


@pytest.mark.parametrize(
    ("row", "state"),
    [
        pytest.param("phone,07700 900001,nobody_explains_this,,", "held", id="an unknown flag"),
        pytest.param("phone,07700 900001,,,", "held", id="no flag at all"),
        pytest.param("phone,+44 7700 900001,known,,", "held", id="another way of writing it"),
        pytest.param("phone,07700 900001,harmless,,", "issued", id="a flag that holds nobody"),
        pytest.param("phone,07700 900001,known,2026-11-05,", "held", id="until today"),
        pytest.param("phone,07700 900001,known,2026-11-04,", "issued", id="until yesterday"),
        pytest.param("phone,07700 900001,no_safe_time,,", "held", id="no time that is safe"),
        pytest.param(
            "phone,07700 900001,no_safe_time,,weekdays", "issued", id="a time that is safe"
        ),
        pytest.param("phone,07700 900001,known,,weekdays", "held", id="a time answers one flag"),
        pytest.param("phone,07700 900002,known,,", "issued", id="somebody else"),
    ],
)
def test_what_a_row_of_the_list_does(office, row, state):
    flags(
        office.con,
        {"flag": "known"},
        {"flag": "no_safe_time"},
        {"flag": "harmless", "holds": "no"},
    )
    listed(office, row)
    office.missed({"person_key": person(office)})
    office.issue(today=TODAY)

    assert office.states() == {person(office): state}


def test_a_safe_time_stands_in_the_worklist(office):
    flags(office.con, {"flag": "no_safe_time"})
    listed(office, "phone,07700 900001,no_safe_time,,weekdays 10:00 to 12:00")
    office.missed({"person_key": person(office)}, {"person_key": "bob"})
    office.issue()

    assert sorted(office.column("Safe time to call")) == ["any", "weekdays 10:00 to 12:00"]


def test_a_list_that_was_there_and_is_gone_stops_everybody(office):
    listed(office)
    office.missed({})
    office.issue()
    office.settings.flagged_people.unlink()
    office.missed({}, {"person_key": "bob"})

    with pytest.raises(RefusedError, match=r"flagged_people.csv is gone"):
        office.issue()
    assert [len(rows) for rows in office.listed().values()] == [1]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("pager,07700 900001,known,,", "row 2: kind must be one of phone, email, handle"),
        ("phone,nonsense,known,,", "row 2: contact_point holds no phone"),
        ("phone,07700 900001,known,01/02/2026,", "row 2: until_on is not written YYYY-MM-DD"),
        ("phone,07700 900001,known", "row 2 has not as many fields as the header"),
        ("phone,07700 900001,known,,,,", "row 2 has not as many fields as the header"),
    ],
)
def test_a_list_that_cannot_be_read_stops_everybody_and_quotes_nobody(office, row, said):
    listed(office, row)
    office.missed({})

    with pytest.raises(RefusedError) as refused:
        office.issue()
    assert said in str(refused.value)
    assert "900001" not in str(refused.value)
    assert office.listed() == {}


def test_a_list_with_another_header_stops_everybody(office):
    listed(office, header="kind,number,flag")
    office.missed({})

    with pytest.raises(RefusedError, match="its columns must be contact_point, flag, kind"):
        office.issue()


@pytest.mark.parametrize(
    ("days", "received_at", "state"),
    [
        pytest.param(30, "2026-10-06 09:00Z", "held", id="on the last day that it is remembered"),
        pytest.param(30, "2026-10-05 22:30Z", "issued", id="the London day before"),
        pytest.param(0, "2026-11-05 08:00Z", "issued", id="a flag of that contact alone"),
    ],
)
def test_a_flag_of_one_contact_is_remembered_for_the_next(office, days, received_at, state):
    flags(office.con, {"flag": FLAG, "remembered_days": days})
    flagged_reasons(office.con, reasons_with(DOMESTIC_ABUSE=FLAG))
    office.missed({"reason": "CRIME"})
    office.in_touch({"reason": "DOMESTIC_ABUSE", "received_at": received_at})
    office.issue(today=TODAY)

    assert office.states() == {"ann": state}


def test_a_flag_that_contact_flags_does_not_explain_is_remembered_and_holds(office):
    flagged_reasons(office.con, reasons_with(DOMESTIC_ABUSE="something new"))
    office.missed({"reason": "CRIME"})
    office.in_touch({"reason": "DOMESTIC_ABUSE"})
    office.issue()

    assert office.states() == {"ann": "held"}


@pytest.mark.parametrize(("contacts", "state"), [(20, "issued"), (21, "held")])
def test_a_telephone_that_is_used_so_often_is_a_shared_one(office, contacts, state):
    flags(office.con, {"flag": "shared_phone", "contacts_a_month": 20})
    office.missed({})
    office.in_touch(*[{} for _ in range(contacts)])
    office.issue()

    assert office.states() == {"ann": state}


def test_a_flag_may_make_somebody_urgent_without_holding_them(office):
    flags(office.con, {"flag": "vulnerable", "holds": "no", "is_urgent": "yes"})
    listed(office, "phone,07700 900001,vulnerable,,")
    office.missed({"person_key": "bob"}, {"person_key": person(office)})
    office.issue()

    ids = office.ids()
    assert office.listed() == {"callbacks_2026-10-1.xlsx": [ids[person(office)], ids["bob"]]}


def test_a_force_may_decide_that_a_missing_reason_holds_nobody(office):
    flags(office.con, {"flag": "no_reason", "holds": "no"})
    office.missed({"reason": None})
    office.issue()

    assert office.states() == {"ann": "issued"}


def test_whoever_was_unsafe_to_reach_is_held_the_next_time(office):
    office.missed({})
    office.issue()
    office.reported({"notice_id": office.ids()["ann"], "outcome": "unsafe"})
    office.missed({"clock": "first_response"})
    office.issue()

    held = [notice for notice in office.notices() if notice["state"] == "held"]
    assert [notice["held_because"] for notice in held] == ["Contact was found to be unsafe before"]


def test_whoever_is_due_and_flagged_before_the_list_is_written_is_held(office):
    flags(office.con, {"flag": "do_not_contact"})
    office.missed({"person_key": person(office)})
    office.reachable()
    office.issue()
    listed(office, "phone,07700 900001,do_not_contact,,")
    office.reachable(person(office))
    office.issue()

    assert office.states() == {person(office): "held"}
    assert office.listed() == {}


@pytest.fixture
def held(office):
    flags(office.con, {"flag": FLAG}, {"flag": "under_18"})
    listed(office, f"phone,07700 900001,{FLAG},,")
    office.missed({"person_key": person(office)})
    office.issue()
    return office


def test_whoever_is_released_is_in_the_next_list(held):
    held.release(person(held), safe_time="after 18:00")
    held.issue()

    assert held.states() == {person(held): "issued"}
    assert held.column("Safe time to call") == ["after 18:00"]


def test_the_same_flag_does_not_hold_them_again(held):
    held.reachable()
    held.release(person(held))
    held.issue()

    assert held.states() == {person(held): "due"}


def test_another_flag_does(held):
    held.reachable()
    held.release(person(held))
    listed(held, f"phone,07700 900001,{FLAG},,", "phone,07700 900001,under_18,,")
    held.issue()

    assert held.states() == {person(held): "held"}


def test_who_and_why_is_kept(held):
    held.release(person(held), by="B. Reviewer", reason="Spoke to their officer.")

    query = 'select to_state, "by", why from publish.transitions order by step desc limit 1'
    assert held.ledger(query) == [("due", "B. Reviewer", "Spoke to their officer.")]


@pytest.mark.parametrize(("by", "reason"), [("", "Why"), ("csip_pipeline", "Why"), ("A", " ")])
def test_nobody_releases_without_a_name_and_a_reason(held, by, reason):
    with pytest.raises(RefusedError, match="--by"):
        held.release(person(held), by=by, reason=reason)


def test_only_what_is_held_can_be_released_and_all_or_none(held):
    held.missed({"person_key": person(held)}, {"person_key": "bob"})
    held.issue()

    with pytest.raises(RefusedError, match="is issued, and only one that is held"):
        held.release(person(held), "bob")
    assert held.states()[person(held)] == "held"


def test_a_notice_that_is_not_known_is_named(held):
    with (
        opening.opened(held.settings) as ledger,
        pytest.raises(RefusedError, match="no notice"),
    ):
        reviewing.release(ledger, ["0" * 16], by="A", reason="B")


def test_whoever_is_withdrawn_by_hand_stays_so(office):
    office.missed({"reason": None})
    office.issue()
    office.withdraw("ann")
    office.missed()
    office.issue()
    office.missed({"reason": "CRIME"})
    office.issue()

    assert office.states() == {"ann": "withdrawn"}
    assert office.marked_withdrawn() == [True]


def test_what_a_correction_takes_away_is_withdrawn_and_comes_back_with_it(office):
    office.missed({"reason": None})
    office.issue()
    office.missed()
    office.issue()
    withdrawn = office.states()
    office.missed({"reason": "CRIME", "clock_seconds": 1500})
    office.issue()

    assert withdrawn == {"ann": "withdrawn"}
    (ann,) = office.notices()
    assert (ann["state"], ann["why"]) == ("held", "Their telephone call waited 25 minutes.")
    assert dt.date(2026, 10, 1) in ann["standing"]
