"""`csip ui` opens the Dagster UI on the same data folder, where every run of the command shows."""

import subprocess

from csip_pipeline import settings


def test_the_ui_is_dagsters_own_on_this_folder(csip, folder, monkeypatch):
    asked = []

    def run(command, *, env, check):
        asked.append((command, env))
        assert not check
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    result = csip("ui", "--port", "3001", on=folder)

    ((command, environment),) = asked
    workspace = settings.project_root() / "workspace.yaml"
    assert command[1:] == ["-m", "dagster", "dev", "-w", str(workspace), "--port", "3001"]
    assert environment["CSIP_DATA"] == str(folder.data)
    assert environment["DAGSTER_HOME"] == str(folder.dagster)
    assert result.exit_code == 3
