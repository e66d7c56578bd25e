"""`csip status`: what came in, what is missing or waiting, what was published."""

from dataclasses import dataclass, field
from typing import Any

from csip_pipeline import cli_months, warehouse
from csip_pipeline.extract import sources
from csip_pipeline.publish import callback_ledger, editions
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

INTAKE = """
select
    month, feed, count(distinct file) as files, sum(received) as received,
    sum(accepted) as accepted, sum(duplicate) as duplicate, sum(superseded) as superseded,
    sum(quarantined) as quarantined, sum(out_of_scope) as out_of_scope
from extract.intake group by month, feed order by month, feed
"""
ENDS = ("received", "accepted", "duplicate", "superseded", "quarantined", "out_of_scope")
HEADINGS = ("received", "accepted", "duplicate", "superseded", "unusable", "out of scope")


@dataclass
class Status:
    """The state of a data folder: counts and file names only."""

    intake: list[dict[str, object]] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    callbacks: dict[str, int] = field(default_factory=dict)
    packs: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """The state for a script."""
        return self.__dict__

    def as_text(self) -> str:
        """The state as an analyst reads it."""
        lines = _table(self.intake) if self.intake else ["Nothing has been run yet."]
        for month, feeds in self.missing.items():
            lines.append(f"Missing in {month}: {', '.join(feeds)}.")
        lines += [*self.unreadable, *self.ignored]
        if self.waiting:
            lines.append(f"Extracts wait to be run for {', '.join(self.waiting)}: csip run")
        if self.callbacks:
            states = ", ".join(f"{count:,} {state}" for state, count in self.callbacks.items())
            lines.append(f"Callback notices: {states}.")
        return "\n".join([*lines, *(f"Published: {pack}" for pack in self.packs)])


def read(here: Settings) -> Status:
    """Read the state of the data folder, changing nothing in it but the copies of new extracts."""
    found = Status()
    declared = sources.load(here.reference / "feeds.toml")
    found.ignored = cli_months.ignored(here)
    try:
        found.waiting = [f"{month:%Y-%m}" for month in cli_months.wanted(here, None, None)]
    except RefusedError as refusal:
        found.unreadable = str(refusal).splitlines()
    if here.warehouse.exists():
        with warehouse.connected(here.warehouse, read_only=True) as con:
            if warehouse.exists(con, "extract.intake"):
                rows = con.execute(INTAKE).fetchall()
                found.intake = [_row(row) for row in rows]
    expected = {source.feed.name for source in declared if source.feed.comes == "monthly"}
    came: dict[str, set[str]] = {}
    for row in found.intake:
        if row["accepted"]:
            came.setdefault(str(row["month"]), set()).add(str(row["feed"]))
    found.missing = {
        month: sorted(expected - feeds) for month, feeds in came.items() if expected - feeds
    }
    if here.callbacks.exists():
        with callback_ledger.opened(here.callbacks) as ledger:
            found.callbacks = callback_ledger.count_by_state(ledger)
    for folder in sorted(here.published.glob("*")):
        found.packs += [str(folder / edition["file"]) for edition in editions.read_editions(folder)]
    return found


def _row(row: tuple[Any, ...]) -> dict[str, object]:
    month, feed, files, *counts = row
    ends = dict(zip(ENDS, map(int, counts), strict=True))
    return {"month": f"{month:%Y-%m}", "feed": feed, "files": files, **ends}


def _table(rows: list[dict[str, object]]) -> list[str]:
    head = f"{'month':<8} {'feed':<17} {'files':>5}" + "".join(f"{name:>14}" for name in HEADINGS)
    return [
        head,
        *(
            f"{row['month']:<8} {row['feed']:<17} {row['files']:>5}"
            + "".join(f"{row[end]:>14,}" for end in ENDS)
            for row in rows
        ),
    ]
