"""`csip pack` publishes a cycle and says where the pack is; a cycle it cannot, it refuses."""

import json
from pathlib import Path

import pytest


def test_a_pack_is_published_once_and_then_said_to_be_the_same(csip, folder):
    first = csip("pack", "--cycle", "2026-Q3", on=folder)
    second = csip("pack", "--cycle", "2026-Q3", on=folder)

    path = folder.published / "2026-Q3" / "panel_pack_2026-Q3.xlsx"
    own = path.parent / "restricted" / "panel_pack_2026-Q3_restricted.xlsx"
    said = [f"For the Force and the office: {own}", str(path)]
    assert (first.exit_code, first.stdout.splitlines()) == (0, said)
    assert (second.exit_code, second.stdout.splitlines()) == (
        0,
        ["Nothing has changed since this edition was published.", *said],
    )
    assert path.exists()


def test_a_pack_is_told_to_a_script(csip):
    told = json.loads(csip("pack", "--cycle", "2026-Q4", "--json").stdout)

    assert (told["revision"], told["is_new"]) == (1, False)
    assert Path(told["path"]).exists()
    assert len(told["sha256"]) == 64


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            ["--cycle", "2026-Q9"],
            "2026-Q9 is not a panel cycle. reference/panel_cycles.csv has 2024-Q3, ",
            id="an unknown cycle",
        ),
        pytest.param(
            ["--cycle", "2024-Q4"],
            "There is nothing to publish for 2024-Q4: none of its months has been run. Put the "
            "extracts in place, then: csip run --from 2024-10 --to 2024-12",
            id="a cycle never run",
        ),
        pytest.param(
            [],
            "No panel cycle has all its months in. Run them first (csip run), or publish what is "
            "in: csip pack --cycle 2026-Q4",
            id="no whole cycle",
        ),
    ],
)
def test_a_cycle_that_cannot_be_published_is_refused_with_what_to_do(csip, given, told):
    result = csip("pack", *given)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {told}")
    assert len(result.stderr.splitlines()) == 1


def test_before_any_run_there_is_nothing_to_publish(csip, folder):
    folder.warehouse.unlink()
    result = csip("pack", on=folder)

    assert result.exit_code == 1
    assert "No month has been run, so there is nothing to publish: csip run" in result.stderr
