"""Every verb explains itself; a wrong word is bad usage (2) and a refusal (1) says what to do."""

import inspect
import json
import re
import subprocess
import sys

import click
import pytest

from csip_pipeline import cli, cli_verbs, cli_work
from csip_pipeline.extract import registry
from csip_pipeline.publish.tracing import followed
from csip_pipeline.settings import Settings
from csip_pipeline_tests import demo_force

VERBS = (
    "callbacks",
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
HEAVY = {"dagster", "duckdb", "numpy", "pandas", "pandera", "pyarrow", "scipy", "starlette"}
BY_THEMSELVES = {"callbacks", "sample", "sample plan", "serve", "ui"}
"""Groups, and verbs that do their work where they are declared."""
QUICK = [
    ["--help"],
    ["--version"],
    ["publish"],
    ["run", "--month", "2026-13"],
    ["run", "--from", "2026-09"],
    ["check", __file__, "--feed", "phones"],
    ["erase"],
    ["sample", "plan", "--half-width", "0"],
    ["sample", "withdraw", "--because", "boredom"],
    ["serve", "--port", "0"],
]
ASKED_IN_A_NEW_PROCESS = """
import json, sys
from click.testing import CliRunner
from csip_pipeline.cli import csip
codes = [CliRunner().invoke(csip, given).exit_code for given in json.loads(sys.argv[1])]
print(json.dumps({"codes": codes, "loaded": [name for name in sys.modules if "." not in name]}))
"""


@pytest.fixture
def csip(tmp_path):
    """What a command says and how it ends, on a folder that is not there."""

    def run(*given, on=None):
        return demo_force.csip(on or Settings(data=tmp_path / "nowhere"), *given)

    return run


def below(group, *words):
    """Every verb and every group of verbs, by the words that call it."""
    for name, verb in group.commands.items():
        if isinstance(verb, click.Group):
            yield from below(verb, *words, name)
        yield " ".join([*words, name]), verb


ALL = dict(below(cli.csip))


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


def test_help_and_bad_usage_load_nothing_that_takes_time():
    given = QUICK + [[*words.split(), "--help"] for words in ALL]
    asked = [sys.executable, "-c", ASKED_IN_A_NEW_PROCESS, json.dumps(given)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    told = json.loads(answer.stdout)

    assert told["codes"] == [0, 0, *[2] * (len(QUICK) - 2), *[0] * len(ALL)]
    assert HEAVY.intersection(told["loaded"]) == set()


def test_whoever_does_a_verbs_work_takes_its_options(monkeypatch, tmp_path):
    asked = []
    find = cli_work.work
    monkeypatch.setattr(
        cli_work,
        "work",
        lambda place: lambda *given, **options: asked.append((place, given, options)),
    )
    done = [verb for words, verb in ALL.items() if words not in BY_THEMSELVES]
    for verb in done:
        options = {one.name: None if one.name == "month" else "given" for one in verb.params}
        with click.Context(verb, obj=tmp_path).scope():
            verb.callback(**options)

    assert len(asked) == len(done)
    for place, given, options in asked:
        inspect.signature(find(place)).bind(*given, **options)


def test_the_words_that_options_take_are_those_of_the_modules_that_act_on_them():
    assert tuple(registry.FEEDS) == cli_verbs.FEEDS
    assert followed.EDITIONS == cli_verbs.EDITIONS


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
