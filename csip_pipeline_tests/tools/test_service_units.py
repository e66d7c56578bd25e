"""The example services name programs and options that there are, and only one may change things."""

import configparser
import shutil
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "docs" / "services"


def unit(name):
    """A unit's sections; systemd may name a key twice, and the first is enough here."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read(SERVICES / f"{name}.service", encoding="utf-8")
    return found


@pytest.mark.parametrize("name", ["csip-daemon", "csip-window"])
def test_a_unit_starts_a_program_that_dagster_installs_on_our_workspace(name):
    program, *options = unit(name)["Service"]["ExecStart"].split()

    assert shutil.which(Path(program).name) or Path(program).name.startswith("dagster-")
    assert options[options.index("-w") + 1] == "workspace.yaml"


def test_the_window_is_read_only_and_for_this_machine_alone():
    options = unit("csip-window")["Service"]["ExecStart"].split()

    assert "--read-only" in options
    assert options[options.index("-h") + 1] == "127.0.0.1"


@pytest.mark.parametrize("name", ["csip-daemon", "csip-window"])
def test_a_unit_writes_the_data_folder_and_nothing_else(name):
    service = unit(name)["Service"]

    assert service["ReadWritePaths"] == "/srv/csip/data"
    assert service["ProtectSystem"] == "strict"
    assert service["UMask"] == "0077"
