"""What was published before: the editions of a cycle, their figures, and what they gave away."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import edition_bases, manifests
from csip_pipeline.publish.disclosure import published as statements
from csip_pipeline.publish.disclosure.quantities import Published
from csip_pipeline.publish.edition_bases import Basis
from csip_pipeline.refusals import RefusedError

RESTRICTED = "restricted"
"""The folder beside the public edition with whatever is not for the public, hashes included.

A hash of a file that differs from a public one in a few small numbers would let anybody try them
all until the hash fits.
"""
Entry = dict[str, Any]


@dataclass(frozen=True)
class Since:
    """The edition with which a new one is compared: of the same cycle, or of an earlier one."""

    cycle: str
    revision: int
    figures: bytes
    basis: Basis
    is_same_cycle: bool

    @property
    def words(self) -> str:
        """The edition as a reader knows it."""
        return f"the pack of {self.cycle}, revision {self.revision}"


def editions(folder: Path) -> list[Entry]:
    """The editions listed in a cycle's manifest, oldest first; none where nothing is published."""
    return list(manifests.read(folder).get("editions", []))


def restricted(folder: Path, revision: int) -> Entry:
    """What is kept of a published edition for the Force and the office alone; {} if nothing is."""
    kept = manifests.read(folder / RESTRICTED).get("editions", [])
    return next((dict(entry) for entry in kept if entry["revision"] == revision), {})


def figures(folder: Path, revision: int) -> bytes | None:
    """The figures of an edition as data, nothing hidden; None where they cannot be had whole."""
    return _kept(folder, restricted(folder, revision).get("figures", {}))


def since(published: Path, cycle: Cycle, revision: int) -> Since | None:
    """The edition that a revision is compared with: the one before it, of its cycle or an earlier.

    One that is published already stays with the edition that it was compared with then. None where
    there is none that keeps its figures.
    """
    listed = editions(published / cycle.cycle)
    if revision > 1:
        return _since(published, cycle.cycle, revision - 1, is_same_cycle=True)
    if listed:
        told = listed[0].get("compared_with")
        return _since(published, *told, is_same_cycle=False) if told else None
    others = [
        (manifest["starts_on"], folder.name, len(manifest["editions"]))
        for folder, manifest in _manifests(published)
        if manifest["editions"] and str(manifest.get("starts_on", "9")) < f"{cycle.starts_on}"
    ]
    if not others:
        return None
    _, name, last = max(others)
    return _since(published, name, last, is_same_cycle=False)


def statements_before(published: Path, cycle: Cycle, revision: int) -> Iterator[Published]:
    """What every other public edition gave away, whichever cycle it is of.

    Raises RefusedError where one cannot be read: nothing can be published safely without.
    """
    for folder, manifest in _manifests(published):
        for entry in manifest["editions"]:
            number = int(entry["revision"])
            is_own = folder.name == cycle.cycle and number >= revision
            if is_own or "figures_hidden" not in entry:  # (older: of a pack that was never public)
                continue
            content = _kept(folder, restricted(folder, number).get("statement", {}))
            if content is None:
                raise RefusedError(
                    f"What revision {number} of {folder.name} gave away is not known: its file in "
                    f"published/{folder.name}/{RESTRICTED} is gone or was changed. Restore it from "
                    "the backup of the folder published."
                )
            yield statements.from_json(content)


def _since(published: Path, name: str, revision: int, *, is_same_cycle: bool) -> Since | None:
    folder = published / name
    kept = figures(folder, revision)
    entry = next((one for one in editions(folder) if one["revision"] == revision), None)
    if kept is None or entry is None:
        return None
    return Since(name, revision, kept, edition_bases.from_dict(entry), is_same_cycle)


def _manifests(published: Path) -> Iterator[tuple[Path, manifests.Manifest]]:
    for path in sorted(published.glob(f"*/{manifests.NAME}")):
        yield path.parent, manifests.read(path.parent)


def _kept(folder: Path, told: dict[str, Any]) -> bytes | None:
    """A file as it was kept; None where it is gone or another now."""
    path = folder / str(told.get("file", ""))
    if not path.is_file():
        return None
    content = path.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == told.get("sha256") else None
