"""`csip callbacks`: what is due, held and done, by ids alone; who decides is kept."""

import json
import shutil

import pytest

from csip_pipeline import warehouse
from csip_pipeline.settings import Settings

REVIEWED = ("--by", "A. Reviewer", "--reason", "Spoke to their officer.")


def told(csip, folder, *given):
    """What a verb says as JSON."""
    result = csip("callbacks", *given, "--json", on=folder)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def held(csip, folder):
    return [row["notice_id"] for row in told(csip, folder, "status", "--held")]


def test_the_status_counts_notices_and_proves_the_ledger(csip):
    said = csip("callbacks", "status")

    assert said.exit_code == 0
    assert "issued, nothing back yet" in said.output
    assert "entries is whole." in said.output
    assert json.loads(csip("callbacks", "status", "--json").output)["chain"] == "whole"


def test_whoever_is_held_is_listed_by_id_and_cause(csip):
    said = csip("callbacks", "status", "--held")

    lines = said.output.splitlines()
    assert lines
    assert all("due by 2026-" in line for line in lines)
    assert any("Nobody recorded why they were in touch" in line for line in lines)


def test_a_released_notice_is_in_the_next_list_and_its_history_says_who_and_why(csip, folder):
    first, *rest = held(csip, folder)
    said = csip("callbacks", "release", first, *REVIEWED, on=folder)
    issued = csip("callbacks", "issue", on=folder)

    assert said.output == "Released: 1. They are in the next list: csip callbacks issue\n"
    assert issued.exit_code == 0, issued.output
    assert "lists: callbacks_2026-10-2.xlsx" in issued.output
    with warehouse.connected(folder.warehouse, read_only=True) as con:
        measured = "select sum(held) from measure.callbacks where level = 'all'"
        assert con.execute(measured).fetchall() == [(len(rest),)]
    assert held(csip, folder) == rest
    history = told(csip, folder, "status", first)
    assert [change["to_state"] for change in history["changes"]][-3:] == [
        "due",
        "claimed",
        "issued",
    ]
    assert ("A. Reviewer", "Spoke to their officer.") in {
        (change["by"], change["why"]) for change in history["changes"]
    }
    assert all(contact.partition(":")[2] for contact in history["contacts"])


def test_a_withdrawn_notice_is_withdrawn_for_good(csip, folder):
    first, *_ = held(csip, folder)
    before = told(csip, folder, "status")["notices"].get("withdrawn", 0)  # by the demo's reviewer
    said = csip("callbacks", "withdraw", first, *REVIEWED, on=folder)
    csip("callbacks", "issue", "--month", "2026-10", on=folder)
    csip("callbacks", "issue", "--month", "2026-09", on=folder)

    assert said.output == "Withdrawn: 1. Nobody will be told.\n"
    assert told(csip, folder, "status")["notices"]["withdrawn"] == before + 1
    assert first not in held(csip, folder)


@pytest.mark.parametrize("verb", ["release", "withdraw"])
def test_nobody_decides_without_a_name_or_about_a_notice_that_is_not_known(csip, verb):
    assert csip("callbacks", verb, "0" * 16).exit_code == 2
    refused = csip("callbacks", verb, "0" * 16, *REVIEWED)

    assert refused.exit_code == 1
    assert refused.output.startswith(f"Error: The ledger knows no notice {'0' * 16}.")


def test_issuing_again_tells_nobody_again(csip, folder):
    before = sorted(folder.worklists.iterdir())
    said = csip("callbacks", "issue", "--month", "2026-10", on=folder)

    assert said.exit_code == 0, said.output
    assert "lists: none" in said.output
    assert sorted(folder.worklists.iterdir()) == before


def test_a_ledger_that_was_changed_stops_every_verb_until_somebody_answers_for_it(csip, folder):
    ledger = folder.callbacks.read_bytes()
    folder.callbacks.write_bytes(ledger[:-1] + bytes([ledger[-1] ^ 1]))

    for verb in (("status",), ("issue",), ("release", "0" * 16, *REVIEWED)):
        refused = csip("callbacks", *verb, on=folder)
        assert refused.exit_code == 1
        assert "callbacks.duckdb is not as csip left it" in refused.output
    folder.callbacks.write_bytes(ledger)
    assert csip("callbacks", "reseal", *REVIEWED, on=folder).exit_code == 0
    assert csip("callbacks", "status", on=folder).exit_code == 0


@pytest.mark.parametrize("verb", [("status",), ("issue",), ("status", "--held")])
def test_before_anything_was_run_it_says_what_to_do(csip, tmp_path, demo, verb):
    here = Settings(data=tmp_path / "new")
    shutil.copytree(demo.settings.reference, here.reference)
    refused = csip("callbacks", *verb, on=here)

    assert refused.exit_code == 1
    assert refused.output == "Error: No callback notice has been recorded yet: csip run\n"
