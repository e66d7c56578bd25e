"""`csip status`: what came in, what is missing or waiting, what was published."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from csip_pipeline import cli_extracts, cli_gaps, cli_months, settings, warehouse
from csip_pipeline.extract import lateness, sources, unfinished_months
from csip_pipeline.extract.lateness import Arrival
from csip_pipeline.publish import edition_history, restatements
from csip_pipeline.publish.callbacks import opening
from csip_pipeline.publish.restatements import Restated
from csip_pipeline.settings import Settings

INTAKE = """
select
    month, feed, count(distinct file) as files, sum(received) as received,
    sum(accepted) as accepted, sum(duplicate) as duplicate, sum(superseded) as superseded,
    sum(quarantined) as quarantined, sum(out_of_scope) as out_of_scope
from extract.intake group by month, feed order by month, feed
"""
FILES = """
select
    month, feed, file, extracted_at, received, accepted, duplicate, superseded, quarantined,
    out_of_scope
from extract.intake order by month, feed, extracted_at, file
"""
ENDS = ("received", "accepted", "duplicate", "superseded", "quarantined", "out_of_scope")
HEADINGS = ("received", "accepted", "duplicate", "superseded", "unusable", "out of scope")


@dataclass
class Status:
    """The state of a data folder: counts and file names only."""

    is_run: bool = False
    """Whether any month was ever run."""
    intake: list[dict[str, object]] = field(default_factory=list)
    files: list[dict[str, object]] | None = None
    """What became of each file, if that was asked for."""
    missing: dict[str, list[str]] = field(default_factory=dict)
    overdue: list[Arrival] = field(default_factory=list)
    gaps: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    """Those that wait because their last run did not get through."""
    unreadable: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    callbacks: dict[str, int] = field(default_factory=dict)
    packs: list[str] = field(default_factory=list)
    restated: list[Restated] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """The state for a script."""
        told = {**self.__dict__, **cli_gaps.for_a_script(self.overdue), **self.gaps}
        told["restated"] = [pack.as_dict() for pack in self.restated]
        left_out = {"overdue", "gaps", "is_run"} | ({"files"} if self.files is None else set())
        return {name: value for name, value in told.items() if name not in left_out}

    def as_text(self) -> str:
        """The state as an analyst reads it."""
        lines = self._table()
        lines += [*self._missing(), *self._gaps(), *self.unreadable, *self.ignored]
        new = [month for month in self.waiting if month not in self.unfinished]
        if new:
            lines.append(f"Extracts wait to be run for {', '.join(new)}: csip run")
        if self.unfinished:
            again = ", ".join(self.unfinished)
            lines.append(f"The last run of {again} was refused or cut short: csip run")
        if self.callbacks:
            states = ", ".join(f"{count:,} {state}" for state, count in self.callbacks.items())
            lines.append(f"Callback notices: {states}.")
        lines += [f"Published: {pack}" for pack in self.packs]
        return "\n".join([*lines, *map(str, self.restated)])

    def _table(self) -> list[str]:
        if not self.is_run:
            return ["Nothing has been run yet."]
        if not self.intake:
            return ["No row is taken in: every extract that was run has been withdrawn."]
        if self.files is not None:
            return _table(self.files, ("file", "extracted at"))
        return _table(self.intake, ("files",))

    def _missing(self) -> Iterator[str]:
        """Feeds of which nothing came and no source has a day by which it should."""
        dated = {(f"{one.month:%Y-%m}", one.feed) for one in self.overdue}
        for month, feeds in self.missing.items():
            undated = [feed for feed in feeds if (month, feed) not in dated]
            if undated:
                yield f"Missing in {month}: {', '.join(undated)}."

    def _gaps(self) -> Iterator[str]:
        yield from map(cli_gaps.refused, self.gaps.get("refused", []))
        today = lateness.today()
        yield from (one.as_text(today) for one in self.overdue)
        yield from map(cli_gaps.hours, self.gaps.get("missing_hours", []))


def say(*, files: bool, as_json: bool) -> None:
    """Say the state of the data folder."""
    found = read(settings.load(), by_file=files)
    click.echo(json.dumps(found.as_dict(), indent=2) if as_json else found.as_text())


def read(here: Settings, *, by_file: bool = False) -> Status:
    """Read the state of the data folder, changing nothing in it but the copies of new extracts."""
    found = Status()
    declared = sources.load(here.reference / "feeds.toml")
    look = cli_extracts.look(here)
    found.ignored, found.unreadable = look.left, look.refused
    found.waiting = [f"{month:%Y-%m}" for month in cli_months.wanted(here, None, None, look)]
    if not here.warehouse.exists():
        found.overdue = cli_gaps.overdue(None, look, declared)
    else:
        with warehouse.connected(here.warehouse, read_only=True) as con:
            found.overdue = cli_gaps.overdue(con, look, declared)
            found.gaps = cli_gaps.read(con)
            cut_short = {f"{month:%Y-%m}" for month in unfinished_months.read(con)}
            found.unfinished = [month for month in found.waiting if month in cut_short]
            if warehouse.exists(con, "extract.intake"):
                found.is_run = True
                found.intake = [_row(row) for row in con.execute(INTAKE).fetchall()]
                if by_file:
                    found.files = [_file(row) for row in con.execute(FILES).fetchall()]
    expected = {source.feed.name for source in declared if source.feed.comes == "monthly"}
    came: dict[str, set[str]] = {}
    for row in found.intake:
        if row["accepted"]:
            came.setdefault(str(row["month"]), set()).add(str(row["feed"]))
    found.missing = {
        month: sorted(expected - feeds)
        for month, feeds in came.items()
        if expected - feeds and expected & feeds  # a list that came back is no month yet
    }
    if here.callbacks.exists():
        with opening.opened(here) as ledger:
            found.callbacks = ledger.count_by_state()
    for folder in sorted(here.published.glob("*")):
        found.packs += [
            str(folder / edition["file"]) for edition in edition_history.editions(folder)
        ]
    found.restated = [pack for pack in restated(here) if pack.changes is not None]
    return found


def restated(here: Settings, months: set[dt.date] | None = None) -> list[Restated]:
    """The published packs of which figures have changed, of those that draw on the months."""
    has_published = here.published.exists() and here.warehouse.exists()
    if not has_published or (months is not None and not months):
        return []
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return restatements.restated(con, here.published, cli_months.cycles(here), months)


def _row(row: tuple[Any, ...]) -> dict[str, object]:
    month, feed, files, *counts = row
    ends = dict(zip(ENDS, map(int, counts), strict=True))
    return {"month": f"{month:%Y-%m}", "feed": feed, "files": files, **ends}


def _file(row: tuple[Any, ...]) -> dict[str, object]:
    month, feed, file, extracted_at, *counts = row
    ends = dict(zip(ENDS, map(int, counts), strict=True))
    moment = extracted_at.isoformat()
    return {"month": f"{month:%Y-%m}", "feed": feed, "file": file, "extracted_at": moment, **ends}


def _table(rows: list[dict[str, object]], about: tuple[str, ...]) -> list[str]:
    """The rows as aligned text: what they are about to the left, counts to the right."""
    heads = ["month", "feed", *about, *HEADINGS]
    names = [head.replace(" ", "_") for head in heads[: -len(HEADINGS)]]
    cells = [
        [*(str(row[name]) for name in names), *(f"{row[end]:,}" for end in ENDS)] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    left = len(names) - ("files" in names)
    return [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [heads, *cells]
    ]
