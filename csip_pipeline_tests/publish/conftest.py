"""What the tests of callbacks and of packs start from."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from csip_pipeline import calendars, monthly_tables, warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.measure import registry
from csip_pipeline.publish import edition_checks, editions
from csip_pipeline.publish.editions import Edition
from csip_pipeline_tests.demo_force import demo  # noqa: F401 - a fixture
from csip_pipeline_tests.made_once import made_once


@dataclass(frozen=True)
class Press:
    """The demo's measured tables, to be changed at will, and an empty folder to publish in."""

    con: warehouse.Connection
    cycles: dict[str, Cycle]
    published: Path
    base: Path

    def publish(self, cycle: str = "2026-Q4") -> Edition:
        """Publish a cycle."""
        return editions.publish(self.con, self.published, self.cycles[cycle])

    def first(self, cycle: str = "2026-Q4") -> Edition:
        """The first edition of the tables as the demo left them: made once, and copied."""
        edition, files = made_once(self.base, f"first_edition_{cycle}", lambda _: self._made(cycle))
        for name, content in files.items():
            path = self.published / cycle / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        paths = (edition.path, edition.restricted)
        own = [self.published / path.relative_to(made_in(edition)) for path in paths]
        return replace(edition, path=own[0], restricted=own[1])

    def _made(self, cycle: str) -> tuple[Edition, dict[str, bytes]]:
        edition = self.publish(cycle)
        return edition, self.files(cycle)

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

    def history(self) -> None:
        """Make again what every month makes together, as a run does once figures are others."""
        for table in registry.TABLES:
            if table.is_history:
                monthly_tables.rebuild_history(self.con, table)


def made_in(edition: Edition) -> Path:
    """The folder of all cycles in which an edition was published."""
    return edition.path.parent.parent


@pytest.fixture
def press(demo, tmp_path, tmp_path_factory, monkeypatch):  # noqa: F811 - the fixture
    """A press that does not lint: the demo's own pack was, and tests of the rules do."""
    monkeypatch.setattr(edition_checks, "LINTS", {})
    copied = shutil.copy(demo.settings.warehouse, tmp_path / "warehouse.duckdb")
    cycles = calendars.read_cycles(demo.settings.reference / "panel_cycles.csv")
    with warehouse.connected(copied) as con:
        yield Press(
            con,
            {cycle.cycle: cycle for cycle in cycles},
            tmp_path / "published",
            tmp_path_factory.getbasetemp(),
        )
