"""`csip check`: what intake would say of one file, as a report for its supplier."""

import datetime as dt
import fnmatch
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from csip_pipeline import settings, warehouse
from csip_pipeline.extract import deliveries, intake, sources
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

MOST_LISTED = 50


@dataclass(frozen=True)
class Report:
    """What is wrong with a file: rows and columns, and no value."""

    file: str
    source: str
    received: int
    months: dict[str, int]
    faults: list[dict[str, object]]
    """Each with row, column and reason."""

    def as_dict(self) -> dict[str, object]:
        """The report for a script."""
        return self.__dict__

    def as_text(self) -> str:
        """The report as a supplier reads it."""
        months = ", ".join(f"{month} ({rows:,})" for month, rows in self.months.items())
        lines = [
            f"{self.file}, read as {self.source}",
            f"Rows received: {self.received:,}. By month: {months}.",
        ]
        if not self.faults:
            return "\n".join([*lines, "Every row can be used."])
        rows = len({fault["row"] for fault in self.faults})
        lines.append(f"Rows that cannot be used: {rows:,}.")
        lines += [
            f"  row {fault['row']}: {fault['column']} {fault['reason']}".replace(":  ", ": ")
            for fault in self.faults[:MOST_LISTED]
        ]
        if len(self.faults) > MOST_LISTED:
            lines.append(f"  and {len(self.faults) - MOST_LISTED:,} more (--json lists them all)")
        return "\n".join(lines)


def say(*, file: Path, feed: str, source: str | None, as_json: bool) -> None:
    """Say what is wrong with the file, and exit with 1 if anything is."""
    report = check(settings.load(), file, feed, source)
    click.echo(json.dumps(report.as_dict(), indent=2) if as_json else report.as_text())
    if report.faults:
        raise click.exceptions.Exit(1)


def check(here: Settings, file: Path, feed: str, source_name: str | None) -> Report:
    """Read the file as its source is declared, and judge every row, in a folder thrown away.

    Raises RefusedError where the file cannot be read at all.
    """
    source = _source(here, file, feed, source_name)
    found: dict[tuple[object, ...], None] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        warehouse.connected(Path(":memory:")) as con,
    ):
        delivery = deliveries.take_in(Settings(data=Path(folder)), source, file)
        covered = set(delivery.months)
        for month in sorted(covered):
            intake.decide(con, source.feed, [delivery], month, covered)
            found |= dict.fromkeys(_faults(con, month))
    return Report(
        file=file.name,
        source=source.name,
        received=delivery.received,
        months={f"{month:%Y-%m}": rows for month, rows in sorted(delivery.months.items())},
        faults=[{"row": row, "column": column, "reason": reason} for row, column, reason in found],
    )


def _faults(con: warehouse.Connection, month: dt.date) -> list[tuple[object, ...]]:
    told = intake.faults(con, month)[["source_row", "column_name", "promise"]]
    return [(int(row), column, promise) for row, column, promise in told.itertuples(index=False)]


def _source(here: Settings, file: Path, feed: str, name: str | None) -> Source:
    declared = sources.load(here.reference / "feeds.toml")
    own = [source for source in declared if source.feed.name == feed]
    if name is not None:
        own = [source for source in own if source.name == name]
    elif len(own) > 1:
        own = [s for s in own if fnmatch.fnmatchcase(file.name, s.files.rpartition("/")[2])] or own
    if len(own) != 1:
        names = ", ".join(f'"{s.name}"' for s in declared if s.feed.name == feed) or "none"
        if name is not None:
            raise RefusedError(f'{feed} has no source "{name}". feeds.toml declares: {names}.')
        raise RefusedError(
            f"feeds.toml does not say which source of {feed} {file.name} is from (it declares "
            f"{names}). Name it with --source."
        )
    return own[0]
