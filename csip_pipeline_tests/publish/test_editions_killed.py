"""A real process killed at every step of publishing leaves the last edition whole, and recovers."""

import pickle
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import publishing_killed
import pytest

from csip_pipeline.publish import edition_making

TIMES = 20
DRIVER = Path(publishing_killed.__file__)


@pytest.fixture
def revised(press, demo, monkeypatch):
    """A second edition that waits to be published, and what it will consist of."""
    press.first()
    press.change("measure.staffing", "agents_erlang_c = agents_erlang_c + 1")
    folder = press.published.parent
    shutil.copy(demo.settings.reference / "panel_cycles.csv", folder)
    make, kept = edition_making.make, {}
    monkeypatch.setattr(
        edition_making, "make", lambda *given: kept.setdefault("made", make(*given))
    )
    before = press.files()
    press.publish()
    (folder / "made.pickle").write_bytes(pickle.dumps(kept["made"]))
    press.con.close()
    return press, before


@pytest.mark.soak
@pytest.mark.parametrize("step", publishing_killed.STEPS)
def test_a_process_killed_at_any_step_leaves_the_last_edition_and_one_run_recovers(revised, step):
    press, before = revised
    whole = press.files()
    command = [sys.executable, str(DRIVER), step, str(press.published.parent)]
    for _ in range(TIMES):
        restore(press, before)
        killed = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own

        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        left = press.files()
        manifests = {"manifest.json", "restricted/manifest.json"}
        assert {name: left[name] for name in before if name not in manifests} == {
            name: before[name] for name in before if name not in manifests
        }
        assert left["manifest.json"] == before["manifest.json"]
        seen = {name for name in left if not hidden(name)} - before.keys()
        assert {name: left[name] for name in seen} == {name: whole[name] for name in seen}

        subprocess.run([*command[:2], "never", command[3]], check=True)  # noqa: S603 - our own
        after = press.files()
        assert after.keys() == whole.keys()
        assert {name: after[name] for name in after if name not in manifests} == {
            name: whole[name] for name in whole if name not in manifests
        }


def hidden(name):
    """Whether a file is one that no listing shows."""
    return any(part.startswith(".") for part in Path(name).parts)


def restore(press, files):
    """The folder as it was before the second edition."""
    shutil.rmtree(press.published / "2026-Q4")
    for name, content in files.items():
        path = press.published / "2026-Q4" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
