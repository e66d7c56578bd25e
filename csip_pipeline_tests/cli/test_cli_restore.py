"""A backup put in another folder and run again gives the same packs, byte for byte."""

import shutil

import pytest

from csip_pipeline.settings import Settings
from csip_pipeline_tests.demo_force import CYCLES, MONTHS

pytestmark = pytest.mark.slow
BACKED_UP = ("restricted", "reference", "extracts")
"""What docs/operations.md says to back up, but for the packs themselves."""


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_backup_restored_elsewhere_and_run_again_gives_identical_packs(demo, csip, tmp_path):
    restored = Settings(data=tmp_path / "elsewhere" / "data")
    for name in BACKED_UP:
        shutil.copytree(demo.settings.data / name, restored.data / name)
    ran = csip("run", "--from", MONTHS[0], "--to", MONTHS[1], on=restored)
    made = {path.name for path in demo.settings.published.iterdir()}
    packed = [csip("pack", "--cycle", cycle, on=restored) for cycle in CYCLES if cycle in made]

    assert ran.exit_code == 0, ran.output
    assert [each.exit_code for each in packed] == [0] * len(made)
    assert files(restored.published) == files(demo.settings.published)


def test_nobody_is_told_twice_after_a_restore(demo, csip, tmp_path):
    restored = Settings(data=tmp_path / "data")
    for name in BACKED_UP:
        shutil.copytree(demo.settings.data / name, restored.data / name)
    csip("run", "--from", MONTHS[0], "--to", MONTHS[1], on=restored)

    before = {path.name for path in demo.settings.worklists.iterdir()}
    assert {path.name for path in restored.worklists.iterdir()} == before
