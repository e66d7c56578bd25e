"""Real processes of the command: they take turns, and one that is killed leaves nothing undone."""

import os
import random
import subprocess
import sys

import pytest

from csip_pipeline import warehouse
from csip_pipeline.publish import workbook_lint
from csip_pipeline.settings import Settings
from csip_pipeline_tests.demo_force import MONTHS

pytestmark = pytest.mark.soak
MEASURED = (
    "extract.intake",
    "harmonise.contacts",
    "measure.breaches",
    "measure.channel_shift",
    "measure.response_times",
    "measure.service_levels",
)
KILLS = 6


def process(here, *given):
    return subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", "csip_pipeline.cli", *given],
        env={**os.environ, "CSIP_DATA": str(here.data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def tables(here):
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return {table: con.sql(f"from {table} order by all").fetchall() for table in MEASURED}


def notices(here):
    with warehouse.connected(here.callbacks, read_only=True) as ledger:
        query = "select notice_id, state, why from publish.notices order by 1"
        return ledger.execute(query).fetchall()


def test_two_runs_at_once_take_turns(demo, folder):
    both = [process(folder, "run", "--month", MONTHS[1]) for _ in range(2)]
    told = [each.communicate(timeout=300) for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert [out[:10] for out, _ in told] == [f"{MONTHS[1]}   "] * 2
    assert [err for _, err in told] == ["", ""]
    assert notices(folder) == notices(demo.settings)
    assert tables(folder) == tables(demo.settings)


@pytest.mark.parametrize("seed", range(2))
def test_runs_killed_at_any_moment_and_run_again_come_to_the_same(demo, folder, seed):
    chance = random.Random(seed)  # noqa: S311 - any moment will do
    ledger = folder.restricted.glob("callbacks.*")
    for path in (folder.warehouse, *ledger, *folder.worklists.iterdir()):
        path.unlink()
    given = ("run", "--from", MONTHS[0], "--to", MONTHS[1])
    for _ in range(KILLS):
        killed = process(folder, *given)
        try:
            killed.communicate(timeout=chance.uniform(4, 14))
        except subprocess.TimeoutExpired:
            killed.kill()
            killed.communicate()
    last = process(folder, *given)
    _, said = last.communicate(timeout=300)

    assert (last.returncode, said) == (0, "")
    assert tables(folder) == tables(demo.settings)
    assert [row[0] for row in notices(folder)] == [row[0] for row in notices(demo.settings)]


def test_a_whole_quarter_is_published_by_one_command(csip, tmp_path):
    here = Settings(data=tmp_path / "data")
    told = csip("demo", "--months", "4", "--last", "2026-10", "--scale", "0.03", on=here)
    again = csip("pack", on=here)

    assert told.exit_code == 0, told.output
    path = here.published / "2026-Q3" / "panel_pack_2026-Q3.xlsx"
    assert told.stdout.endswith(f"The panel pack of 2026-Q3 for the public: {path}\n")
    assert again.stdout.endswith(f"{path}\n")
    assert workbook_lint.lint(path) == []
