"""`csip status` says what came in, what is missing or waiting, and what was published."""

import json

from csip_pipeline import warehouse
from csip_pipeline_tests.demo_force import CYCLES, MONTHS

ENDS = ("accepted", "duplicate", "superseded", "quarantined", "out_of_scope")


def test_status_lists_every_month_and_feed(csip):
    result = csip("status")

    assert result.exit_code == 0
    heading, *lines = result.stdout.splitlines()
    assert heading.split()[:4] == ["month", "feed", "files", "received"]
    rows = [line.split()[:2] for line in lines if line[:4].isdigit()]
    feeds = ("social", "telephony", "web_chats", "web_forms", "web_sessions")
    assert rows == [[month, feed] for month in MONTHS for feed in feeds]
    assert "Callback notices: " in result.stdout
    assert f"Published: {CYCLES[1]}" in result.stdout or f"panel_pack_{CYCLES[1]}" in result.stdout
    assert "wait to be run" not in result.stdout


def test_status_is_told_to_a_script(csip):
    told = json.loads(csip("status", "--json").stdout)

    for row in told["intake"]:
        assert row["received"] == sum(row[end] for end in ENDS)
    assert (told["missing"], told["waiting"], told["ignored"]) == ({}, [], [])
    assert set(told["callbacks"]) == {"held", "issued"}


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


def test_status_says_which_feed_is_missing(csip, folder):
    with warehouse.connected(folder.warehouse) as con:
        con.execute("delete from extract.intake where month = '2026-10-01' and feed = 'social'")

    assert "Missing in 2026-10: social." in csip("status", on=folder).stdout


def test_status_before_any_run_says_so(csip, folder):
    folder.warehouse.unlink()
    result = csip("status", on=folder)

    assert result.exit_code == 0
    assert result.stdout.startswith("Nothing has been run yet.\n")
    assert "Extracts wait to be run for 2026-09, 2026-10: csip run" in result.stdout
