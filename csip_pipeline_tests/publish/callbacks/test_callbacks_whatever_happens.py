"""Whatever happens in whatever order: nobody is told twice, no notice lost, no hold broken."""

# ruff: noqa: D102, D107 - the name of a rule is its sentence
import tempfile
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest
from callback_office import NOVEMBER, OCTOBER, Office, flags, furnish
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import worklist
from csip_pipeline.publish.callbacks.states import ALLOWED, OUTCOMES
from csip_pipeline.settings import Settings

PEOPLE = [f"person {number}" for number in range(5)]
SOME = st.sets(st.sampled_from(PEOPLE))
MONTHS = st.sampled_from([OCTOBER, NOVEMBER])
LATER = {"received_at": "2026-11-05 09:00Z", "explain_by_on": "2026-12-15"}


class Callbacks(RuleBasedStateMachine):
    """A force whose extracts, reviewers and contact team do whatever they like."""

    def __init__(self):
        super().__init__()
        self.opened = warehouse.connected(Path(":memory:"))
        self.con = self.opened.__enter__()
        furnish(self.con)
        flags(self.con)
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Settings(data=Path(self.folder.name)), self.con)
        self.office.missed()
        self.owed: set[str] = set()
        self.released: set[str] = set()
        self.attempts: list[dict] = []

    @rule(month=MONTHS, due=SOME, at_risk=SOME, unexplained=SOME)
    def extracts_are_delivered_and_run(self, month, due, at_risk, unexplained):
        given = [(person, "CRIME") for person in due]
        given += [(person, "DOMESTIC_ABUSE") for person in at_risk]
        given += [(person, None) for person in unexplained]
        when = LATER if month == NOVEMBER else {}
        rows = [when | {"person_key": person, "reason": reason} for person, reason in given]
        self.office.missed(*rows, month=month)
        self.office.reachable(*PEOPLE)
        self.office.issue(month)
        self.owed |= due | at_risk | unexplained

    @rule(month=MONTHS)
    def a_month_is_run_again(self, month):
        before = self.office.listed()
        self.office.issue(month)
        assert self.office.listed().items() >= before.items()

    @rule(month=MONTHS)
    def a_run_dies_while_it_writes_a_list(self, month):
        with mock.patch.object(worklist, "render", side_effect=MemoryError), suppress(MemoryError):
            self.office.issue(month)

    @rule(month=MONTHS)
    def nobody_can_be_reached_for_a_while(self, month):
        self.office.reachable()
        self.office.issue(month)
        self.office.reachable(*PEOPLE)

    @precondition(lambda self: self.with_state("held"))
    @rule(data=st.data())
    def a_reviewer_releases_somebody(self, data):
        person = data.draw(st.sampled_from(self.with_state("held")))
        self.office.release(person)
        self.released.add(person)

    @precondition(lambda self: self.with_state("due", "held"))
    @rule(data=st.data())
    def somebody_is_withdrawn(self, data):
        self.office.withdraw(data.draw(st.sampled_from(self.with_state("due", "held"))))

    @precondition(lambda self: self.office.settings.callbacks.exists() and self.owed)
    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES), hour=st.integers(0, 23))
    def the_team_reports_an_attempt(self, data, outcome, hour):
        person = data.draw(st.sampled_from(sorted(self.owed)))
        attempt = {
            "notice_id": self.office.ids()[person],
            "attempted_at": f"2026-11-20 {hour:02}:00Z",
            "outcome": outcome,
        }
        self.attempts.append(attempt)
        self.office.reported(*self.attempts)
        self.office.issue()

    def with_state(self, *states):
        if not self.office.settings.callbacks.exists():
            return []
        return sorted(who for who, state in self.office.states().items() if state in states)

    @invariant()
    def nobody_is_told_twice_and_whoever_is_issued_is_in_a_list(self):
        listed = sorted(each for rows in self.office.listed().values() for each in rows)
        told = sorted(
            notice["notice_id"] for notice in self.notices() if notice["issued_at"] is not None
        )
        assert listed == told

    @invariant()
    def no_notice_is_lost(self):
        assert {notice["person_key"] for notice in self.notices()} == self.owed

    @invariant()
    def a_state_is_reached_along_allowed_transitions_only(self):
        if not self.office.settings.callbacks.exists():
            return
        changes = self.office.ledger("select from_state, to_state from publish.transitions")
        assert {change for change in changes if change[0] != change[1]} <= ALLOWED

    @invariant()
    def nobody_held_is_in_a_list_unless_a_reviewer_released_them(self):
        listed = {each for rows in self.office.listed().values() for each in rows}
        for notice in self.notices():
            if notice["notice_id"] in listed and notice["person_key"] not in self.released:
                assert not notice["flags"] or notice["issued_at"] is not None
            if notice["state"] == "held":
                assert notice["notice_id"] not in listed

    @invariant()
    def an_outcome_is_only_of_who_was_told(self):
        for notice in self.notices():
            if notice["state"] in OUTCOMES:
                assert notice["issued_at"] is not None

    def notices(self):
        return self.office.notices() if self.office.settings.callbacks.exists() else []

    def teardown(self):
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()


USUAL = {"derandomize": True, "deadline": None, "database": None}


@pytest.mark.slow
class TestCallbacks(Callbacks.TestCase):
    """A few histories, of a few steps."""

    settings = settings(max_examples=3, stateful_step_count=7, **USUAL)


@pytest.mark.soak
class TestManyHistories(Callbacks.TestCase):
    """The same, many times and for longer."""

    settings = settings(max_examples=15, stateful_step_count=12, **USUAL)
