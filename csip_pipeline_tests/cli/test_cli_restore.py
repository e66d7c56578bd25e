"""A backup put in another folder and run again gives the same packs, byte for byte."""

import re
import shutil

import pytest

from csip_pipeline.settings import Settings
from csip_pipeline_tests.demo_force import CYCLES, MONTHS

pytestmark = pytest.mark.soak
BACKED_UP = ("restricted", "reference", "extracts")
"""What docs/operations.md says to back up, but for the packs themselves."""
PUBLISHED_AT = re.compile(rb'"published_at": "[^"]*"')


def files(folder):
    """Every published file, but for the moment at which a manifest says it was published."""
    return {
        path.relative_to(folder).as_posix(): PUBLISHED_AT.sub(b"", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run_and_publish(csip, here):
    """Both months and every cycle, as they are made today."""
    ran = csip("run", "--from", MONTHS[0], "--to", MONTHS[1], on=here)
    assert ran.exit_code == 0, ran.output
    for cycle in CYCLES:
        packed = csip("pack", "--cycle", cycle, on=here)
        assert packed.exit_code == 0, packed.output


def test_a_backup_restored_elsewhere_and_run_again_gives_identical_packs(demo, csip, tmp_path):
    here = demo.copy(tmp_path / "here")
    shutil.rmtree(here.published)
    run_and_publish(csip, here)
    restored = Settings(data=tmp_path / "elsewhere" / "data")
    for name in BACKED_UP:
        shutil.copytree(here.data / name, restored.data / name)
    run_and_publish(csip, restored)

    assert len(files(here.published)) > len(CYCLES)
    assert files(restored.published) == files(here.published)


def test_nobody_is_told_twice_after_a_restore(demo, csip, tmp_path):
    restored = Settings(data=tmp_path / "data")
    for name in BACKED_UP:
        shutil.copytree(demo.settings.data / name, restored.data / name)
    csip("run", "--from", MONTHS[0], "--to", MONTHS[1], on=restored)

    before = {path.name for path in demo.settings.worklists.iterdir()}
    assert {path.name for path in restored.worklists.iterdir()} == before
