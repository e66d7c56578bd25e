"""Every verb explains itself; a wrong word is bad usage (2) and a refusal (1) says what to do."""

import re

import pytest

from csip_pipeline.settings import Settings

VERBS = (
    "check",
    "demo",
    "erase",
    "pack",
    "quality",
    "run",
    "sample",
    "serve",
    "status",
    "trace",
    "ui",
)


def test_the_command_lists_its_verbs_and_says_where_data_lives(csip):
    said = csip("--help").stdout

    for verb in VERBS:
        assert re.search(rf"^  {verb} ", said, re.MULTILINE), verb
    assert "$CSIP_DATA" in said
    assert "0 done, 1 refused, 2 bad" in said
    assert "..." not in said.partition("Commands:")[2], "a verb's first line is too long to show"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_verb_explains_itself(csip, verb, option):
    result = csip(verb, option)

    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: csip {verb}")
    assert "%Y" not in result.stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(["publish"], "No such command", id="an unknown verb"),
        pytest.param(["run", "2026-10"], "unexpected extra argument", id="a month without --month"),
        pytest.param(
            ["run", "--month", "2026-13"],
            "'2026-13' is not a month written YYYY-MM, such as 2026-10.",
            id="no such month",
        ),
        pytest.param(
            ["run", "--month", "October"], "is not a month written", id="a month in words"
        ),
        pytest.param(
            ["run", "--month", "2026-10", "--from", "2026-09"],
            "Give either --month, or --from and --to.",
            id="a month and a first month",
        ),
        pytest.param(["run", "--from", "2026-09"], "--from and --to go together.", id="no end"),
        pytest.param(["run", "--to", "2026-09"], "--from and --to go together.", id="no beginning"),
        pytest.param(["check", __file__], "Missing option '--feed'", id="a file of no feed"),
        pytest.param(
            ["check", __file__, "--feed", "phones"],
            "'phones' is not one of 'telephony', 'web_forms'",
            id="an unknown feed",
        ),
        pytest.param(
            ["check", "no such file", "--feed", "telephony"], "does not exist", id="no such file"
        ),
        pytest.param(["check", "--feed", "telephony"], "Missing argument 'FILE'", id="no file"),
        pytest.param(["demo", "--months", "0"], "not in the range x>=1", id="no months"),
        pytest.param(["demo", "--last", "now"], "is not a month written", id="no last month"),
        pytest.param(["status", "--yaml"], "No such option", id="an unknown option"),
    ],
)
def test_bad_usage_ends_with_2_and_changes_nothing(csip, tmp_path, given, told):
    result = csip(*given, on=Settings(data=tmp_path / "untouched"))

    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "untouched").exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(["run"], "panel_cycles.csv is missing", id="run"),
        pytest.param(
            ["run", "--month", "2026-10"], "panel_cycles.csv is missing", id="run a month"
        ),
        pytest.param(["pack"], "panel_cycles.csv is missing", id="pack"),
        pytest.param(["status"], "feeds.toml is missing", id="status"),
        pytest.param(
            ["check", __file__, "--feed", "telephony"], "feeds.toml is missing", id="check"
        ),
    ],
)
def test_an_empty_folder_is_refused_with_what_to_put_there(csip, tmp_path, given, told):
    result = csip(*given, on=Settings(data=tmp_path / "new"))

    assert result.exit_code == 1
    assert told in result.stderr
    assert "copy the demo force's" in result.stderr
    assert len(result.stderr.splitlines()) == 1
