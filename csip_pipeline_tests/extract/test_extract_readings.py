"""Files that were not read before are read two at once; what comes of them is as it ever was."""

import threading
import time

import pytest
from extract_samples import CALLS, HEADER, call

from csip_pipeline.extract import canonical, catalogues, deliveries, readings, sources

FILES = [f"calls_{number}.csv" for number in range(1, 6)]


@pytest.fixture
def calls(folder):
    """Five extracts, of which two can not be read."""
    folder.expect(CALLS)
    for number, name in enumerate(FILES):
        is_whole = number not in (1, 3)
        folder.drop(f"telephony/{name}", HEADER if is_whole else "", call(str(number)))
    return folder


@pytest.fixture
def at_once(monkeypatch):
    """For each file as its reading began: how many were being read, itself among them."""
    take_in, counting, now, found = deliveries.take_in, threading.Lock(), [0], {}

    def slowly(settings, source, path):
        with counting:
            now[0] += 1
            found[path.name] = now[0]
        time.sleep(0.05)
        try:
            return take_in(settings, source, path)
        finally:
            with counting:
                now[0] -= 1

    monkeypatch.setattr(deliveries, "take_in", slowly)
    return found


def test_deliveries_and_refusals_are_in_the_order_of_the_files(calls, at_once):
    catalogued = calls.catalogue()

    assert [delivery.path.name for delivery in catalogued] == FILES[::2]
    assert [refused.path.name for refused in catalogued.refused] == FILES[1::2]
    assert max(at_once.values()) == readings.AT_ONCE


def test_what_was_read_is_as_if_it_had_been_read_alone(calls, tmp_path, monkeypatch):
    together = [delivery.folder for delivery in calls.catalogue()]
    held = [(copy / "records.parquet").read_bytes() for copy in together]
    for copy in together:
        copy.rename(tmp_path / copy.name)
    monkeypatch.setattr(readings, "SMALL", 0)
    alone = [delivery.folder for delivery in calls.catalogue()]

    assert alone == together
    assert [(copy / "records.parquet").read_bytes() for copy in alone] == held


@pytest.mark.parametrize("change", ["large", "packed"])
def test_a_file_that_may_be_large_is_read_alone(calls, at_once, monkeypatch, change):
    if change == "large":
        monkeypatch.setattr(readings, "SMALL", 0)
    else:
        monkeypatch.setattr(readings, "PACKED", (".csv",))
    calls.catalogue()

    assert list(at_once) == FILES
    assert set(at_once.values()) == {1}


def test_files_that_were_read_before_are_looked_at_one_after_another(calls, at_once):
    for name in FILES[1::2]:
        (calls.settings.extracts / "telephony" / name).unlink()
    calls.catalogue()
    at_once.clear()
    calls.catalogue()

    assert set(at_once.values()) == {1}


def test_of_files_that_are_alike_one_is_copied(folder, monkeypatch):
    write, written = canonical.write, []

    def counted(source, path, copy, marks):
        written.append(path.name)
        time.sleep(0.05)
        write(source, path, copy, marks)

    monkeypatch.setattr(canonical, "write", counted)
    folder.expect(CALLS)
    for name in FILES[:2]:
        folder.drop(f"telephony/{name}", HEADER, call("1"))
    catalogued = folder.catalogue()

    assert [delivery.path.name for delivery in catalogued] == FILES[:2]
    assert len({delivery.folder for delivery in catalogued}) == len(written) == 1


def test_a_fault_of_ours_ends_the_reading_of_those_that_wait(calls, at_once, monkeypatch):
    def full(*_):
        raise OSError("No space left")

    monkeypatch.setattr(canonical, "write", full)
    with pytest.raises(OSError, match="No space left"):
        calls.catalogue()
    assert len(at_once) < len(FILES)


def test_whoever_waits_hears_of_every_file(calls):
    declared = sources.load(calls.settings.reference / "feeds.toml")
    heard = []
    catalogues.catalogue(calls.settings, declared, told=lambda *so_far: heard.append(so_far))

    assert sorted(heard) == [(done, len(FILES)) for done in range(1, len(FILES) + 1)]
