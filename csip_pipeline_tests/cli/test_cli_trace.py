"""`csip trace` says where a published figure comes from; a cell without a figure it refuses."""

import json

import pytest

FIGURE = ("2026-Q4", "Service levels", "H8")


def test_a_trail_is_told_in_words(csip):
    result = csip("trace", *FIGURE)

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Service levels, H8: Service level; October 2026, 101 calls"
    told = {line.partition(": ")[0]: line.partition(": ")[2] for line in lines[1:]}
    assert told["Now"] == "the warehouse says the same."
    assert told["Measure"] == "measure.service_levels.service_level"
    assert told["Query"].startswith("csip_pipeline/measure/service_levels.sql, SHA-256 ")
    assert told["Standard"].startswith("101-answer, in force from 2026-04-01: We aim to ")
    assert told["Months"] == "2026-10"
    assert told["Contacts"].endswith("(everybody offered)")


def test_a_trail_is_told_to_a_script_and_its_ids_are_exported(csip, tmp_path):
    path = tmp_path / "ids.csv"
    result = csip("trace", *FIGURE, "--json", "--export", path)

    told = json.loads(result.stdout)
    assert told["exported"] == str(path)
    assert "contact_ids" not in told
    heading, *rows = path.read_text(encoding="utf-8").splitlines()
    assert heading == "contact_id,month"
    assert len(rows) == told["contacts"] == told["times"]
    assert not any(row.split(",")[0] in result.stdout for row in rows)


def test_the_public_edition_is_traced_where_that_is_asked_for(csip):
    cell = ("2026-Q4", "Service levels", "H9")  # a line more stands above: some are hidden
    told = json.loads(csip("trace", *cell, "--edition", "public", "--json").stdout)

    assert (told["edition"], told["file"]) == ("public", "panel_pack_2026-Q4.xlsx")
    assert told["row"] == {"Month": "October 2026", "Line or channel": "101 calls"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            ("2026-Q9", "Waits", "C7"),
            "2026-Q9 is not a panel cycle. reference/panel_cycles.csv has ",
            id="an unknown cycle",
        ),
        pytest.param(
            ("2026-Q3", "Waits", "C7"),
            "No pack of 2026-Q3 is published, so there is nothing to trace. Publish it: csip pack ",
            id="a cycle never published",
        ),
        pytest.param(
            ("2026-Q4", "Cover", "A1"), "'Cover' is no worksheet with figures", id="words"
        ),
    ],
)
def test_what_has_no_trail_is_refused_in_one_line(csip, given, told):
    result = csip("trace", *given)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {told}")
    assert len(result.stderr.splitlines()) == 1


def test_before_any_run_there_is_nothing_to_trace(csip, folder):
    folder.warehouse.unlink()
    result = csip("trace", *FIGURE, on=folder)

    assert result.exit_code == 1
    assert "No month has been run, so there is nothing to trace: csip run" in result.stderr
