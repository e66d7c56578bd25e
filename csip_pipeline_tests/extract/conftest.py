"""A data folder in a temporary place, and a word for each thing that a test does with it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from extract_samples import CYCLES, NOVEMBER, OCTOBER

from csip_pipeline import warehouse
from csip_pipeline.extract import accounts, intake, sources
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.refusals import KeptError
from csip_pipeline.settings import Settings


@dataclass
class Folder:
    """A data folder and its warehouse."""

    settings: Settings
    con: warehouse.Connection

    def expect(self, *feeds: str) -> None:
        """Write feeds.toml."""
        (self.settings.reference / "feeds.toml").write_text("\n".join(feeds), encoding="utf-8")

    def drop(self, name: str, *content: str | bytes) -> Path:
        """Deliver a file: lines of text, or its bytes."""
        path = self.settings.extracts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = [line if isinstance(line, bytes) else f"{line}\n".encode() for line in content]
        path.write_bytes(b"".join(raw))
        return path

    def catalogue(self) -> intake.Catalogue:
        """What was delivered."""
        return intake.catalogue(self.settings, sources.load(self.settings.reference / "feeds.toml"))

    def take(self, feed: str, month: dt.date = OCTOBER, *, tolerance: float = 1.0) -> intake.Taken:
        """Take a month in, whatever share is quarantined, and its intake with it."""
        catalogued = self.catalogue()
        covered = {OCTOBER, NOVEMBER, month}
        return intake.take_month(
            self.con,
            self.settings,
            FEEDS[feed],
            catalogued,
            month,
            covered=covered,
            tolerance=tolerance,
        )

    def refuse(self, feed: str, month: dt.date = OCTOBER) -> int:
        """Try to take a month in, as a run does, and keep what it had; return how many rows."""
        with pytest.raises(KeptError) as refusal:
            self.take(feed, month)
        return intake.keep_month(self.con, self.settings, FEEDS[feed], month, str(refusal.value))

    def faults(self) -> list[tuple[int, str, str]]:
        """What is wrong with rows that could not even be read: row, column, promise."""
        return [
            fault
            for delivery in self.catalogue()
            for fault in self.con.execute(
                'select source_row, "column", promise from read_parquet($faults)',
                {"faults": str(delivery.folder / "faults.parquet")},
            ).fetchall()
        ]

    def touched(self) -> set[dt.date]:
        """The months to be taken in."""
        return intake.months_touched(self.con, self.catalogue())

    def rows(self, sql: str) -> list[tuple]:
        """What a query of the warehouse finds."""
        return self.con.execute(sql).fetchall()

    def column(self, sql: str) -> list:
        """What a query of one column finds."""
        return [row[0] for row in self.rows(sql)]

    def restricted(self, sql: str) -> list[tuple]:
        """What a query of the restricted store finds."""
        with warehouse.connected(self.settings.people) as store:
            return store.execute(sql).fetchall()

    def ends(self, month: dt.date = OCTOBER) -> dict[str, dict[str, int]]:
        """How many rows of each file met each end that any met, as the intake table says."""
        table = accounts.INTAKE
        queries = [warehouse.read_query(query) for query in table.queries]
        warehouse.replace_month(self.con, table.name, table.promise, queries, month)
        named = ", ".join(accounts.ENDS)
        counted = self.rows(
            f"select file, received, {named} from extract.intake where month = '{month}'"
        )
        for file, received, *ended in counted:
            assert received == sum(ended), file
        return {
            file: {end: rows for end, rows in zip(accounts.ENDS, ended, strict=True) if rows}
            for file, _, *ended in counted
        }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.setenv("CSIP_PSEUDONYM_KEY", "k" * 40)
    settings = Settings(data=tmp_path)
    settings.reference.mkdir()
    (settings.reference / "panel_cycles.csv").write_text(CYCLES, encoding="utf-8")
    settings.extracts.mkdir()
    with warehouse.connected(Path(":memory:")) as con:
        yield Folder(settings, con)
