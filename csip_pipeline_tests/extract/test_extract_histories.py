"""However files arrive, the tables are those of the same files taken in at once, in order.

A history is a random run of deliveries: new, repeated, overlapping, corrected, renamed, replaced in
place and withdrawn, in any order, with months taken in at any time between.
"""

import datetime as dt
import itertools
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb
import pytest
from extract_samples import (
    CALLS,
    EXCHANGE,
    HEADER,
    NOVEMBER,
    OCTOBER,
    POSTS,
    SOCIAL,
    call,
    post,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    rule,
    run_state_machine_as_test,
)

from csip_pipeline import promised_tables, promises, warehouse
from csip_pipeline.extract import accounts

HISTORIES = 1_000
"""How many the slow proof tries, among the feeds."""
FEW = 9
"""How many of each feed the fast suite tries."""
STEPS = 6
MONTHS = [OCTOBER, NOVEMBER]
"""Those that a panel cycle covers; some rows are of September, which none does."""
STAMPS = [None, "20261101T0500Z", "20261102T0500Z", "20261103T0500Z", "20261201T0500Z"]
"""When a file says it was extracted; None where only its rows tell."""
UNEQUAL = """
    select file, month from extract.dispositions group by all
    having sum(rows) filter (where disposition = 'received')
        is distinct from coalesce(sum(rows) filter (where disposition != 'received'), 0)
"""
"""Files whose rows did not each meet one end."""
THINGS = st.lists(st.integers(0, 15), min_size=1, max_size=4, unique=True)
AT = st.sampled_from(STAMPS)
TAKEN = st.sampled_from([*[slice(0)] * 3, slice(1), slice(-1, None), slice(None)])
"""Which of the months that a delivery touches are taken in before the next one comes."""
CLOCK = itertools.count(1)
AT_ONCE: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class Supplier:
    """What one supplier of a feed sends."""

    feed: str
    declared: str
    name: str
    """A file's name, with room for its stamp."""
    header: str
    rows: tuple[tuple[str, ...], ...]
    """Each thing that a file may hold a row of, in each of its versions."""
    always: tuple[str, ...] = ()
    """What stands in every file, so that none is without a single whole row."""
    in_order: bool = False
    """Whether its rows always come one after the other, none left out: a log."""

    def content(self, things: list[int], version: int) -> list[str]:
        """The lines of a file about some things; a version changes every other one of them."""
        if self.in_order:
            things = list(range(min(things), max(things) + 1))
        rows = [
            self.rows[thing][version * ((thing + version) % 2) % len(self.rows[thing])]
            for thing in things
        ]
        return [line for line in (self.header, *self.always, *rows) if line]


def _calls() -> tuple[tuple[str, ...], ...]:
    starts = ["30/09/2026 23:30:00", "05/10/2026 09:00:00", "25/10/2026 01:30:00"]
    starts += ["31/10/2026 23:59:00", "01/11/2026 00:01:00", "02/11/2026 09:00:00"]
    return tuple(
        (
            call(f"{number}", start),
            call(f"{number}", start, ring="0:00:50"),
            call(f"{number}", start, ring="soon"),
            call(f"{number}", starts[(number + 2) % len(starts)], cli="07700 900456"),
            call(f"{number}", start, result="Test"),
            f"{call(str(number), start)},one cell more",
        )
        for number, start in enumerate(starts)
    )


def _log() -> tuple[tuple[str, ...], ...]:
    """Four calls whose events are mingled; the second and the third run from month to month."""
    begun = ["10-30T09:00", "10-31T23:50", "10-31T23:58", "11-02T09:00"]
    events = []
    for number, day in enumerate(begun):
        start = int(dt.datetime.fromisoformat(f"2026-{day}Z").timestamp())
        for after, member, *told in (
            (2, "NONE", "ENTERQUEUE", "", f"0770090012{number}", "1"),
            (902, "Agent/7", "CONNECT", "900", "x", "4"),
            (930, "Agent/7", "WRAPCODE", f"reason {number}"),
            (962, "Agent/7", "COMPLETECALLER", "900", "60", "1"),
        ):
            before = [str(start + after), f"{start}.{number}", "switchboard", member]
            line = "|".join((*before, *told))
            corrected = line.replace("|900", "|899").replace("Agent/7", "Agent/8")
            events.append((start + after, (line, corrected, line[:14])))
    return tuple(versions for _, versions in sorted(events))


def _posts() -> tuple[tuple[str, ...], ...]:
    """Two conversations, from one month to the next, and a post by itself."""
    parents = {2: "1", 3: "2", 4: "3", 6: "5"}
    days = ["10-30", "10-31", "11-01", "11-05", "10-31", "11-01", "11-07"]
    rows = []
    for number, day in enumerate(days, start=1):
        sent = f"2026-{day}T23:30"
        side = {"inbound": "False", "author": "Force"} if number in (2, 6) else {}
        told = post(number, sent, parents.get(number, ""), **side)
        answered = [str(child) for child, parent in parents.items() if parent == str(number)]
        rows.append(
            (
                told,
                post(number, sent, "", ",".join(answered), **side),
                post(number, f"2026-{day}T23:31", parents.get(number, ""), **side),
                told.replace("True", "perhaps").replace("False", "perhaps"),
            )
        )
    return tuple(rows)


SUPPLIERS = [
    Supplier("telephony", CALLS, "telephony/calls{}.csv", HEADER, _calls(), (call("all"),)),
    Supplier("telephony", EXCHANGE, "telephony/queue_log{}", "", _log(), in_order=True),
    Supplier("social", SOCIAL, "social/twcs{}.csv", POSTS, _posts()),
]


class Histories(RuleBasedStateMachine):
    """One supplier's deliveries, and months taken in between them."""

    files = Bundle("files")

    def __init__(self, supplier: Supplier, fresh: Callable) -> None:
        """Begin with nothing; `fresh` makes an empty warehouse."""
        super().__init__()
        self.supplier, self.fresh = supplier, fresh
        self.folder = fresh()
        self.contents: dict[str, list[str]] = {}

    @rule(target=files, things=THINGS, version=st.integers(0, 5), stamp=AT, taken=TAKEN)
    def a_new_file_or_a_correction_comes(self, things, version, stamp, taken):
        """A file about things that may be known already, as they were or otherwise."""
        known = sorted({thing % len(self.supplier.rows) for thing in things})
        return self._put(self.supplier.content(known, version), stamp, taken)

    @rule(target=files, file=files, stamp=AT, taken=TAKEN)
    def the_same_file_comes_again_under_another_name(self, file, stamp, taken):
        """The same bytes, said to have been extracted then or at another time."""
        return self._put(self.contents.get(file), stamp, taken)

    @rule(file=files, other=files, taken=TAKEN)
    def a_file_is_replaced_by_what_another_holds(self, file, other, taken):
        """A file keeps its name and gets other contents."""
        if {file, other} <= self.contents.keys():
            self._write(file, self.contents[other])
            self._take(taken)

    @rule(target=files, file=consumes(files), stamp=AT, taken=TAKEN)
    def a_file_is_renamed(self, file, stamp, taken):
        """So that it may say another time of extraction."""
        return self._put(self._gone(file), stamp, taken)

    @rule(file=consumes(files), taken=TAKEN)
    def a_file_is_withdrawn(self, file, taken):
        """Its rows go, and what they had displaced comes back."""
        self._gone(file)
        self._take(taken)

    def teardown(self):
        """The last months are taken in; then everything is as if it had come at once."""
        self._take(slice(None))
        assert not self._to_be_taken()
        found = everything(self.folder, self.supplier.feed)
        self.folder.con.close()
        assert found == self._at_once()

    def _take(self, which: slice):
        """Take in some of the months that are touched: every row received then has one end."""
        for month in self._to_be_taken()[which]:
            self.folder.take(self.supplier.feed, month)
            assert self.folder.rows(UNEQUAL) == []

    def _to_be_taken(self):
        return sorted(self.folder.touched() & set(MONTHS))

    def _at_once(self):
        """What a warehouse holds that is given the same files together."""
        key = repr(sorted(self.contents.items()))
        if key not in AT_ONCE:
            self.folder = self.fresh()
            for name, content in self.contents.items():
                deliver(self.folder, name, content)
            self._take(slice(None))
            AT_ONCE[key] = everything(self.folder, self.supplier.feed)
            self.folder.con.close()
        return AT_ONCE[key]

    def _put(self, content, stamp, taken):
        """Deliver under the first name that is free."""
        names = (
            self.supplier.name.format(f"_{letter}_{stamp}" if stamp else f"_{letter}")
            for letter in "abcdefghijklmnop"
        )
        name = next(name for name in names if name not in self.contents)
        if content:
            self._write(name, content)
            self._take(taken)
        return name

    def _write(self, name, content):
        self.contents[name] = content
        deliver(self.folder, name, content)

    def _gone(self, name):
        content = self.contents.pop(name, None)
        (self.folder.settings.extracts / name).unlink(missing_ok=True)
        return content


def deliver(folder, name, content):
    """Write a file; no two have the same time of change, which decides nothing."""
    path = folder.drop(name, *content)
    moment = next(CLOCK) * 1_000_000_000
    os.utime(path, ns=(moment, moment))


def everything(folder, feed):
    """Every row of every table that intake writes, in text; tables without any are left out."""
    if not warehouse.exists(folder.con, "extract.dispositions"):
        return {}
    tables = (f"extract.{feed}", "extract.dispositions")
    found = {table: folder.rows(f"from {table} order by all") for table in tables}
    found["extract.intake"] = [
        sorted(folder.con.execute(query, {"month": month}).fetchall())
        for query in map(warehouse.read_query, accounts.INTAKE.queries)
        for month in MONTHS
    ]
    with warehouse.connected(folder.settings.people) as store:
        for table in ("extract.contact_points", "extract.quarantine"):
            found[table] = store.execute(f"from {table} order by all").fetchall()
    return {table: repr(rows) for table, rows in found.items() if any(rows)}


@pytest.fixture(params=SUPPLIERS, ids=lambda one: one.name.format(""))
def supplier(request):
    return request.param


@pytest.mark.slow
def test_the_order_in_which_files_arrive_changes_nothing(folder, monkeypatch, supplier):
    _try(folder, monkeypatch, supplier, FEW)


@pytest.mark.soak
def test_the_order_in_which_files_arrive_changes_nothing_in_a_thousand_histories(
    folder, monkeypatch, supplier
):
    _try(folder, monkeypatch, supplier, -(-HISTORIES // len(SUPPLIERS)))


def _try(folder, monkeypatch, supplier, histories):
    """Run random histories of a supplier, each in a warehouse of its own."""
    folder.expect(supplier.declared)
    # Which rows break a promise is asked once of the same rows; that our own tables keep theirs,
    # which decides nothing, is for other tests: Pandera takes half the time of so small a month.
    monkeypatch.setattr(promises, "failures", remembered(promises.failures))
    monkeypatch.setattr(promised_tables, "hold", lambda *_, **__: None)

    def fresh():
        """An empty warehouse; only the canonical copies of files seen before are there."""
        shutil.rmtree(folder.settings.extracts)
        folder.settings.extracts.mkdir()
        folder.settings.people.unlink(missing_ok=True)
        con = duckdb.connect()
        warehouse.prepare(con)
        return replace(folder, con=con)

    run_state_machine_as_test(
        lambda: Histories(supplier, fresh),
        settings=settings(
            max_examples=histories,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def remembered(failures):
    """The same, asked once about the same rows."""
    known = {}

    def answered(frame, promise):
        key = promise, pickle.dumps(frame)
        if key not in known:
            known[key] = failures(frame, promise)
        return known[key].copy()

    return answered
