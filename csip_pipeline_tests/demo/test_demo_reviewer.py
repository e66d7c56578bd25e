"""The synthetic reviewer decides about held notices in the open, and never calls into danger."""

import pytest

from csip_pipeline import warehouse
from csip_pipeline.demo import reviewer
from csip_pipeline_tests.demo_force import demo  # noqa: F401 - a fixture

SEED = 7


def reviewed(*flags, count=2_000):
    """How many of so many notices with these flags came to each decision; None is to none yet."""
    notices = {f"{number:016x}": list(flags) for number in range(count)}
    found = {one: len(ids) for one, ids in reviewer.decided(notices, SEED).items()}
    return found | {None: count - sum(found.values())}


def test_most_of_whom_nobody_recorded_why_are_called():
    found = reviewed("no_reason")

    assert 0.87 < found[reviewer.HEARD] / 2_000 < 0.93
    assert set(found) == {reviewer.HEARD, None}


@pytest.mark.parametrize(
    "flags", [["domestic_abuse"], ["domestic_abuse", "no_reason", "safeguarding"]]
)
def test_where_somebody_may_be_abused_a_call_is_let_go_only_at_a_safe_time(flags):
    released = [one for one in reviewed(*flags) if one is not None and one.is_released]

    assert released
    assert all(one.safe_time for one in released)


def test_nobody_calls_who_was_asked_not_to():
    assert reviewed("do_not_contact", "no_reason") == {reviewer.UNWANTED: 2_000, None: 0}


def test_a_flag_that_the_reviewer_does_not_know_stays_held():
    assert reviewed("unlabelled") == {None: 2_000}


def test_the_same_notice_comes_to_the_same_decision_whatever_it_is_held_with():
    ids = [f"{number:016x}" for number in range(50)]
    among = reviewer.decided({one: ["safeguarding"] for one in ids} | {"x": ["no_reason"]}, SEED)
    alone = {one: set(reviewer.decided({one: ["safeguarding"]}, SEED)) for one in ids}

    assert alone == {one: {way for way, held in among.items() if one in held} for one in ids}


def test_what_the_reviewer_did_is_in_the_ledger_under_that_name_and_with_why(demo):  # noqa: F811
    with warehouse.connected(demo.settings.callbacks, read_only=True) as ledger:
        found = ledger.execute(
            'select from_state, to_state, why from publish.transitions where "by" = $name',
            {"name": reviewer.NAME},
        ).fetchall()

    assert found
    assert all(before == "held" for before, _, _ in found)
    assert {after for _, after, _ in found} <= {"due", "withdrawn"}
    reasons = {decision.reason for ways in reviewer.BY_FLAG.values() for decision, _ in ways}
    assert {why for _, _, why in found} <= reasons


def test_whoever_is_released_is_in_the_next_list_and_none_of_the_last_month_is(demo):  # noqa: F811
    with warehouse.connected(demo.settings.callbacks, read_only=True) as ledger:
        released = ledger.execute(
            "select list_id, list_max(months)::varchar from publish.notices "
            "where released_by is not null"
        ).fetchall()

    assert set(released) <= {("2026-10-1", "2026-09-01")}
