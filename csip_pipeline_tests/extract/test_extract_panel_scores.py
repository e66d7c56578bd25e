"""A panellist's score stands in the last month of the panel cycle it names."""

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from extract_samples import CYCLES, NOVEMBER, OCTOBER, SCORE_HEADER, SCORES

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import score_sheets
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import project_root

FILLED = Cycle(
    "autumn", "Autumn", dt.date(2026, 9, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 20)
)
ITEMS = pd.DataFrame(
    {
        "item": ["necessary", "right_agency"],
        "wording": "What?",
        "guidance": "So.",
        "scale": ["yes_no", "grades"],
    }
)
KEPT = "select month, cycle, sample_no, item, score from extract.panel_scores order by all"


def test_a_score_is_dated_by_its_cycle_and_an_item_may_not_apply(folder):
    folder.expect(SCORES)
    folder.drop(
        "panel_scores/scores.csv",
        SCORE_HEADER,
        "autumn,1,A,Tone,Good",
        "autumn,1,B,Tone,N/A",
        "winter,1,A,Right agency,No",
        "autumn,2,A,Tone,",
    )

    for month in (OCTOBER, NOVEMBER):
        folder.take("panel_scores", month)

    assert folder.rows(KEPT) == [
        (OCTOBER, "autumn", 1, "tone", "good"),
        (OCTOBER, "autumn", 1, "tone", "not_applicable"),
        (NOVEMBER, "winter", 1, "right_agency", "no"),
    ]
    assert folder.ends(OCTOBER) == {"scores.csv": {"accepted": 2, "out_of_scope": 1}}
    assert folder.ends(NOVEMBER) == {"scores.csv": {"accepted": 1}}


def test_a_panellist_is_kept_as_a_pseudonym_and_scores_an_item_of_a_call_once(folder):
    folder.expect(SCORES)
    folder.drop(
        "panel_scores/a_20261101T0500Z.csv",
        SCORE_HEADER,
        "autumn,1,Panellist A,Tone,No",
        "autumn,1,Panellist A,Right agency,No",
    )
    folder.drop("panel_scores/b_20261102T0500Z.csv", SCORE_HEADER, "autumn,1,panellist a,Tone,Good")

    folder.take("panel_scores")

    (right, tone) = folder.rows(
        "select item, score, handler_key from extract.panel_scores order by item"
    )
    assert (right[:2], tone[:2]) == (("right_agency", "no"), ("tone", "good"))
    assert right[2] == tone[2]
    assert len(tone[2]) == 64
    columns = {name for name, *_ in folder.rows("describe extract.panel_scores")}
    assert columns.isdisjoint({"scorer", "person_key"})
    assert folder.ends()["a_20261101T0500Z.csv"] == {"accepted": 1, "superseded": 1}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param(
            "autumn,2,A,Tone,7",
            ("score", "is not a value that feeds.toml declares"),
            id="no such grade",
        ),
        pytest.param(
            "autumn,2,A,Ada's manner,Good",
            ("item", "is not a value that feeds.toml declares"),
            id="no such item",
        ),
        pytest.param("autumn,2,A,,Good", ("item", "must not be empty"), id="no item"),
        pytest.param("autumn,2,,Tone,Good", ("scorer", "must not be empty"), id="nobody"),
        pytest.param("autumn,0,A,Tone,Good", ("sample_no", "must not be less than 1"), id="call 0"),
        pytest.param(
            "summer,2,A,Tone,Good",
            ("cycle", "is not a panel cycle of reference/panel_cycles.csv"),
            id="no such cycle",
        ),
        pytest.param(",2,A,Tone,Good", ("cycle", "must not be empty"), id="no cycle"),
    ],
)
def test_a_score_that_cannot_be_is_told_by_row_and_column(folder, row, fault):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores.csv", SCORE_HEADER, "autumn,1,A,Tone,Good", row)

    folder.take("panel_scores")

    assert folder.restricted("select source_row, column_name, promise from extract.quarantine") == [
        (3, *fault)
    ]
    assert folder.ends() == {"scores.csv": {"accepted": 1, "quarantined": 1}}


def test_an_item_that_a_mapping_lets_through_must_still_be_a_plain_name(folder):
    folder.expect(
        SCORES.replace(', values = { Tone = "tone", "Right agency" = "right_agency" }', "")
    )
    folder.drop(
        "panel_scores/scores.csv",
        SCORE_HEADER,
        "autumn,1,A,tone,Good",
        "autumn,1,A,Ada's manner,Good",
    )

    folder.take("panel_scores")

    assert folder.restricted("select source_row, column_name, promise from extract.quarantine") == [
        (3, "item", "an item must be named as in score_sheet.csv: small letters and underscores")
    ]


def test_a_file_without_a_stamp_counts_as_made_when_its_cycle_was_over(folder):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores.csv", SCORE_HEADER, "autumn,1,A,Tone,Good")

    (delivery,) = folder.catalogue()

    assert delivery.extracted_at.isoformat() == "2026-11-01T00:00:00+00:00"


def test_scores_may_be_returned_before_their_cycle_is_over(folder):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores_20261001T0500Z.csv", SCORE_HEADER, "autumn,1,A,Tone,Good")

    folder.take("panel_scores")

    assert folder.ends() == {"scores_20261001T0500Z.csv": {"accepted": 1}}


def test_a_cycle_added_later_has_its_scores_read_again(folder):
    folder.expect(SCORES)
    folder.drop(
        "panel_scores/scores.csv", SCORE_HEADER, "autumn,1,A,Tone,Good", "spring,1,A,Tone,Good"
    )
    assert folder.faults() == [(3, "cycle", "is not a panel cycle of reference/panel_cycles.csv")]

    cycles = folder.settings.reference / "panel_cycles.csv"
    cycles.write_text(f"{CYCLES}spring,S,2027-01-01,2027-03-31,2027-04-20\n", encoding="utf-8")

    assert folder.faults() == []
    assert {f"{month:%Y-%m}" for month in folder.touched()} == {"2026-10", "2027-03"}


def test_without_panel_cycles_a_source_that_needs_them_is_refused(folder):
    folder.expect(SCORES)
    (folder.settings.reference / "panel_cycles.csv").unlink()

    with pytest.raises(RefusedError, match=r"panel_cycles\.csv is missing"):
        folder.catalogue()


def test_a_score_sheet_that_a_panellist_filled_in_is_read_as_it_was_made(folder):
    sheet = score_sheets.render(FILLED, "A", ITEMS, {7: "REFG", 1001: "T1001"})
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    for cell, answer in {"G2": "No", "G3": "Requires improvement", "G5": "N/A"}.items():
        book["Scores"][cell] = answer
    shipped = (project_root() / "data/reference/feeds.toml").read_text(encoding="utf-8")
    folder.expect(shipped[shipped.index('[[source]]\nname = "panel score sheets"') :])
    path = folder.settings.extracts / "panel_scores" / "scores_autumn_A.xlsx"
    path.parent.mkdir(parents=True)
    book.save(path)

    folder.take("panel_scores")

    assert folder.rows(KEPT) == [
        (OCTOBER, "autumn", 7, "necessary", "no"),
        (OCTOBER, "autumn", 7, "right_agency", "requires_improvement"),
        (OCTOBER, "autumn", 1001, "right_agency", "not_applicable"),
    ]
    assert folder.ends() == {"scores_autumn_A.xlsx": {"accepted": 3, "out_of_scope": 1}}
