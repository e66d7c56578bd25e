"""Whatever happens in whatever order: states change only as allowed, nobody is in two lists."""

# ruff: noqa: D102, D107 - the name of a rule is its sentence
import datetime as dt
from pathlib import Path

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from csip_pipeline import warehouse
from csip_pipeline.publish import callback_ledger

DUE_BY = dt.date(2026, 11, 14)
ALLOWED = {
    (None, "due"),
    (None, "held"),
    (None, "expired"),
    ("due", "held"),
    ("due", "issued"),
}
PEOPLE = [f"person {number}" for number in range(6)]
SOME_PEOPLE = st.sets(st.sampled_from(PEOPLE))


def wanted(due, held):
    rows = [
        {"notice_id": f"{number:016}", "person_key": person, "state": state}
        for number, person in enumerate(PEOPLE)
        for state in (["held"] if person in held else ["due"] if person in due else [])
    ]
    columns = ["notice_id", "person_key", "state"]
    return pd.DataFrame(rows, columns=columns, dtype="str").assign(
        cycle="2026-Q4",
        month=dt.date(2026, 10, 1),
        channel="telephone",
        clock="answer",
        breaches=1,
        received_at=pd.Timestamp("2026-10-05 09:00", tz="UTC"),
        is_still_waiting=False,
        why="Their telephone call waited 15 minutes.",
        promised="We answer within 10 minutes.",
        due_by=DUE_BY,
        priority=3,
        held_because=lambda frame: frame["state"].map({"held": "at risk"}).astype("str"),
    )


class Ledger(RuleBasedStateMachine):
    """Runs of the ledger that stop after any step, as a killed process does."""

    def __init__(self):
        super().__init__()
        self.opened = warehouse.connected(Path(":memory:"))
        self.con = self.opened.__enter__()
        self.con.execute(callback_ledger.TABLES)
        self.written: dict[str, set[str]] = {}

    @initialize()
    def somebody_is_due(self):
        self.record(due=set(PEOPLE[:3]), held=set(), days_late=0)

    @rule(due=SOME_PEOPLE, held=SOME_PEOPLE, days_late=st.sampled_from([0, 90, 91]))
    def record(self, due, held, days_late):
        today = DUE_BY + dt.timedelta(days=days_late)
        before = set(callback_ledger.states(self.con))
        frame = wanted(due, held)
        new = callback_ledger.record(self.con, frame, today)
        assert new == len(set(frame["notice_id"]) - before)

    @rule(month=st.sampled_from([dt.date(2026, 10, 1), dt.date(2026, 11, 1)]))
    def claim(self, month):
        waiting = {
            each: set(callback_ledger.listed(self.con, each)["notice_id"])
            for each in callback_ledger.unconfirmed(self.con)
        }
        list_id = callback_ledger.next_list_id(self.con, month, self.written.__contains__)
        assert list_id not in waiting
        if callback_ledger.claim(self.con, list_id):
            waiting[list_id] = set(callback_ledger.listed(self.con, list_id)["notice_id"])
        for each, ids in waiting.items():
            assert set(callback_ledger.listed(self.con, each)["notice_id"]) == ids
        assert callback_ledger.unconfirmed(self.con) == sorted(waiting)

    @rule(lost=SOME_PEOPLE)
    def release(self, lost):
        for list_id in callback_ledger.unconfirmed(self.con):
            ids = callback_ledger.listed(self.con, list_id)["notice_id"]
            gone = [each for each in ids if PEOPLE[int(each)] in lost]
            callback_ledger.release(self.con, list_id, gone)

    @rule()
    def write_and_confirm(self):
        for list_id in callback_ledger.unconfirmed(self.con):
            ids = set(callback_ledger.listed(self.con, list_id)["notice_id"])
            assert list_id not in self.written
            assert not ids.intersection(*[set().union(*self.written.values())])
            self.written[list_id] = ids
            callback_ledger.confirm(self.con, list_id)

    @invariant()
    def states_changed_only_as_allowed(self):
        query = "select from_state, to_state from publish.transitions"
        assert set(self.con.execute(query).fetchall()) <= ALLOWED

    @invariant()
    def every_state_is_the_last_that_was_kept(self):
        query = "select notice_id, arg_max(to_state, rowid) from publish.transitions group by 1"
        assert dict(self.con.execute(query).fetchall()) == callback_ledger.states(self.con)

    @invariant()
    def whoever_was_issued_is_in_one_written_list_and_nobody_else(self):
        states = callback_ledger.states(self.con)
        issued = sorted(each for each, state in states.items() if state == "issued")
        assert sorted(each for ids in self.written.values() for each in ids) == issued

    def teardown(self):
        self.opened.__exit__(None, None, None)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=15, stateful_step_count=12, derandomize=True, deadline=None, database=None
)
