"""A file that is still being written is left for the next run, and what was taken in stays."""

import os
import time

import pytest
from extract_samples import CALLS, FORM_HEADER, FORMS, HEADER, NOVEMBER, OCTOBER, call

from csip_pipeline.extract import canonical, deliveries, settling
from csip_pipeline.refusals import KeptError

DONE = CALLS.replace("zone =", 'done_file = ".done"\nzone =')
LEFT = "calls_1.csv is still being written"


class Clock:
    """Time that passes only in pauses; in each of them, `meanwhile` is done."""

    def __init__(self):
        """Begin without a pause."""
        self.pauses, self.now = [], 100.0

    def meanwhile(self):
        """Nothing, unless a case says otherwise."""

    def sleep(self, seconds):
        """Pause."""
        self.pauses.append(seconds)
        self.now += seconds
        self.meanwhile()


@pytest.fixture
def clock(monkeypatch):
    """The clock of a process that has looked at nothing yet."""
    told = Clock()
    monkeypatch.setenv("CSIP_SETTLE_SECONDS", "2")
    monkeypatch.setattr(settling, "_looks", {})
    monkeypatch.setattr(settling.time, "sleep", told.sleep)
    monkeypatch.setattr(settling.time, "monotonic", lambda: told.now)
    return told


@pytest.fixture
def calls(folder):
    """The control room's calls, in a folder that expects them."""
    folder.expect(CALLS)
    return folder.drop("telephony/calls_1.csv", HEADER, call("1"))


def aged(path, seconds):
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def left(folder):
    return [str(one) for one in folder.catalogue().unfinished]


def test_a_file_that_grows_while_it_is_looked_at_is_left(folder, calls, clock):
    clock.meanwhile = lambda: calls.write_bytes(calls.read_bytes() + f"{call('2')}\n".encode())
    folder.drop("telephony/calls_2.csv", HEADER, call("3"))
    catalogued = folder.catalogue()

    assert [str(one) for one in catalogued.unfinished] == [LEFT]
    assert [delivery.path.name for delivery in catalogued] == ["calls_2.csv"]
    assert clock.pauses == [2], "one pause for all of them"


def test_a_file_that_vanishes_while_it_is_looked_at_is_left(folder, calls, clock):
    clock.meanwhile = calls.unlink

    assert left(folder) == [LEFT]


def test_a_file_that_stays_the_same_is_taken_in(folder, calls, clock):
    assert calls.exists()
    assert left(folder) == []
    assert left(folder) == []
    assert clock.pauses == [2], "it need not be looked at twice again"


@pytest.mark.parametrize(
    ("seconds", "pauses"),
    [
        pytest.param(3600, [], id="an hour old"),
        pytest.param(-3600 * 24 * 365, [2], id="a year ahead of our clock"),
    ],
)
def test_only_a_young_file_is_waited_for_and_none_for_ever(folder, calls, clock, seconds, pauses):
    aged(calls, seconds)

    assert (left(folder), left(folder)) == ([], [])
    assert clock.pauses == pauses


def test_a_file_that_grows_between_two_looks_needs_no_pause(folder, calls, clock):
    clock.meanwhile = lambda: calls.write_bytes(calls.read_bytes() + b"1")
    folder.catalogue()
    clock.meanwhile()

    assert left(folder) == [LEFT]
    assert clock.pauses == [2]


def test_a_file_that_was_replaced_since_is_looked_at_twice_again(folder, calls, clock):
    folder.catalogue()
    clock.now += 3600
    calls.write_bytes(calls.read_bytes() + f"{call('2')}\n".encode())

    assert left(folder) == []
    assert clock.pauses == [2, 2]


def test_a_file_whose_manifest_is_being_written_is_left(folder, calls, clock):
    folder.expect(DONE)
    aged(calls, 3600)
    done = folder.drop("telephony/calls_1.csv.done", b'{"ro')
    clock.meanwhile = lambda: done.write_bytes(b'{"rows": 1}')

    assert left(folder) == [LEFT]
    clock.now += 2
    assert left(folder) == []


def test_a_file_that_changes_while_it_is_read_is_left_and_its_copy_thrown_away(
    folder, calls, monkeypatch
):
    write = canonical.write

    def interrupted(source, path, copy, marks):
        write(source, path, copy, marks)
        path.write_bytes(path.read_bytes() + f"{call('2')}\n".encode())

    monkeypatch.setattr(canonical, "write", interrupted)
    assert left(folder) == [LEFT]
    monkeypatch.setattr(canonical, "write", write)
    (delivery,) = folder.catalogue()

    assert (delivery.received, calls.name) == (2, delivery.path.name)


def test_a_file_that_is_written_over_leaves_its_month_as_it_was(folder, calls):
    folder.take("telephony")
    folder.expect(DONE)  # so that it waits, as it would while it grows
    calls.write_bytes(calls.read_bytes()[:-9])

    assert folder.touched() == set()
    with pytest.raises(KeptError, match=r"calls_1\.csv waits for .*October 2026 was taken from an"):
        folder.take("telephony")
    folder.take("telephony", NOVEMBER)
    assert folder.column("select call_id from extract.telephony") == ["1"]


def test_a_new_file_that_grows_stops_nothing(folder, calls):
    folder.take("telephony")
    folder.expect(DONE, FORMS)
    folder.drop("telephony/calls_1.csv.done")
    folder.drop("telephony/calls_2.csv", HEADER, call("2"))
    folder.drop("web_forms/forms.csv", FORM_HEADER, "1,lost_property,2026-10-05 09:00,,,,")
    folder.take("telephony")
    folder.take("web_forms")

    assert calls.exists()
    assert left(folder) == ["calls_2.csv waits for calls_2.csv.done"]
    assert folder.touched() == set()
    assert folder.column("select call_id from extract.telephony") == ["1"]


def test_a_done_file_without_its_file_is_told(folder):
    folder.expect(DONE)
    folder.drop("telephony/calls_1.csv.done")

    assert left(folder) == ["calls_1.csv.done stands without its file"]


def test_a_month_is_taken_in_once_its_file_is_whole(folder, calls):
    folder.expect(DONE)
    assert (left(folder), folder.touched()) == (
        ["calls_1.csv waits for calls_1.csv.done"],
        set(),
    )
    folder.drop("telephony/calls_1.csv.done")

    assert folder.touched() == {OCTOBER}
    folder.take("telephony")
    assert folder.touched() == set()
    assert deliveries.done_file(next(iter(folder.catalogue())).source, calls).exists()
