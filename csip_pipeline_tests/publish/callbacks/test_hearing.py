"""What the contact team reports moves notices that were issued, however and in whatever order."""

import pytest
from callback_office import NOVEMBER, OCTOBER

ATTEMPTS = [
    {"outcome": "tried", "attempted_at": "2026-11-10 09:00Z"},
    {"outcome": "not_contactable", "attempted_at": "2026-11-10 10:00Z"},
    {"outcome": "explained", "attempted_at": "2026-11-10 11:00Z"},
    {"outcome": "unsafe", "attempted_at": "2026-11-10 12:00Z"},
]
"""Each outweighs those before it."""


@pytest.fixture
def told(office):
    """Ann and Bob are in a list."""
    office.missed({}, {"person_key": "bob"})
    office.issue()
    return office


def heard(office, *attempts):
    """Report attempts about Ann, and take them in."""
    office.reported(*({"notice_id": office.ids()["ann"]} | attempt for attempt in attempts))
    return office.issue().heard


@pytest.mark.parametrize("outcome", ["explained", "tried", "unsafe", "not_contactable"])
def test_an_outcome_becomes_the_notices_state(told, outcome):
    taken = heard(told, {"outcome": outcome})

    assert told.states() == {"ann": outcome, "bob": "issued"}
    assert (taken.taken, taken.not_taken) == (1, 0)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_of_several_attempts_the_weightiest_decides_in_whatever_order_they_come(told, count):
    for given in (ATTEMPTS[:count], ATTEMPTS[:count][::-1]):
        heard(told, *given)
        assert told.states()["ann"] == ATTEMPTS[count - 1]["outcome"]


def test_attempts_are_counted_and_the_first_that_explained_is_the_explanation(told):
    heard(
        told,
        {"outcome": "tried", "attempted_at": "2026-11-08 09:00Z"},
        {"outcome": "explained", "attempted_at": "2026-11-12 09:00Z"},
        {"outcome": "explained", "attempted_at": "2026-11-11 09:00Z"},
    )

    (ann, _) = told.notices()
    assert ann["attempts"] == 3
    assert f"{ann['attempted_at']:%d}, {ann['explained_at']:%d}" == "12, 11"


def test_whoever_turns_out_to_be_at_risk_was_not_explained_to(told):
    heard(told, ATTEMPTS[2])
    heard(told, ATTEMPTS[2], ATTEMPTS[3])

    (ann, _) = told.notices()
    assert (ann["state"], ann["explained_at"]) == ("unsafe", None)


def test_a_corrected_attempt_corrects_the_state(told):
    heard(told, {"outcome": "explained"})
    heard(told, {"outcome": "tried"})

    assert told.states()["ann"] == "tried"
    changes = told.ledger("select from_state, to_state from publish.transitions order by step")
    assert changes[-2:] == [("issued", "explained"), ("explained", "tried")]


def test_hearing_the_same_again_changes_nothing(told):
    heard(told, *ATTEMPTS)
    before = told.ledger("select count(*) from publish.entries")
    heard(told, *ATTEMPTS)

    assert told.ledger("select count(*) from publish.entries") == before


def test_nobody_is_called_again_whatever_is_reported(told):
    listed = told.listed()
    for attempt in ATTEMPTS:
        heard(told, attempt)
        told.missed({"clock_seconds": 9000}, {"person_key": "bob"}, month=OCTOBER)
        told.issue(OCTOBER)
        told.issue(NOVEMBER)

    assert told.listed() == listed


@pytest.mark.parametrize(
    ("attempt", "counted"),
    [
        pytest.param({"notice_id": "0" * 16}, "unknown", id="a notice that nobody knows"),
        pytest.param({"code": "00000000"}, "edited", id="a code of another row"),
    ],
)
def test_what_cannot_be_taken_is_counted_and_moves_nothing(told, attempt, counted):
    found = heard(told, attempt)

    assert (found.taken, found.not_taken, getattr(found, counted)) == (0, 1, 1)
    assert set(told.states().values()) == {"issued"}


def test_whoever_was_not_issued_was_not_to_be_called(office):
    office.missed({"reason": "DOMESTIC_ABUSE"})
    office.issue()

    found = heard(office, {"outcome": "explained"})

    assert (found.taken, found.never_issued) == (0, 1)
    assert office.states() == {"ann": "held"}


@pytest.mark.parametrize("written", [str, str.upper, " {} ".format])
def test_the_code_that_the_list_printed_is_known_again(told, written):
    told_codes = dict(zip(told.column("Notice"), told.column("Code"), strict=True))
    code = told_codes[told.ids()["ann"]]

    assert heard(told, {"code": written(code)}).taken == 1
    assert told.states()["ann"] == "explained"


def test_rows_whose_codes_were_swapped_are_both_noticed(told):
    told_codes = dict(zip(told.column("Notice"), told.column("Code"), strict=True))
    ids = told.ids()
    told.reported(
        {"notice_id": ids["ann"], "code": told_codes[ids["bob"]]},
        {"notice_id": ids["bob"], "code": told_codes[ids["ann"]]},
    )

    assert told.issue().heard.edited == 2
    assert set(told.states().values()) == {"issued"}


def test_a_list_that_was_not_the_one_issued_is_noticed(told):
    codes = told.column("Code")
    told.forget()
    told.issue()  # the ledger lost its memory, so the team holds two lists

    lists = told.listed()
    assert [len(rows) for rows in lists.values()] == [2, 2]
    assert heard(told, {"code": codes[0]}).edited == 1


def test_every_month_that_an_outcome_bears_on_is_kept_anew(told):
    told.reported({"notice_id": told.ids()["ann"]})
    issued = told.issue(NOVEMBER)

    assert set(issued.months) == {OCTOBER, NOVEMBER}
    query = "select state from publish.callback_list order by person_key"
    assert told.con.execute(query).fetchall() == [("explained",), ("issued",)]
