"""Suppliers' files that name somebody: which they are, and our copies in their place.

The pipeline never changes a delivered file. One that names an erased person can only go whole: the
canonical copy, which no longer names them, stands in for it, so that its months keep all its rows.
"""

from collections.abc import Iterator
from pathlib import Path

from csip_pipeline.erasure import scanning
from csip_pipeline.erasure.scanning import Finding
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.extract import intake, redaction, sources, stand_ins
from csip_pipeline.extract.catalogues import Catalogue
from csip_pipeline.extract.listings import done_file
from csip_pipeline.extract.redaction import Redacted, redact
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.phones import DEFAULT_RULE, PhoneRule
from csip_pipeline.settings import Settings


def copies(settings: Settings) -> Iterator[Path]:
    """The folder of every canonical copy, of files that are gone too."""
    for about in sorted(settings.canonical.glob("*/*/file.json")):
        if about.parent.parent.name in FEEDS:
            yield about.parent


def take_out(
    settings: Settings, wanted: Wanted, *, is_trial: bool = False
) -> Iterator[tuple[Path, Redacted]]:
    """Take people out of each canonical copy, or say what that would come to."""
    with redaction.opened(settings.canonical) as con:
        rule = phone_rule(settings)
        for folder in copies(settings):
            feed, points = FEEDS[folder.parent.name], set(wanted.points)
            yield folder, redact(con, folder, feed, rule, points, is_trial=is_trial)


def phone_rule(settings: Settings) -> PhoneRule:
    """Where a telephone number without a country code is dialled, by feeds.toml."""
    feeds = settings.reference / "feeds.toml"
    return sources.load(feeds)[0].phones if feeds.exists() else DEFAULT_RULE


def standing(settings: Settings, wanted: Wanted) -> Iterator[Finding]:
    """Where any of the people stands as a contact point in a canonical copy, however written."""
    for folder, trial in take_out(settings, wanted, is_trial=True):
        if trial.rows:
            store = scanning.store_of(settings, folder)
            yield Finding(store, folder / "records.parquet", "contact points", trial.rows)


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


def put_copies_in_place(settings: Settings, paths: list[Path]) -> None:
    """Delete delivered files, our copies standing in for them.

    One that could not be read, or that no source claims, was never taken in: it just goes. One
    that is still being written, or waits for its done file, stays.
    """
    catalogued = catalogue(settings)
    taken = {one.path: one for one in catalogued}
    waiting = {one.path for one in catalogued.unfinished}
    for path in paths:
        if path in waiting:
            continue
        delivery = taken.get(path)
        beside = None
        if delivery is not None:
            stand_ins.stand_in(settings, delivery)
            beside = done_file(delivery.source, path)
        path.unlink(missing_ok=True)
        if beside is not None:
            beside.unlink(missing_ok=True)


def redelivered(settings: Settings) -> list[Path]:
    """The delivered files that still hold somebody who was erased."""
    return [one.path for one in catalogue(settings) if one.erased and one.path.exists()]


def catalogue(settings: Settings) -> Catalogue:
    """Every delivered file, and our copies that stand in for some."""
    feeds = settings.reference / "feeds.toml"
    if not feeds.exists():
        return Catalogue([], [])
    return intake.catalogue(settings, sources.load(feeds))
