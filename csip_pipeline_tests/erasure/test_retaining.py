"""What is older than the force may keep goes; a month that it was made from stays as published."""

import datetime as dt
import json

import pytest
from looking import counts, found

from csip_pipeline import warehouse
from csip_pipeline.erasure import retaining
from csip_pipeline.refusals import KeptError, RefusedError
from csip_pipeline_tests import canaries
from csip_pipeline_tests.erasure.conftest import take_in

MUCH_LATER = dt.date(2029, 1, 10)
PSEUDONYMS = ["restricted/callbacks.duckdb", "warehouse.duckdb"]
"""What is left: pseudonyms that stand for nobody any more, and what a reviewer wrote."""
SAID = {"by": "Records manager", "reason": "Schedule of retention"}


def keep(here, *rows):
    lines = ["store,keep_months,citation", *(f"{row},Schedule" for row in rows)]
    (here.reference / "retention.csv").write_text("\n".join(lines), encoding="utf-8")


def test_all_that_is_too_old_goes_and_its_month_is_refused_not_emptied(aviary):
    before = counts(aviary)

    deleted = retaining.apply(aviary, MUCH_LATER, **SAID)

    assert set(deleted) == {"extracts", "contact_points", "quarantine", "worklists", "samples"}
    assert all(deleted.values())
    assert found(aviary) == PSEUDONYMS
    with pytest.raises(KeptError, match="deleted when their time was up"):
        take_in(aviary)
    assert counts(aviary) == before
    with warehouse.connected(aviary.people, read_only=True) as store:
        assert store.execute("select count(*) from harmonise.people").fetchall() == [(0,)]
        assert store.execute("select count(*) from extract.quarantine").fetchall() == [(0,)]
    (line,) = aviary.erasures.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["deleted"] == deleted


def test_the_score_sheets_of_an_old_cycle_go_with_their_folder(aviary):
    folder = aviary.samples / canaries.CYCLE
    folder.mkdir()
    (folder / f"scores_{canaries.CYCLE}_A.xlsx").write_bytes(b"a sheet")
    before = retaining.apply(aviary, dt.date(2026, 12, 1), **SAID)["samples"]
    stayed = folder.exists()

    assert (before, stayed) == (0, True)
    assert retaining.apply(aviary, MUCH_LATER, **SAID)["samples"] == 2
    assert not folder.exists()


def test_what_is_young_enough_stays(aviary):
    before = found(aviary)

    deleted = retaining.apply(aviary, dt.date(2026, 12, 1), **SAID)

    assert set(deleted.values()) == {0}
    assert found(aviary) == before


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(["worklists,3"], "must not be less than", id="shorter than a notice lives"),
        pytest.param(["ledger,24"], "must be one of", id="the ledger has no period"),
        pytest.param(
            ["extracts,24", "contact_points,12"],
            "extracts must not be kept longer than contact_points",
            id="files that would bring back what was deleted",
        ),
    ],
)
def test_a_schedule_that_would_do_harm_is_refused(aviary, rows, told):
    keep(aviary, *rows)

    with pytest.raises(RefusedError, match=told):
        retaining.periods(aviary)
    assert (aviary.extracts / "web_forms/forms_canary.csv").exists()


def test_a_store_without_a_row_keeps_all(aviary):
    keep(aviary, "worklists,6")

    assert retaining.apply(aviary, MUCH_LATER, **SAID) == {"worklists": 2}
