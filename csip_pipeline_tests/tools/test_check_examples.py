"""The check of the worked examples says where the warehouse and an extract disagree, and fails."""

import importlib

import duckdb
import pandas as pd
import pytest

from csip_pipeline.settings import project_root

ROOT = project_root()
SAID = "switchboard has 0 calls, W:0, C:3, A:1, SL:66.7%, SL2:50.0% within 15s\n"
LOG = """\
1795473833|1795473833.1|switchboard|NONE|ENTERQUEUE||07700900001|1
1795473835|1795473833.1|switchboard|Agent3|CONNECT|2|1795473833.2|1
"""
LEVELS = """
    create table measure.service_levels as select
        'queue' as clock, 'queue' as level, 'switchboard' as queue,
        3 as answered, 1 as abandoned, 15 as within_seconds,
        $level::double as service_level_answered_only,
        0.5 as service_level_crediting_early_abandons
"""
STAYS = """
    create table extract.telephony as
    select '1795473833.1' as call_id, $wait::double as wait_seconds
"""


@pytest.fixture
def tool(monkeypatch):
    """The script, as a module."""
    monkeypatch.syspath_prepend(ROOT / "tools")
    return importlib.import_module("check_examples")


@pytest.fixture
def asterisk(tool):
    """The example whose extract is in part what Asterisk says of itself."""
    return next(one for one in tool.EXAMPLES if one.name == "asterisk_queue_log")


@pytest.fixture
def row_by_row(tool):  # noqa: ARG001 - puts tools/ on the path
    """The comparison of two columns."""
    return importlib.import_module("examples_check.example").row_by_row


@pytest.fixture
def compare(tool, tmp_path, monkeypatch):
    """Run the script on one example: 27,162 by its extract, and what was found."""
    extract = tmp_path / tool.EXAMPLES[0].extract
    extract.parent.mkdir()
    extract.touch()

    def run(found):
        checks = [tool.Check("answered", 27_162, found)]
        monkeypatch.setattr(tool, "check", lambda *_: iter(checks))
        return tool.main([str(tmp_path)])

    return run


def disagreeing(checks):
    return [check.what for check in checks if not check.agrees]


def test_every_example_that_is_documented_is_checked(tool):
    folders = {path.name for path in (ROOT / "docs" / "examples").iterdir() if path.is_dir()}

    assert {one.name for one in tool.EXAMPLES} == folders


def test_nothing_to_compare_is_no_success(tool, tmp_path, capsys):
    assert tool.main([str(tmp_path)]) == 1
    assert "boston_311: not checked, for want of multi_channel" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("found", "told", "code"),
    [
        pytest.param(27_162, "27,162     27,162  yes", 0, id="the same"),
        pytest.param(27_161.5, "27,162   27,161.5  NO", 1, id="another"),
        pytest.param(float("nan"), "27,162        nan  NO", 1, id="none"),
    ],
)
def test_a_figure_that_disagrees_fails_the_check(compare, capsys, found, told, code):
    assert compare(found) == code
    assert told in capsys.readouterr().out


def test_a_refused_command_is_told_with_its_reason_and_ends_the_example(tool, asterisk, tmp_path):
    extract = tmp_path / "queue_log"
    extract.touch()

    told = list(tool.check(asterisk, extract, tmp_path / "data"))

    assert disagreeing(told) == ["csip check"]
    assert told[-1].found.startswith("exit 1 Error: queue_log is empty.")


@pytest.mark.parametrize(
    ("found", "expected", "agreeing"),
    [
        pytest.param({2: 5.0, 3: 0.0}, 2, 2, id="the same rows"),
        pytest.param({2: 5.0, 3: 1.0}, 2, 1, id="another figure"),
        pytest.param({2: 5.0}, 2, 1, id="a row lost"),
        pytest.param({2: 5.0, 3: 0.0, 4: 0.0}, 3, 2, id="a row invented"),
    ],
)
def test_rows_are_compared_one_by_one_in_both_directions(row_by_row, found, expected, agreeing):
    check = row_by_row("waits", pd.Series({2: 5.0, 3: 0.0}), pd.Series(found))

    assert (check.expected, check.found) == (expected, agreeing)


@pytest.mark.parametrize(
    ("level", "wait", "told"),
    [
        pytest.param(2 / 3, 2, [], id="all as Asterisk says"),
        pytest.param(
            0.6, 2, ["switchboard: SL is service_level_answered_only"], id="another service level"
        ),
        pytest.param(2 / 3, 3, ["wait_seconds is the log's own, row by row"], id="another wait"),
    ],
)
def test_a_queue_is_held_to_what_asterisk_says_of_it(asterisk, tmp_path, level, wait, told):
    (tmp_path / "queue_show.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "queue_log").write_text(LOG, encoding="utf-8")
    found = {"level": level, "wait": wait}
    with duckdb.connect() as con:
        con.execute("create schema measure; create schema extract")
        for table in (LEVELS, STAYS):
            con.execute(table, {name: found[name] for name in found if f"${name}" in table})

        assert disagreeing(asterisk.checks(con, tmp_path / "queue_log")) == told
