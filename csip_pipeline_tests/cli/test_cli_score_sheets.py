"""`csip sample sheets` gives each panellist a workbook, and the demo's panel fills them in."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from csip_pipeline import warehouse
from csip_pipeline.calendars import read_cycles
from csip_pipeline.publish import manifests
from csip_pipeline.publish.sampling import drawing, verifying
from csip_pipeline.publish.sampling.manifested import FrameRow
from csip_pipeline.publish.workbook_lint import lint
from csip_pipeline.settings import Settings, project_root
from csip_pipeline_tests import demo_force

CYCLE, EARLIER = "2026-Q3", "2026-Q2"
ASKED = ("sample", "sheets", "--cycle", CYCLE)


@pytest.fixture
def here(tmp_path):
    """A folder in which the calls of a cycle are drawn."""
    settings = Settings(data=tmp_path)
    shutil.copytree(project_root() / "data" / "reference", settings.reference)
    (cycle,) = (
        one for one in read_cycles(settings.reference / "panel_cycles.csv") if one.cycle == CYCLE
    )
    rows = [FrameRow(row, f"REF{row}", "all") for row in range(1, 41)]
    seed = "31652441635524163254"
    draw = {"seed": seed, "size": 12, "rows": drawing.drawn_rows(rows, seed, 12, 4)}
    folder = settings.published / CYCLE
    folder.mkdir(parents=True)
    manifests.update(folder, cycle, lambda manifest: {**manifest, "sample": {"draw": draw}})
    return settings


def test_it_says_where_each_sheet_is(here):
    result = demo_force.csip(here, *ASKED, "--panellists", "A, B", "--overlap", "2")

    folder = here.samples / CYCLE
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        str(folder / f"scores_{CYCLE}_{letter}.xlsx") for letter in "AB"
    ]
    assert all(lint(path, is_worklist=True) == [] for path in folder.iterdir())


def test_a_script_is_told_the_paths(here):
    result = demo_force.csip(here, *ASKED, "--panellists", "A,B", "--json")

    assert [path[-6:] for path in json.loads(result.stdout)["paths"]] == ["A.xlsx", "B.xlsx"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param(["--panellists", "Ada,Grace"], "and not by a name", id="names"),
        pytest.param(["--panellists", "A,B", "--overlap", "13"], "cannot be heard twice", id="13"),
    ],
)
def test_what_cannot_be_is_refused_in_words(here, given, why):
    result = demo_force.csip(here, *ASKED, *given)

    assert (result.exit_code, result.stdout) == (1, "")
    assert why in result.stderr


@pytest.mark.soak
def test_a_demo_of_two_whole_cycles_publishes_what_its_panel_found(tmp_path):
    here = Settings(data=tmp_path / "data")
    months = ("--months", "7", "--last", "2026-10", "--scale", "0.03")
    subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "csip_pipeline.cli", "demo", *months],
        env={**os.environ, "CSIP_DATA": str(here.data)},
        check=True,
    )

    with warehouse.connected(here.warehouse, read_only=True) as con:
        drawn = con.execute("select cycle, drawn from publish.call_draws order by all").fetchall()
        ((share, because),) = con.execute(
            "select corrected_share, because from measure.unnecessary_calls"
        ).fetchall()
        agreed = con.execute("select agreed_share from measure.panel_agreement").fetchall()
    assert drawn == [(EARLIER, 60), (CYCLE, None)]
    assert 0.3 < share < 0.7
    assert because is None
    assert len(agreed) == 8
    assert 0.8 < sum(each for (each,) in agreed) / 8 < 0.97
    for cycle in (EARLIER, CYCLE):
        assert verifying.verify(here.published / cycle / "manifest.json").faults == []
    told = {path.stem for path in (here.published / CYCLE).glob("*_tables/*.csv")}
    assert {"call_sample", "panel_scores", "panel_agreement", "unnecessary_calls"} <= told
