"""The force explains from 1 April 2026 on; that day changes the rule of no figure but 101's."""

import pandas as pd
import pytest

from csip_pipeline.reference import tables
from csip_pipeline.reference.csv_files import read_csv
from csip_pipeline.settings import project_root

ADOPTED = pd.Timestamp("2026-04-01")
RULE = ["within_seconds", "boundary", "target_share", "short_abandon_seconds", "wording"]


@pytest.fixture(scope="module")
def standards():
    path = project_root() / "data/reference/service_standards.csv"
    return read_csv(path, tables.ServiceStandards).assign(
        applies_from_on=lambda rows: pd.to_datetime(rows["applies_from_on"]),
        applies_until_on=lambda rows: pd.to_datetime(rows["applies_until_on"]),
    )


def test_nobody_is_promised_an_explanation_of_what_was_missed_before_april(standards):
    before = standards[standards["applies_from_on"] < ADOPTED]

    assert len(before) == 6
    assert before["explain_within_days"].isna().all()


def test_from_april_on_whoever_waited_too_long_or_heard_too_late_is_told(standards):
    now = standards[standards["applies_until_on"].isna()].set_index("standard_id")

    assert now["explain_within_days"].dropna().astype(int).to_dict() == {
        "101-answer": 40,
        "chat-answer": 40,
        "form-first-response": 40,
        "social-first-response": 40,
        "101-callback": 40,
    }


def test_a_standard_goes_on_in_april_with_the_same_rule_and_words_but_for_101(standards):
    named = standards.set_index("standard_id")
    pairs = {name.removesuffix("-2024"): name for name in named.index if name.endswith("-2024")}
    same = {
        new: named.loc[new, RULE].tolist() == named.loc[old, RULE].tolist()
        for new, old in pairs.items()
    }

    assert same == {
        "101-answer": False,
        "chat-answer": True,
        "form-first-response": True,
        "social-first-response": True,
    }
    for new, old in pairs.items():
        assert named.loc[old, "applies_until_on"] == named.loc[new, "applies_from_on"] == ADOPTED
        assert "2026" in named.loc[new, "citation"]
