"""The catalogue of what was delivered, what could not be read, and which months that touches."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline import warehouse
from csip_pipeline.extract import bearing, deliveries
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings


@dataclass(frozen=True)
class Refused:
    """A delivered file that could not be read at all, and why."""

    source: Source
    path: Path
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """Every delivered file: those read, and those refused."""

    deliveries: list[Delivery]
    refused: list[Refused]

    def __iter__(self) -> Iterator[Delivery]:
        return iter(self.deliveries)

    def __len__(self) -> int:
        return len(self.deliveries)

    def of(self, feed: str) -> list[Delivery]:
        """The feed's deliveries.

        Raises RefusedError that lists the feed's refused files: nobody can say which month such a
        file is about, so every month of the feed keeps what it had. Other feeds go on.
        """
        reasons = [refused.reason for refused in self.refused if refused.source.feed.name == feed]
        if reasons:
            raise RefusedError("\n".join(reasons))
        return [delivery for delivery in self.deliveries if delivery.source.feed.name == feed]


def catalogue(
    settings: Settings, sources: list[Source], *, only: set[Path] | None = None
) -> Catalogue:
    """Every delivered file that a source claims (or those of `only`), read or refused."""
    taken: list[Delivery] = []
    refused: list[Refused] = []
    for source, path in deliveries.find(settings, sources):
        if only is not None and path not in only:
            continue
        try:
            taken.append(deliveries.take_in(settings, source, path))
        except RefusedError as refusal:
            refused.append(Refused(source, path, str(refusal)))
    return Catalogue(bearing.widened(taken), refused)


def months_touched(con: warehouse.Connection, catalogued: Catalogue) -> set[dt.date]:
    """Months that a file bears on which the warehouse has not taken them from, or has lost.

    A file counts as another once it is read another way (its mapping or a reader changed) or
    declares another version. Months that no panel cycle covers are among them.
    """
    seen: set[tuple[str, str, dt.date]] = set()
    if warehouse.exists(con, "extract.dispositions"):
        query = "select distinct feed, basis, month from extract.dispositions"
        seen = set(con.execute(query).fetchall())
    now = {(d.source.feed.name, d.basis, month) for d in catalogued for month in d.bears_on}
    return {month for _, _, month in seen ^ now}
