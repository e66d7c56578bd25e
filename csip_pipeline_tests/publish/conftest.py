"""What the tests of callbacks and of packs start from."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from csip_pipeline import calendars, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import editions
from csip_pipeline.publish.editions import Edition
from csip_pipeline_tests.demo_force import demo  # noqa: F401 - a fixture


@dataclass(frozen=True)
class Press:
    """The demo's measured tables, to be changed at will, and an empty folder to publish in."""

    con: warehouse.Connection
    cycles: dict[str, Cycle]
    published: Path

    def publish(self, cycle: str = "2026-Q4") -> Edition:
        """Publish a cycle."""
        return editions.publish(self.con, self.published, self.cycles[cycle])

    def files(self, cycle: str = "2026-Q4") -> dict[str, bytes]:
        """What stands in the cycle's folder and within it, but for locks."""
        folder = self.published / cycle
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".lock"
        }

    def change(self, table: str, assignment: str, where: str = "true") -> None:
        """Change figures, as another extract would have."""
        self.con.execute(f"update {table} set {assignment} where {where}")


@pytest.fixture
def press(demo, tmp_path):  # noqa: F811 - the fixture
    copied = shutil.copy(demo.settings.warehouse, tmp_path / "warehouse.duckdb")
    cycles = calendars.read_cycles(demo.settings.reference / "panel_cycles.csv")
    with warehouse.connected(copied) as con:
        yield Press(con, {cycle.cycle: cycle for cycle in cycles}, tmp_path / "published")
