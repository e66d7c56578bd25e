"""The access log is only added to: any byte that is changed in it, or taken away, shows."""

import datetime as dt
import json
import random

import pytest

from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import access_log, access_pages
from csip_pipeline.serve.access_log import HEAD, KEY, LOG, AccessLog

NOW = dt.datetime(2026, 12, 3, 11, 30, tzinfo=dt.UTC)


@pytest.fixture
def log(tmp_path):
    """A log of twenty entries."""
    made = AccessLog(tmp_path, lambda: NOW)
    for number in range(20):
        made.add("ada", "download", f"2026-Q3/pack_{number}.xlsx", "done", "0123456789abcdef" * 4)
    return made


def test_every_single_byte_edit_is_detected(log, tmp_path):
    path = tmp_path / LOG
    whole = path.read_bytes()
    chosen = random.Random(7)  # noqa: S311 - which bytes, for a test
    for _ in range(100):
        place, other = chosen.randrange(len(whole)), chosen.randrange(1, 256)
        edited = bytearray(whole)
        edited[place] ^= other
        path.write_bytes(edited)

        assert log.read().fault is not None, (place, other)
    path.write_bytes(whole)
    assert log.read().fault is None


def test_every_byte_taken_away_or_put_in_is_detected(log, tmp_path):
    path = tmp_path / LOG
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        for edited in (whole[:place] + whole[place + 1 :], whole[:place] + b" " + whole[place:]):
            path.write_bytes(edited)

            assert log.read().fault is not None, place


def test_an_entry_taken_away_swapped_or_repeated_is_detected(log, tmp_path):
    path = tmp_path / LOG
    lines = path.read_bytes().splitlines(keepends=True)
    for edited in (
        lines[1:],
        lines[:-1],
        lines[:7] + lines[8:],
        [*lines, lines[-1]],
        [lines[1], lines[0], *lines[2:]],
        [],
    ):
        path.write_bytes(b"".join(edited))

        assert log.read().fault is not None


def test_the_head_cannot_be_moved_back_with_the_end(log, tmp_path):
    head, path = tmp_path / HEAD, tmp_path / LOG
    lines = path.read_bytes().splitlines(keepends=True)
    last = json.loads(lines[-2])["link"]
    path.write_bytes(b"".join(lines[:-1]))
    whole = head.read_bytes()
    for forged in (f"19 {last} {whole.split()[2].decode()}", "0  x", "", "19"):
        head.write_text(forged)
        assert log.read().fault == f"{HEAD} was changed"
    head.unlink()
    assert log.read().fault == f"{HEAD} is missing"


def test_another_key_makes_nothing_that_holds(log, tmp_path):
    assert log.read().fault is None
    assert access_log.read(tmp_path, b"another key").fault is not None


def test_a_crash_between_the_entry_and_the_head_is_no_edit(tmp_path):
    log = AccessLog(tmp_path, lambda: NOW)
    log.add("ada", "download", "a", "done")
    before = (tmp_path / HEAD).read_bytes()
    log.add("ada", "download", "b", "done")
    (tmp_path / HEAD).write_bytes(before)

    again = AccessLog(tmp_path, lambda: NOW)
    again.add("ada", "download", "c", "done")
    assert [entry["what"] for entry in again.read().entries] == ["a", "b", "c"]
    assert again.read().fault is None


def test_a_log_goes_on_where_it_ended_and_not_if_it_was_changed(log, tmp_path):
    AccessLog(tmp_path, lambda: NOW).add("eve", "sign in", "", "done")
    kept = log.read()
    assert (len(kept.entries), kept.fault) == (21, None)

    (tmp_path / LOG).write_bytes((tmp_path / LOG).read_bytes().replace(b"eve", b"ada"))
    with pytest.raises(RefusedError, match=r"entry 21 was changed.*keep them, and start again"):
        AccessLog(tmp_path, lambda: NOW)


def test_the_log_and_its_key_are_kept_from_others(log, tmp_path):
    assert log.read().fault is None
    for name in (LOG, KEY, HEAD):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_logged_is_not_served(door, monkeypatch):
    browser = door.visitor("reader")

    def full(*given):
        raise OSError(28, "No space left on device", *given[:0])

    monkeypatch.setattr(access_log, "_append", full)
    answer = browser.get("/cycles/2026-Q3/1/public/panel_pack_2026-Q3.xlsx")

    assert answer.status_code == 500
    assert b"PK\x03\x04" not in answer.content


def test_a_download_is_logged_with_who_what_and_its_hash(door):
    browser = door.visitor("reader")
    path = "/cycles/2026-Q3/1/public/panel_pack_2026-Q3_tables/waits.csv"
    browser.get(path)

    who, what, sha256 = door.logged("who", "what", "sha256")[-1]
    assert (who, what) == ("a.reader", "2026-Q3/panel_pack_2026-Q3_tables/waits.csv")
    assert sha256 in (door.settings.published / "2026-Q3/manifest.json").read_text()
    assert "127.0.0.1" not in (door.settings.door / LOG).read_text()


def test_an_administrator_sees_who_downloaded_what_and_whether_the_log_holds(door):
    door.visitor("reader").get("/cycles/2026-Q3/1/public/panel_pack_2026-Q3.xlsx")
    admin = door.visitor("administrator")
    assert "2026-Q3/panel_pack_2026-Q3.xlsx" not in admin.get("/log?did=sign+in").text
    page = admin.get("/log?who=a.reader&did=download").text

    assert "The log holds." in page
    assert "2026-Q3/panel_pack_2026-Q3.xlsx" in page
    path = door.settings.door / LOG
    path.write_bytes(path.read_bytes().replace(b"a.reader", b"a.office"))
    assert "The log was changed" in admin.get("/log").text


def test_the_log_is_read_a_page_at_a_time(door, monkeypatch):
    monkeypatch.setattr(access_pages, "A_PAGE", 3)
    for number in range(8):
        door.site.log.add("ada", "download", f"file {number}", "done")
    admin = door.visitor("administrator")

    assert "file 7" in admin.get("/log?who=ada").text
    assert "file 0" in admin.get("/log?who=ada&page=3").text
    for page in ("0", "4", "-1", "1e3", "9" * 20, "\u0663"):
        assert admin.get("/log", params={"page": page}).status_code == 404
