"""The catalogue of what was delivered, what could not be read, and which months that touches."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from csip_pipeline import warehouse
from csip_pipeline.extract import bearing, expired, listings, readings, settling, stand_ins
from csip_pipeline.extract.deliveries import Delivery, UnfinishedError
from csip_pipeline.extract.listings import Found, Unfinished
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import KeptError, RefusedError
from csip_pipeline.settings import Settings


@dataclass(frozen=True)
class Refused:
    """A delivered file that could not be read at all, and why."""

    source: Source
    path: Path
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """Every delivered file: those read, those refused, and those left for the next run."""

    deliveries: list[Delivery]
    refused: list[Refused]
    unfinished: list[Unfinished] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    """Delivered files that no source claims: probably a misspelt name or pattern."""
    expired: frozenset[tuple[str, dt.date]] = frozenset()
    """The feeds and months that cannot be restated, because a file's time was up."""

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.deliveries)

    def __len__(self) -> int:
        return len(self.deliveries)

    def of(self, feed: str) -> list[Delivery]:
        """The feed's deliveries.

        Raises KeptError that lists the feed's refused files: nobody can say which month such a
        file is about, so every month of the feed keeps what it had. Other feeds go on.
        """
        reasons = [refused.reason for refused in self.refused if refused.source.feed.name == feed]
        if reasons:
            raise KeptError("\n".join(reasons))
        return [delivery for delivery in self.deliveries if delivery.source.feed.name == feed]

    def left(self, feed: str) -> dict[str, Unfinished]:
        """The feed's files that are left for the next run, by name."""
        return {one.path.name: one for one in self.unfinished if one.source.feed.name == feed}


def catalogue(
    settings: Settings,
    sources: list[Source],
    *,
    only: set[Path] | None = None,
    told: readings.Told | None = None,
) -> Catalogue:
    """Every delivered file that a source claims, read or refused, once it is whole.

    Or those of `only`, which whoever names them knows to be whole. `told` hears of each file that
    has been read, out of how many.
    """
    found = listings.find(settings, sources)
    growing = {} if only is not None else _growing(settings, found)
    taken: list[Delivery] = []
    refused: list[Refused] = []
    whole = [
        (source, path)
        for source, path in found.claimed
        if path not in growing and (only is None or path in only)
    ]
    outcomes = readings.taken_in(settings, whole, told)
    for (source, path), outcome in zip(whole, outcomes, strict=True):
        if isinstance(outcome, UnfinishedError):
            growing[path] = Unfinished(source, path, listings.STILL_WRITTEN)
        elif isinstance(outcome, RefusedError):
            refused.append(Refused(source, path, str(outcome)))
        else:
            taken.append(outcome)
    unfinished = [*found.unfinished, *growing.values()]
    taken += [
        stand_in
        for stand_in in stand_ins.find(settings, sources)
        if only is None or stand_in.path in only
    ]
    return Catalogue(
        bearing.widened(taken), refused, unfinished, found.unclaimed, expired.load(settings)
    )


def months_touched(
    con: warehouse.Connection, catalogued: Catalogue, *, of: str | None = None
) -> set[dt.date]:
    """Months that a file bears on which the warehouse has not taken them from, or has lost.

    A file counts as another once it is read another way (its mapping or a reader changed) or
    declares another version. One that is being written over the version that was taken in is
    neither lost nor another yet. Months that no panel cycle covers are among them, and those that
    were refused on account of a file that is refused no longer. `of` narrows it to one feed.
    """
    seen: set[tuple[str, str, dt.date]] = set()
    if warehouse.exists(con, "extract.dispositions"):
        query = "select distinct feed, basis, month, file from extract.dispositions"
        seen = {
            (feed, basis, month)
            for feed, basis, month, file in con.execute(query).fetchall()
            if file not in catalogued.left(feed)
        }
    now = {(d.source.feed.name, d.basis, month) for d in catalogued for month in d.bears_on}
    touched = {(feed, month) for feed, _, month in seen ^ now} | _refused_before(con, catalogued)
    touched -= catalogued.expired
    return {month for feed, month in touched if of in (None, feed)}


def hold_back(con: warehouse.Connection, catalogued: Catalogue, feed: str, month: dt.date) -> None:
    """Raise KeptError where a file that the month was taken from is being written again."""
    left = catalogued.left(feed)
    if not left or not warehouse.exists(con, "extract.dispositions"):
        return
    taken = con.execute(
        "select distinct file from extract.dispositions "
        "where feed = $feed and month = $month and file = any($files) order by file",
        {"feed": feed, "month": month, "files": list(left)},
    ).fetchall()
    if taken:
        told = "; ".join(str(left[file]) for (file,) in taken)
        raise KeptError(
            f"{told}. {month:%B %Y} was taken from an earlier version of it, and keeps what it had "
            "until the file is whole. Run again then."
        )


def _growing(settings: Settings, found: Found) -> dict[Path, Unfinished]:
    """The files that are still being written, or whose done files are."""
    beside = {path: listings.done_file(source, path) for source, path in found.claimed}
    looked_at = [*beside, *(done for done in beside.values() if done is not None)]
    changing = settling.still_written(looked_at, settings.settle_seconds)
    return {
        path: Unfinished(source, path, listings.STILL_WRITTEN)
        for source, path in found.claimed
        if path in changing or beside[path] in changing
    }


def _refused_before(con: warehouse.Connection, catalogued: Catalogue) -> set[tuple[str, dt.date]]:
    """Feeds and months of which one was refused, where none of its files is refused now."""
    if not warehouse.exists(con, "extract.refusals"):
        return set()
    refused = {one.source.feed.name for one in catalogued.refused}
    found = con.execute("select feed, month from extract.refusals").fetchall()
    return {(feed, month) for feed, month in found if feed not in refused}
