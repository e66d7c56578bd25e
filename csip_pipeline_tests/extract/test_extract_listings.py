"""Only plain files are extracts; one that cannot be opened is refused, and no run dies of it."""

import errno
import os
import stat
from pathlib import Path

import pytest
from extract_samples import CALLS, FORMS, HEADER, OCTOBER, call

from csip_pipeline.extract import canonical, deliveries, sources
from csip_pipeline.refusals import RefusedError

GOOD = f"{HEADER}\n{call('1')}\n".encode()


@pytest.fixture
def calls(folder):
    """One good extract among whatever else a case puts there."""
    folder.expect(CALLS)
    return folder.drop("telephony/calls_1.csv", GOOD)


def names(folder):
    catalogued = folder.catalogue()
    assert (catalogued.refused, catalogued.unclaimed) == ([], [])
    return [delivery.path.name for delivery in catalogued]


def pipe(path):
    os.mkfifo(path)


def unreachable(path):
    path.symlink_to(path)


def to_a_folder_outside(path):
    outside = path.parent.parent.parent / "outside"
    outside.mkdir()
    (outside / "calls_3.csv").write_bytes(GOOD)
    path.symlink_to(outside)


def hidden_folder(path):
    folder = path.with_name(".calls_snapshot")
    folder.mkdir()
    (folder / "calls_3.csv").write_bytes(GOOD)


@pytest.mark.parametrize("put", [pipe, unreachable, to_a_folder_outside, hidden_folder, Path.mkdir])
def test_what_is_no_plain_file_is_left_alone(folder, calls, put):
    put(calls.with_name("calls_2.csv"))

    assert names(folder) == ["calls_1.csv"]


def test_a_missing_folder_of_extracts_is_an_empty_one(folder):
    folder.expect(CALLS)
    folder.settings.extracts.rmdir()

    assert names(folder) == []


def test_a_folder_that_cannot_be_listed_is_refused_by_its_name(folder, calls, monkeypatch):
    def scandir(path, listed=os.scandir):
        if Path(path) == calls.parent:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(RefusedError, match=r"folder telephony under extracts/ cannot be listed"):
        folder.catalogue()


def raises(kind, number, where):
    def fails(path, *_, **__):
        raise kind(number, os.strerror(number), str(path) if where else None)

    return fails


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        pytest.param(
            raises(PermissionError, errno.EACCES, where=True),
            "cannot be opened (Permission denied). Let the account",
            id="no right to read it",
        ),
        pytest.param(
            raises(FileNotFoundError, errno.ENOENT, where=True),
            "was taken away while it was read. Run again.",
            id="gone",
        ),
        pytest.param(
            raises(OSError, errno.EIO, where=False), "cannot be opened", id="a failing disk"
        ),
    ],
)
def test_a_file_that_cannot_be_opened_is_refused_and_others_go_on(
    folder, calls, monkeypatch, failure, told
):
    opened = Path.open

    def fails(path, *given, **named):
        return (failure if path == calls else opened)(path, *given, **named)

    monkeypatch.setattr(Path, "open", fails)
    folder.drop("telephony/calls_2.csv", GOOD.replace(b"\n1,", b"\n2,"))
    catalogued = folder.catalogue()

    assert [delivery.path.name for delivery in catalogued] == ["calls_2.csv"]
    (refused,) = catalogued.refused
    assert refused.reason.startswith(f"calls_1.csv {told}")


def test_a_full_disk_of_ours_is_no_fault_of_the_suppliers(folder, calls, monkeypatch):
    monkeypatch.setattr(canonical, "write", raises(OSError, errno.ENOSPC, where=False))

    with pytest.raises(OSError, match="No space left"):
        folder.catalogue()
    assert calls.exists()


def test_a_pipe_that_is_named_is_refused_at_once(folder):
    (source,) = sources.load(write(folder, CALLS))
    os.mkfifo(folder.settings.extracts / "calls.csv")

    with pytest.raises(RefusedError, match=r"calls\.csv is not a file"):
        deliveries.take_in(folder.settings, source, folder.settings.extracts / "calls.csv")


def write(folder, text):
    folder.expect(text)
    return folder.settings.reference / "feeds.toml"


@pytest.mark.parametrize("name", ["calls_\x1b[2J.csv", "calls_\n.csv", "calls_\udcff.csv"])
def test_a_name_that_cannot_be_shown_is_refused_and_spelt_out(folder, name):
    folder.expect(CALLS)
    folder.drop(f"telephony/{name}", GOOD)
    (refused,) = folder.catalogue().refused

    assert (
        "its name holds a backslash, or a character that cannot be seen. Rename it."
        in refused.reason
    )
    assert refused.reason.isprintable()


def test_a_refused_month_keeps_what_it_had_until_its_files_can_be_read(folder, calls):
    folder.expect(CALLS, FORMS)
    folder.take("telephony")
    bad = folder.drop("telephony/calls_2.csv", b"")
    kept = folder.refuse("telephony")

    assert kept == 1
    ((feed, month, reason),) = folder.rows("select feed, month, reason from extract.refusals")
    assert (feed, month) == ("telephony", OCTOBER)
    assert reason.startswith("calls_2.csv is empty")
    assert folder.touched() == set()
    bad.unlink()
    assert folder.touched() == {OCTOBER}
    folder.take("telephony")
    assert folder.rows("from extract.refusals") == []
    assert folder.touched() == set()
    assert stat.S_ISREG(calls.stat().st_mode)


def test_a_feed_that_was_never_taken_in_and_is_refused_has_an_empty_month(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls_1.csv", b"")

    assert folder.refuse("telephony") == 0
    for table in ("extract.telephony", "extract.dispositions"):
        assert folder.rows(f"from {table}") == []
    assert folder.restricted("from extract.contact_points") == []
