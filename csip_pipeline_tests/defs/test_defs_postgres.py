"""Dagster's history may live in PostgreSQL: the example configuration works on a real server."""

# ruff: noqa: TID251 - the tests of the Dagster room
import os
import socket
import subprocess
from pathlib import Path

import dagster as dg
import pytest
import yaml

from csip_pipeline import cli_runs, settings
from csip_pipeline.calendars import parse_month
from csip_pipeline_tests.demo_force import MONTHS

pytestmark = pytest.mark.soak
EXAMPLE = settings.project_root() / "docs/examples/dagster_postgres.yaml"
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture
def server(tmp_path_factory, monkeypatch):
    """A PostgreSQL server of this test's own, as the example's variables name it."""
    pytest.importorskip("dagster_postgres")
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    home = tmp_path_factory.mktemp("postgres")
    as_somebody = {"user": "postgres"} if os.geteuid() == 0 else {}
    if as_somebody:
        for folder in (home, *home.parents[:2]):
            folder.chmod(0o755)
        home.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, options = str(home / "data"), f"-p {port} -k {home} -c listen_addresses=127.0.0.1"

    def run(program, *given):
        command = [str(PROGRAMS[-1] / program), *given]
        subprocess.run(command, check=True, cwd=home, timeout=60, **as_somebody)  # noqa: S603

    run("initdb", "-D", data, "-U", "csip", "-A", "trust", "-E", "UTF8")
    run("pg_ctl", "-D", data, "-w", "-o", options, "-l", str(home / "log"), "start")
    for name, value in {
        "CSIP_PG_USER": "csip",
        "CSIP_PG_PASSWORD": "any",
        "CSIP_PG_HOST": "127.0.0.1",
        "CSIP_PG_DATABASE": "postgres",
    }.items():
        monkeypatch.setenv(name, value)
    yield port
    run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def test_a_month_is_run_and_remembered_in_postgresql(server, demo, tmp_path, monkeypatch):
    here = demo.copy(tmp_path / "data")
    usual = yaml.safe_load((settings.project_root() / "dagster.yaml").read_text(encoding="utf-8"))
    example = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    example["storage"]["postgres"]["postgres_db"]["port"] = server
    for name in ("workspace.yaml",):
        text = (settings.project_root() / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(usual | example), encoding="utf-8")
    monkeypatch.setattr(cli_runs, "project_root", lambda: tmp_path)
    monkeypatch.setenv("CSIP_DATA", str(here.data))
    cli_runs._job.cache_clear()  # noqa: SLF001 - a process of the command has one folder

    with cli_runs.instance(here) as instance:
        outcome = cli_runs.run_month(instance, parse_month(MONTHS[1]))
        runs = instance.get_runs()
        stored = type(instance.run_storage).__name__

    assert outcome.refusals == []
    assert [run.status for run in runs] == [dg.DagsterRunStatus.SUCCESS]
    assert "Postgres" in stored
