"""A score sheet can be filled in and read back, shares calls out by lot, and names nobody."""

import collections
import datetime as dt
import itertools
import shutil
import stat

import openpyxl
import pytest

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import manifests
from csip_pipeline.publish.sampling import drawing, score_sheets
from csip_pipeline.publish.sampling.manifested import FrameRow
from csip_pipeline.publish.sampling.sheet_shares import shared
from csip_pipeline.publish.workbook_lint import lint
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, project_root

CYCLE = Cycle(
    "2026-Q3",
    "July to September 2026",
    dt.date(2026, 7, 1),
    dt.date(2026, 9, 30),
    dt.date(2026, 10, 22),
)
SEED = "31652441635524163254"
SIZE, RESERVES = 12, 4
PANEL = ["A", "B", "C"]


def told(*withdrawn):
    """A draw of 12 calls and 4 reserves of a frame of 40, and which stand for which."""
    rows = [FrameRow(row, f"REF{row}", "all") for row in range(1, 41)]
    draw = {"seed": SEED, "size": SIZE, "rows": drawing.drawn_rows(rows, SEED, SIZE, RESERVES)}
    entries = [{"sample_no": out, "replaced_by": by, "because": "x"} for out, by in withdrawn]
    return {"draw": draw, "withdrawn": entries}


@pytest.fixture
def here(tmp_path):
    settings = Settings(data=tmp_path)
    shutil.copytree(project_root() / "data" / "reference", settings.reference)
    drawn(settings, told())
    return settings


def drawn(settings, sample):
    folder = settings.published / CYCLE.cycle
    folder.mkdir(parents=True, exist_ok=True)
    manifests.update(folder, CYCLE, lambda manifest: {**manifest, "sample": sample})


def rows(path):
    header, *rest = openpyxl.load_workbook(path)["Scores"].values
    return [dict(zip(header, row, strict=True)) for row in rest]


def test_every_call_is_heard_and_the_overlap_calls_twice_by_different_panellists():
    found = shared(told(), [1001], PANEL, 3)

    times = collections.Counter(itertools.chain.from_iterable(found.values()))
    assert set(times) == {*range(1, SIZE + 1), 1001}
    assert sorted(times.values()) == [1] * 10 + [2] * 3
    assert all(len(set(numbers)) == len(numbers) for numbers in found.values())
    assert times[1001] == 1


def test_calls_are_shared_out_evenly_and_alike_each_time():
    found = shared(told(), [], PANEL, 3)

    assert {len(numbers) for numbers in found.values()} == {5}
    assert found == shared(told(), [], PANEL, 3)
    assert found["A"] != sorted(range(1, SIZE + 1))[:5]


def test_a_reserve_takes_the_place_of_the_withdrawn_call_and_nobody_elses_calls_change():
    before, after = (shared(sample, [], PANEL, 3) for sample in (told(), told((2, 13), (13, 14))))

    replaced = {
        panellist: sorted(14 if number == 2 else number for number in numbers)
        for panellist, numbers in before.items()
    }
    assert after == replaced


def test_a_sheet_has_a_row_for_each_call_and_question_in_order(here):
    paths = score_sheets.write(here, CYCLE, PANEL, 3)

    assert [path.name for path in paths] == [f"scores_2026-Q3_{each}.xlsx" for each in PANEL]
    own = rows(paths[0])
    assert len(own) == 5 * 8
    assert [row["Criterion"] for row in own[:3]] == [
        "Necessary",
        "Vulnerability recognised",
        "Repeat victim checked",
    ]
    assert own[0]["Question"] == "Was this a matter for the police?"
    assert {row["Panellist"] for row in own} == {"A"}
    assert [row["Call"] for row in own] == sorted(row["Call"] for row in own)
    assert {row["Score"] for row in own} == {None}
    references = {row["sample_no"]: row["reference"] for row in told()["draw"]["rows"]}
    assert all(references[row["Call"]] == row["Reference"] for row in own)


def test_a_sheet_is_sound_and_only_its_owner_reads_it(here):
    for path in score_sheets.write(here, CYCLE, PANEL, 3):
        assert lint(path, is_worklist=True) == []
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.parent == here.samples / CYCLE.cycle


def test_each_question_offers_the_answers_of_its_scale_and_not_applicable(here):
    path, *_ = score_sheets.write(here, CYCLE, PANEL, 3)
    sheet = openpyxl.load_workbook(path)["Scores"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        for cells in rule.sqref.ranges:
            for row in range(cells.min_row, cells.max_row + 1):
                offered.setdefault(sheet.cell(row, 5).value, set()).add(rule.formula1)

    assert offered["Necessary"] == {'"Yes,No,N/A"'}
    grades = '"Outstanding,Good,Adequate,Requires improvement,Inadequate,N/A"'
    assert offered["Tone"] == offered["Outcome explained"] == {grades}
    assert len(offered) == 8


def test_only_scores_can_be_filled_in(here):
    path, *_ = score_sheets.write(here, CYCLE, PANEL, 3)
    sheet = openpyxl.load_workbook(path)["Scores"]

    assert sheet.protection.sheet
    locked = {cell.column_letter: cell.protection.locked for cell in sheet[2]}
    assert locked == {**dict.fromkeys("ABCDEF", True), "G": False}


def test_the_same_again_changes_nothing_and_another_never_overwrites(here):
    paths = score_sheets.write(here, CYCLE, PANEL, 3)
    before = [path.read_bytes() for path in paths]

    assert score_sheets.write(here, CYCLE, PANEL, 3) == paths
    with pytest.raises(RefusedError, match="somebody may have begun to fill it in"):
        score_sheets.write(here, CYCLE, ["A", "B"], 3)

    assert [path.read_bytes() for path in paths] == before


def test_a_question_is_asked_while_it_is_in_force_on_the_cycles_last_day(here):
    path = here.reference / "score_sheet.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",8,2024-09-01,", ",8,2026-10-01,"), encoding="utf-8")

    assert "outcome_explained" not in set(score_sheets.questions(here, CYCLE)["item"])


def test_without_questions_there_is_no_sheet(here):
    (here.reference / "score_sheet.csv").unlink()

    with pytest.raises(RefusedError, match="asks nothing on 2026-09-30"):
        score_sheets.write(here, CYCLE, PANEL, 3)


@pytest.mark.parametrize(
    ("panellists", "overlap", "why"),
    [
        pytest.param(["Ada", "B"], 3, "not by a name", id="a name"),
        pytest.param(["a", "B"], 3, "capital letter", id="a small letter"),
        pytest.param(["A", "A"], 3, "same letter", id="twice"),
        pytest.param(["A"], 3, "cannot hear calls twice", id="alone"),
        pytest.param(["A", "B"], 13, "13 calls cannot be heard twice where 12", id="too many"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(here, panellists, overlap, why):
    with pytest.raises(RefusedError, match=why):
        score_sheets.write(here, CYCLE, panellists, overlap)


def test_before_the_draw_there_are_no_sheets(here):
    drawn(here, {"frame": {}})

    with pytest.raises(RefusedError, match="not drawn yet"):
        score_sheets.write(here, CYCLE, PANEL, 3)
