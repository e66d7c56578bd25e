"""A panellist's score stands in the last month of the panel cycle it names."""

import pytest
from extract_samples import CYCLES, NOVEMBER, OCTOBER, SCORE_HEADER, SCORES

from csip_pipeline.refusals import RefusedError

KEPT = "select month, cycle, sample_no, greeting, overall from extract.panel_scores order by all"


def test_a_score_is_dated_by_its_cycle_and_an_item_may_not_apply(folder):
    folder.expect(SCORES)
    folder.drop(
        "panel_scores/scores.csv",
        SCORE_HEADER,
        "autumn,1,Ada,4,5",
        "autumn,1,Grace,n/a,3",
        "winter,1,Ada,1,n/a",
        "autumn,2,Ada,,",
    )

    for month in (OCTOBER, NOVEMBER):
        folder.take("panel_scores", month)

    assert folder.rows(KEPT) == [
        (OCTOBER, "autumn", 1, 4, 5),
        (OCTOBER, "autumn", 1, None, 3),
        (NOVEMBER, "winter", 1, 1, None),
    ]
    assert folder.ends(OCTOBER) == {"scores.csv": {"accepted": 2, "out_of_scope": 1}}
    assert folder.ends(NOVEMBER) == {"scores.csv": {"accepted": 1}}


def test_a_panellist_is_kept_as_a_pseudonym_and_scores_a_call_once(folder):
    folder.expect(SCORES)
    folder.drop("panel_scores/a_20261101T0500Z.csv", SCORE_HEADER, "autumn,1,Ada Finch,4,2")
    folder.drop("panel_scores/b_20261102T0500Z.csv", SCORE_HEADER, "autumn,1,ada finch,4,5")

    folder.take("panel_scores")

    ((overall, key),) = folder.rows("select overall, handler_key from extract.panel_scores")
    assert (overall, len(key)) == (5, 64)
    columns = {name for name, *_ in folder.rows("describe extract.panel_scores")}
    assert columns.isdisjoint({"scorer", "person_key"})
    assert folder.ends()["a_20261101T0500Z.csv"] == {"superseded": 1}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param("autumn,2,Ada,6,5", ("greeting", "must not be more than 5"), id="too many"),
        pytest.param("autumn,2,Ada,0,5", ("greeting", "must not be less than 1"), id="too few"),
        pytest.param("autumn,2,Ada,good,5", ("greeting", "is not a whole number"), id="a word"),
        pytest.param("autumn,2,,5,5", ("scorer", "must not be empty"), id="nobody"),
        pytest.param("autumn,0,Ada,5,5", ("sample_no", "must not be less than 1"), id="call 0"),
        pytest.param(
            "autumn,2,Ada,n/a,n/a",
            ("", "a call that somebody listened to must have a score on at least one item"),
            id="no score at all",
        ),
        pytest.param(
            "summer,2,Ada,5,5",
            ("cycle", "is not a panel cycle of reference/panel_cycles.csv"),
            id="no such cycle",
        ),
        pytest.param(",2,Ada,5,5", ("cycle", "must not be empty"), id="no cycle"),
    ],
)
def test_a_score_that_cannot_be_is_told_by_row_and_column(folder, row, fault):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores.csv", SCORE_HEADER, "autumn,1,Ada,4,4", row)

    folder.take("panel_scores")

    assert folder.restricted("select source_row, column_name, promise from extract.quarantine") == [
        (3, *fault)
    ]
    assert folder.ends() == {"scores.csv": {"accepted": 1, "quarantined": 1}}


def test_a_file_without_a_stamp_counts_as_made_when_its_cycle_was_over(folder):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores.csv", SCORE_HEADER, "autumn,1,Ada,4,4")

    (delivery,) = folder.catalogue()

    assert delivery.extracted_at.isoformat() == "2026-11-01T00:00:00+00:00"


def test_scores_may_be_returned_before_their_cycle_is_over(folder):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores_20261001T0500Z.csv", SCORE_HEADER, "autumn,1,Ada,4,4")

    folder.take("panel_scores")

    assert folder.ends() == {"scores_20261001T0500Z.csv": {"accepted": 1}}


def test_a_cycle_added_later_has_its_scores_read_again(folder):
    folder.expect(SCORES)
    folder.drop("panel_scores/scores.csv", SCORE_HEADER, "autumn,1,Ada,4,4", "spring,1,Ada,4,4")
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
