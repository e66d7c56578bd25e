"""The example services name programs and options that there are, and only one may change things."""

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from csip_pipeline import settings
from csip_pipeline.cli import csip
from csip_pipeline.settings import Settings

SERVICES = Path(__file__).parents[2] / "docs" / "services"


def unit(name, kind="service"):
    """A unit's sections; systemd may name a key twice, and the first is enough here."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str
    found.read(SERVICES / f"{name}.{kind}", encoding="utf-8")
    return found


@pytest.mark.parametrize("name", ["csip-daemon", "csip-window"])
def test_a_unit_starts_a_program_that_dagster_installs_on_our_workspace(name):
    program, *options = unit(name)["Service"]["ExecStart"].split()

    assert shutil.which(Path(program).name) or Path(program).name.startswith("dagster-")
    assert options[options.index("-w") + 1] == "workspace.yaml"


@pytest.mark.parametrize("name", ["csip-daemon", "csip-window"])
def test_a_unit_of_dagster_first_puts_its_settings_into_a_fresh_folder(name, tmp_path):
    program, *options = shlex.split(unit(name)["Service"]["ExecStartPre"])
    fresh = settings.environment(Settings(data=tmp_path / "data"))
    subprocess.run([sys.executable, *options], env=fresh, check=True)  # noqa: S603 - ours

    assert Path(program).name == "python"
    assert (tmp_path / "data" / "dagster" / "dagster.yaml").exists()


def test_the_window_is_read_only_and_for_this_machine_alone():
    options = unit("csip-window")["Service"]["ExecStart"].split()

    assert "--read-only" in options
    assert options[options.index("-h") + 1] == "127.0.0.1"


@pytest.mark.parametrize("name", ["csip-daemon", "csip-window", "csip-retention", "csip-door"])
def test_a_unit_writes_the_data_folder_and_nothing_else(name):
    service = unit(name)["Service"]

    assert all(path.startswith("/srv/csip/data") for path in service["ReadWritePaths"].split())
    assert service["ProtectSystem"] == "strict"
    assert service["UMask"] == "0077"


def test_the_door_cannot_write_where_people_are_named_or_rules_are_kept():
    assert unit("csip-door")["Service"]["ReadWritePaths"].split() == [
        "/srv/csip/data/serve",
        "/srv/csip/data/published",
        "/srv/csip/data/extracts",
    ]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        pytest.param(
            "csip-retention",
            {"expired": True, "yes": True, "by": "csip-retention.timer"},
            id="retention, by whom and without asking",
        ),
        pytest.param(
            "csip-door",
            {"behind_https": True, "proxies": ("127.0.0.1",), "host": "127.0.0.1"},
            id="the door, behind a proxy",
        ),
    ],
)
def test_a_unit_of_csip_gives_a_verb_the_options_that_it_has(name, given):
    program, verb, *options = shlex.split(unit(name)["Service"]["ExecStart"])

    parent = csip.make_context(
        "csip", [verb, *options]
    )  # else click keeps another way to ask for help
    context = csip.commands[verb].make_context(verb, options, parent=parent)

    assert Path(program).name == "csip"
    assert {key: context.params[key] for key in given} == given


def test_retention_comes_monthly_and_is_tried_again_while_a_run_writes():
    timer, retention = unit("csip-retention", "timer"), unit("csip-retention")

    assert timer["Timer"]["OnCalendar"] == "*-*-02 05:00:00 Europe/London"
    assert timer["Timer"]["Persistent"] == "true"
    assert retention["Service"]["Type"] == "oneshot"
    assert retention["Service"]["Restart"] == "on-failure"
