"""`csip status` says what came in, what is missing or waiting, and what was published."""

import datetime as dt
import json

from csip_pipeline import warehouse
from csip_pipeline.extract import lateness, unfinished_months
from csip_pipeline_tests.demo_force import CYCLES, MONTHS

ENDS = ("accepted", "duplicate", "superseded", "quarantined", "out_of_scope")


def test_status_lists_every_month_and_feed(csip):
    result = csip("status")

    assert result.exit_code == 0
    heading, *lines = result.stdout.splitlines()
    assert heading.split()[:4] == ["month", "feed", "files", "received"]
    rows = [line.split()[:2] for line in lines if line[:4].isdigit()]
    feeds = ("social", "telephony", "web_chats", "web_forms", "web_sessions")
    first, second = MONTHS
    assert rows == [
        *([first, feed] for feed in feeds),
        *([second, feed] for feed in ("callback_outcomes", *feeds)),
    ]
    assert "Callback notices: " in result.stdout
    assert f"Published: {CYCLES[1]}" in result.stdout or f"panel_pack_{CYCLES[1]}" in result.stdout
    assert "wait to be run" not in result.stdout


def test_status_is_told_to_a_script(csip, monkeypatch):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 11, 8))
    told = json.loads(csip("status", "--json").stdout)

    for row in told["intake"]:
        assert row["received"] == sum(row[end] for end in ENDS)
    assert (told["missing"], told["waiting"], told["ignored"]) == ({}, [], [])
    assert told["unfinished"] == []
    for gap in ("late", "missing_sources", "refused", "missing_hours", "restated"):
        assert told[gap] == []
    assert "files" not in told
    assert set(told["callbacks"]) >= {"held", "issued", "explained"}


def test_status_says_what_waits_is_unclaimed_or_cannot_be_read(csip, folder):
    (path,) = folder.extracts.glob("web_forms/forms_2026-10*")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    (folder.extracts / "web_forms" / "misnamed.csv").write_bytes(path.read_bytes())
    waiting = csip("status", on=folder)
    (folder.extracts / "social" / "twcs_2026-11_20261201T0500Z.csv").write_bytes(b"\x00\xff")
    unreadable = csip("status", on=folder)

    assert waiting.exit_code == unreadable.exit_code == 0
    assert "Extracts wait to be run for 2026-10: csip run" in waiting.stdout
    assert "No source in feeds.toml claims: web_forms/misnamed.csv. Correct" in waiting.stdout
    assert "twcs_2026-11_20261201T0500Z.csv" in unreadable.stdout
    assert "Extracts wait to be run for 2026-10: csip run" in unreadable.stdout


def test_status_says_which_feed_is_missing(csip, folder):
    with warehouse.connected(folder.warehouse) as con:
        con.execute("delete from extract.intake where month = '2026-10-01' and feed = 'social'")

    assert "Missing in 2026-10: social." in csip("status", on=folder).stdout


def test_a_feed_that_is_missing_is_said_once_by_how_late_it_is(csip, folder, monkeypatch):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 11, 8))
    with warehouse.connected(folder.warehouse) as con:
        con.execute("delete from extract.intake where month = '2026-10-01' and feed = 'social'")
        con.execute(
            "update extract.arrivals set status = 'missing', files = 0, first_extracted_at = null "
            "where month = '2026-10-01' and feed = 'social'"
        )
    said = csip("status", on=folder).stdout

    assert "for October 2026 is 3 days late.\n" in said
    assert "Missing in" not in said


def test_a_month_of_which_nothing_came_is_named_source_by_source(csip, monkeypatch):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 12, 8))
    said = csip("status").stdout
    told = json.loads(csip("status", "--json").stdout)["missing_sources"]

    assert "999 control room (telephony) for November 2026 is 3 days late.\n" in said
    assert {row["month"] for row in told} == {"2026-11"}
    assert {row["feed"] for row in told} == {
        *("social", "telephony", "web_chats", "web_forms", "web_sessions")
    }


def test_what_came_of_a_month_that_was_not_run_yet_is_not_late(csip, folder, monkeypatch):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 11, 8))
    folder.warehouse.unlink()
    for path in folder.extracts.glob("web_forms/*2026-10*"):
        path.unlink()
    said = csip("status", on=folder).stdout

    assert "website forms (web_forms) for October 2026 is 3 days late.\n" in said
    assert said.count(" late.") == 1


def test_before_anything_came_nothing_is_late(csip, folder, monkeypatch):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 9, 8))

    assert "late" not in csip("status", on=folder).stdout


def test_status_before_any_run_says_so(csip, folder):
    folder.warehouse.unlink()
    result = csip("status", on=folder)

    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing has been run yet.\n")
    assert "Extracts wait to be run for 2026-09, 2026-10: csip run" in result.stdout


def test_status_lists_every_file_where_that_is_asked_for(csip, demo):
    heading, *lines = csip("status", "--files").stdout.splitlines()
    told = json.loads(csip("status", "--files", "--json").stdout)["files"]

    assert heading.split()[:5] == ["month", "feed", "file", "extracted", "at"]
    names = {path.name for path in demo.settings.extracts.glob("*/*")}
    assert {line.split()[2] for line in lines if line[:4].isdigit()} == names
    assert {row["file"] for row in told} == names
    for row in told:
        assert row["received"] == sum(row[end] for end in ENDS)
    assert told[0]["extracted_at"] == "2026-10-01T05:00:00+00:00"


def test_status_says_what_is_late_and_when_a_system_was_silent(csip, folder, monkeypatch):
    monkeypatch.setattr(lateness, "today", lambda: dt.date(2026, 11, 8))
    with warehouse.connected(folder.warehouse) as con:
        con.execute(
            "update extract.arrivals set status = 'late', due_on = '2026-11-02' "
            "where month = '2026-10-01' and source = 'website forms'"
        )
        con.execute(
            "update extract.arrivals set status = 'missing', files = 0, first_extracted_at = null "
            "where month = '2026-10-01' and source = '999 control room'"
        )
        con.execute(
            "insert into extract.missing_hours values ('2026-10-01', 'telephony', '101', "
            "'2026-10-24 23:00+00', '2026-10-25 03:00+00', 4, 23.4)"
        )
    said = csip("status", on=folder).stdout
    told = json.loads(csip("status", "--json", on=folder).stdout)

    assert "website forms (web_forms) for October 2026 came 2 days late.\n" in said
    assert "999 control room (telephony) for October 2026 is 3 days late.\n" in said
    ((late,), (missing,)) = told["late"], told["missing_sources"]
    assert late == {
        "month": "2026-10",
        "feed": "web_forms",
        "source": "website forms",
        "files": 1,
        "first_extracted_at": "2026-11-04T05:00:00+00:00",
        "due_on": "2026-11-02",
    }
    assert (missing["source"], missing["files"]) == ("999 control room", 0)
    assert (
        "Nothing was logged for 4 hours in telephony (101), from 2026-10-25 00:00 to "
        "2026-10-25 03:00: about 23 contacts are usual.\n"
    ) in said


def test_status_does_not_say_that_nothing_was_run_where_all_was_withdrawn(csip, folder):
    with warehouse.connected(folder.warehouse) as con:
        con.execute("delete from extract.intake")

    assert csip("status", on=folder).stdout.startswith(
        "No row is taken in: every extract that was run has been withdrawn.\n"
    )


def test_a_month_whose_run_did_not_get_through_waits_and_is_told_apart(csip, folder):
    with warehouse.connected(folder.warehouse) as con:
        unfinished_months.begin(con, dt.date(2026, 10, 1))
    said = csip("status", on=folder).stdout
    told = json.loads(csip("status", "--json", on=folder).stdout)

    assert "The last run of 2026-10 was refused or cut short: csip run\n" in said
    assert "Extracts wait" not in said
    assert told["waiting"] == told["unfinished"] == ["2026-10"]
