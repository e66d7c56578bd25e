"""Synthetic panellists score like people: mostly alike, sometimes not, and always the same."""

import datetime as dt
import itertools

import openpyxl
import pandas as pd
import pytest

from csip_pipeline.calendars import Cycle
from csip_pipeline.demo import panellists
from csip_pipeline.publish.sampling import score_sheets

CYCLE = Cycle(
    "2026-Q2", "April to June", dt.date(2026, 4, 1), dt.date(2026, 6, 30), dt.date(2026, 7, 23)
)
ITEMS = pd.DataFrame(
    {
        "item": ["necessary", "tone", "right_agency"],
        "wording": "What?",
        "guidance": "So.",
        "scale": ["yes_no", "grades", "grades"],
    }
)
CALLS = {number: f"REF{number}" for number in range(1, 241)}
CODED = {reference: number % 2 == 0 for number, reference in CALLS.items()}
SEED = 2016


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The sheets of three panellists who all hear the same calls, given back."""
    here = tmp_path_factory.mktemp("panel")
    for letter in panellists.LETTERS:
        content = score_sheets.render(CYCLE, letter, ITEMS, CALLS)
        (here / f"scores_{letter}.xlsx").write_bytes(content)
    sheets = sorted(here.glob("*.xlsx"))
    panellists.give_back(sheets, here / "extracts", CODED, CYCLE.meeting_on)
    return here


@pytest.fixture(scope="module")
def answers(folder):
    """What each panellist answered, by call and criterion."""
    return {
        path.stem[-1]: {
            (row[1], row[4]): row[6]
            for row in openpyxl.load_workbook(path)["Scores"].iter_rows(2, values_only=True)
        }
        for path in sorted(folder.glob("extracts/panel_scores/*.xlsx"))
    }


def of(answers, criterion):
    return {call: answer for (call, asked), answer in answers.items() if asked == criterion}


def test_a_sheet_given_back_once_is_not_filled_in_again(folder):
    sheets = sorted(folder.glob("*.xlsx"))

    assert panellists.give_back(sheets, folder / "extracts", CODED, CYCLE.meeting_on) == []


def test_the_same_sheet_always_comes_to_the_same_bytes(folder):
    content = (folder / "scores_A.xlsx").read_bytes()
    back = folder / "extracts" / "panel_scores" / "scores_A.xlsx"

    assert panellists.filled_in(content, CODED, CYCLE.meeting_on, SEED) == back.read_bytes()


def test_every_cell_has_an_answer_and_tone_always_applies(answers):
    for own in answers.values():
        assert set(of(own, "Necessary").values()) == {"Yes", "No"}
        assert set(of(own, "Tone").values()) == set(panellists.GRADES)
        assert set(of(own, "Right agency").values()) == {*panellists.GRADES, "N/A"}


def test_two_panellists_mostly_agree(answers):
    for one, two in itertools.combinations(answers.values(), 2):
        agreed = sum(one[key] == two[key] for key in one) / len(one)
        assert 0.8 < agreed < 0.95


def test_handlers_codes_are_mostly_right_and_sometimes_wrong(answers):
    verdicts = of(answers["A"], "Necessary")
    for is_avoidable, (least, most) in {True: (0.7, 0.95), False: (0.05, 0.3)}.items():
        own = [verdicts[call] for call, ref in CALLS.items() if CODED[ref] is is_avoidable]
        assert least < own.count("No") / len(own) < most
