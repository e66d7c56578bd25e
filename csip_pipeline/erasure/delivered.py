"""Suppliers' files that name somebody: which they are, and our copies in their place.

The pipeline never changes a delivered file. One that names an erased person can only go whole: the
canonical copy, which no longer names them, stands in for it, so that its months keep all its rows.
"""

from collections.abc import Iterator
from pathlib import Path

from csip_pipeline.erasure import scanning
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.extract import intake, sources, stand_ins
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.listings import done_file
from csip_pipeline.extract.redaction import Redacted, redact
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.phones import DEFAULT_RULE
from csip_pipeline.settings import Settings


def copies(settings: Settings) -> Iterator[Path]:
    """The folder of every canonical copy, of files that are gone too."""
    for about in sorted(settings.canonical.glob("*/*/file.json")):
        if about.parent.parent.name in FEEDS:
            yield about.parent


def take_out(folder: Path, wanted: Wanted, *, is_trial: bool = False) -> Redacted:
    """Take people out of a canonical copy, or say what that would come to."""
    feed = FEEDS[folder.parent.name]
    return redact(folder, feed, DEFAULT_RULE, set(wanted.points), is_trial=is_trial)


def naming(settings: Settings, wanted: Wanted, hit: set[str]) -> list[Path]:
    """The delivered files that hold any of the people.

    `hit` has the beginnings of the hashes of files whose canonical copies held them.
    """
    return [
        path
        for path in scanning.stored(settings)
        if settings.extracts in path.parents
        and (scanning.holds(path, wanted) or scanning.hash_of(path)[: scanning.SHORT] in hit)
    ]


def put_copies_in_place(settings: Settings, paths: list[Path]) -> int:
    """Delete delivered files, our copies standing in for them; give how many have none.

    A file that could not be read, or that no source claims, was never taken in: it just goes.
    """
    taken = {one.path: one for one in _catalogue(settings)}
    done = {}
    for path in paths:
        delivery = taken.get(path)
        if delivery is not None:
            stand_ins.stand_in(settings, delivery)
            done[path] = done_file(delivery.source, path)
    for path in paths:
        path.unlink(missing_ok=True)
        beside = done.get(path)
        if beside is not None:
            beside.unlink(missing_ok=True)
    return len(paths) - len(done)


def redelivered(settings: Settings) -> list[Path]:
    """The delivered files that still hold somebody who was erased."""
    return [one.path for one in _catalogue(settings) if one.erased and one.path.exists()]


def _catalogue(settings: Settings) -> list[Delivery]:
    feeds = settings.reference / "feeds.toml"
    return list(intake.catalogue(settings, sources.load(feeds))) if feeds.exists() else []
