"""Two months of a small synthetic force, made once a session by `csip demo` itself."""

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click.testing
import pytest

from csip_pipeline import cli, cli_runs, warehouse
from csip_pipeline.settings import Settings, project_root
from csip_pipeline_tests.made_once import made_once

MONTHS = ("2026-09", "2026-10")
CYCLES = ("2026-Q3", "2026-Q4")
"""Each of which has one of the months in, and two that are not."""

WORD = re.compile(r"[\w@.+/'-]{4,}")
DIGITS = re.compile(r"\d{7,}")


@dataclass(frozen=True)
class Demo:
    """A data folder after `csip demo`, and what the command said."""

    settings: Settings
    said: str

    def copy(self, folder: Path) -> Settings:
        """The same folder again, for a test that changes it."""
        shutil.copytree(self.settings.data, folder)
        return Settings(data=folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    """Two months, with a spoilt row here and there, run and published."""
    return _made(tmp_path_factory.getbasetemp())


@cache
def _made(folder: Path) -> Demo:
    """A copy of this worker's own, for the command may write beside what it reads."""
    made = made_once(folder, "demo", _run)
    here = Settings(data=folder / "demo_force")
    if made.settings.data != here.data:
        shutil.copytree(made.settings.data, here.data)
    return Demo(here, made.said.replace(str(made.settings.data), str(here.data)))


def _run(folder: Path) -> Demo:
    here = Settings(data=folder / "demo_force")
    shutil.copytree(project_root() / "data" / "reference", here.reference)
    force = here.reference / "force.csv"
    header, row = force.read_text(encoding="utf-8").splitlines()
    # so small a force would hide a figure in four, which takes its time with every pack
    force.write_text(f"{header},hide_below\n{row},2\n", encoding="utf-8")
    months = ("--months", str(len(MONTHS)), "--last", MONTHS[-1], "--scale", "0.03")
    result = csip(here, "demo", *months)
    assert result.exit_code == 0, (result.output, result.stderr, result.exception)
    return Demo(here, result.output)


def csip(here: Settings, *given: str) -> click.testing.Result:
    """What the command says and how it ends, on one data folder or another."""
    cli_runs._job.cache_clear()  # noqa: SLF001 - a process of the command has one folder
    runner = click.testing.CliRunner(env={"CSIP_DATA": str(here.data)})
    return runner.invoke(cli.csip, [str(each) for each in given])


def canaries(here: Settings) -> set[str]:
    """Whatever names or reaches somebody in the extracts, as given and as it is dialled."""
    with warehouse.connected(here.people, read_only=True) as store:
        query = "select distinct contact_point from harmonise.people"
        points = {point for (point,) in store.execute(query).fetchall()}
    staff = set()
    for path in here.extracts.glob("telephony/*"):
        staff |= set(re.findall(r"Agent/\d+|\bOP\d{4}\b", path.read_text(encoding="utf-8")))
    dialled = {point.removeprefix("+44") for point in points if point.startswith("+44")}
    return points | staff | dialled | {f"44{number}" for number in dialled}


def words(text: str) -> set[str]:
    """Every word of a text that could be a name, a number or an address."""
    digits = set(DIGITS.findall(text))
    national = {number.removeprefix("0") for number in digits}
    return {word.strip(".'-") for word in WORD.findall(text)} | digits | national
