"""A force whose every feed names one person, run once; each test erases them from a copy of it."""

import shutil

import canaries
import pytest

from csip_pipeline.settings import Settings, project_root
from csip_pipeline_tests import demo_force
from csip_pipeline_tests.made_once import made_once

BY = ("--by", "Data protection officer", "--reason", "Request 17", "--yes")
EVERYBODY = (
    *("--phone", canaries.PHONE, "--email", f"{canaries.CANARY}@example.org"),
    *("--handle", canaries.CANARY),
)
"""Each way in which the canary is in touch."""


@pytest.fixture(scope="session")
def run_once(tmp_path_factory):
    """The data folder after one month's run."""
    return made_once(tmp_path_factory.getbasetemp(), "erasure", _run)


def _run(folder):
    here = Settings(data=folder / "aviary")
    shutil.copytree(project_root() / "data" / "reference", here.reference)
    (here.reference / "feeds.toml").write_text(canaries.feeds_toml(), encoding="utf-8")
    canaries.deliver(here, bad=False)
    forms = here.extracts / "web_forms/forms_canary.csv"
    rows = "".join(
        f"W{number},lost_property,07/09/2026 08:50,07/09/2026 09:00,,,v{number}@example.org,,\n"
        for number in range(60)
    )
    broken = f"F9,lost_property,07/09/2026 08:50,{canaries.CANARY},,,,{canaries.PHONE},\n"
    forms.write_text(forms.read_text(encoding="utf-8") + rows + broken, encoding="utf-8")
    ran = demo_force.csip(here, "run", "--month", canaries.MONTH)
    assert ran.exit_code == 0, ran.output
    return here


@pytest.fixture
def aviary(run_once, tmp_path):
    """A copy of it, to be changed at will."""
    shutil.copytree(run_once.data, tmp_path / "data")
    return Settings(data=tmp_path / "data")


@pytest.fixture
def csip(aviary):
    """What a command says and how it ends; it never quotes anybody."""

    def run(*given):
        result = demo_force.csip(aviary, *given)
        assert not canaries.names_somebody(result.output)
        assert "Traceback" not in result.output
        return result

    return run
