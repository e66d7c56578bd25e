"""`csip sample plan` and `verify` need no warehouse: anybody can run them, and scripts can too."""

import json

import pytest
from click.testing import CliRunner

from csip_pipeline.cli_sample import sample


def run(*words):
    """What a verb says, with its exit code."""
    return CliRunner().invoke(sample, [str(word) for word in words])


def test_a_plan_says_how_many_calls_and_what_they_ask_of_the_panel():
    said = run("plan", "--half-width", 10, "--hours", 4).output

    assert said.splitlines() == [
        (
            "Hear 93 calls: about 12.4 hours at 8 minutes each. A share of 50 % is then known to "
            "10 points either way."
        ),
        "In 4 hours: 30 calls, which gives 16.85 points either way.",
    ]


def test_hours_too_short_for_a_call_say_so():
    assert "In 0.1 hours: 0 calls.\n" in run("plan", "--half-width", 10, "--hours", 0.1).output


def test_a_plan_for_a_script_is_json():
    told = json.loads(run("plan", "--half-width", 10, "--calls", 1000, "--json").output)

    assert (told["calls"], told["calls_in_the_hours"]) == (86, None)


@pytest.mark.parametrize(
    "words",
    [
        ("--half-width", 0),
        ("--half-width", 50),
        ("--half-width", "nan"),
        ("--half-width", 10, "--share", 120),
        ("--half-width", 10, "--confidence", 100),
        ("--half-width", 10, "--minutes-per-call", 0),
        ("--half-width", 10, "--hours", -1),
        ("--half-width", 10, "--calls", 0),
    ],
)
def test_a_plan_of_what_cannot_be_is_a_mistake_of_usage(words):
    ended = run("plan", *words)

    assert ended.exit_code == 2
    assert "Error: " in ended.output


def test_a_sample_that_holds_is_said_to_and_one_that_does_not_ends_with_one(panel):
    panel.freeze()
    panel.draw()
    good = run("verify", panel.manifest)
    panel.manifest.write_text(panel.manifest.read_text().replace('"row": ', '"row": 1'))
    bad, told = run("verify", panel.manifest), run("verify", panel.manifest, "--json")

    assert (good.exit_code, good.output.splitlines()[-1]) == (0, "Everything holds.")
    assert (bad.exit_code, told.exit_code) == (1, 1)
    assert bad.output.splitlines()[-1].endswith("is not the one that the seed draws.")
    assert len(json.loads(told.output)["faults"]) == 13


def test_a_frame_not_drawn_from_yet_holds(panel):
    panel.freeze()

    assert run("verify", panel.manifest).output.splitlines()[1:] == [
        "Checked: not drawn yet",
        "Everything holds.",
    ]
