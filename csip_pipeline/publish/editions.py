"""The two editions of a pack: written, audited, published together; never overwritten.

Of one run come a restricted edition (for the Force and the Commissioner's office) and a public one,
each as a workbook, a page and a CSV per table. What a manifest does not list is not published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import (
    edition_bases,
    edition_checks,
    edition_folders,
    edition_history,
    edition_making,
    manifests,
    pack_figures,
    panel_pack,
)
from csip_pipeline.publish.edition_figures import Change
from csip_pipeline.publish.edition_history import RESTRICTED
from csip_pipeline.publish.edition_making import Entry, Made, Whole
from csip_pipeline.publish.manifests import Manifest
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection


@dataclass(frozen=True)
class Edition:
    """One published pack: its two workbooks, and the hash of the public one."""

    path: Path
    restricted: Path
    sha256: str
    revision: int
    is_new: bool
    sheets: int
    hidden: int
    """How many figures the public edition does not show."""


def publish(con: Connection, published: Path, cycle: Cycle) -> Edition:
    """Publish the cycle's pack, unless the last revision already says exactly the same.

    Raises RefusedError where a file breaks a rule of accessibility or safety, or where the public
    edition would let somebody work out a small number; nothing is published then.
    """
    figures, basis = pack_figures.read(con, cycle), edition_bases.read(con, cycle)
    folder = published / cycle.cycle
    entries = edition_history.editions(folder)
    if entries:
        same = edition_making.whole(figures, basis, published, len(entries))
        last = edition_history.restricted(folder, len(entries))
        if _is_restricted_edition(same.restricted, last):
            _put_back(same, published, folder, [*entries[-1]["files"], *last["files"]])
            return _edition(folder, entries[-1], last, is_new=False)
    whole = edition_making.whole(figures, basis, published, len(entries) + 1)
    made = edition_making.make(whole, published)
    edition_folders.make_own(folder / RESTRICTED)
    with edition_folders.staged(folder, made.files) as staging:
        edition_checks.hold_to_the_rules(staging, made.files)
        edition_folders.place(staging, folder, made.files)
    _list(folder, cycle, len(entries), made)
    return _edition(folder, made.entry, made.restricted_entry, is_new=True)


def pending(con: Connection, published: Path, cycle: Cycle) -> list[tuple[Change, str]] | None:
    """Each figure that the next revision would change, and why; None where none is published.

    Raises RefusedError where the last edition's own figures are not to be had.
    """
    entries = edition_history.editions(published / cycle.cycle)
    if not entries:
        return None
    since = edition_history.since(published, cycle, len(entries) + 1)
    if since is None:
        raise RefusedError(
            f"The last edition of {cycle.cycle} does not hold its figures as data, so what changed "
            f"cannot be told before a revision is published: csip pack --cycle {cycle.cycle}"
        )
    figures, basis = pack_figures.read(con, cycle), edition_bases.read(con, cycle)
    changes = edition_making.changed(since, panel_pack.draft(figures))
    return [(each, edition_bases.cause(since.basis, basis, each.month)) for each in changes]


def _list(folder: Path, cycle: Cycle, before: int, made: Made) -> None:
    """List the edition in both manifests; the public one last, which publishes it."""

    def with_restricted(manifest: Manifest) -> Manifest:
        kept = [entry for entry in manifest["editions"] if entry["revision"] <= before]
        return {**manifest, "editions": [*kept, made.restricted_entry]}

    def with_public(manifest: Manifest) -> Manifest:
        if len(manifest["editions"]) != before:
            raise RefusedError(
                f"Another run published {cycle.cycle} meanwhile. Publish again: what has not "
                "changed makes no new revision."
            )
        return {**manifest, "editions": [*manifest["editions"], made.entry]}

    manifests.update(folder / RESTRICTED, cycle, with_restricted)
    manifests.update(folder, cycle, with_public)


def _is_restricted_edition(files: Mapping[str, bytes], told: Entry) -> bool:
    """Whether the workbook with nothing hidden is the one that was published."""
    return edition_folders.listed(files)[0]["sha256"] == told.get("sha256")


def _put_back(whole: Whole, published: Path, folder: Path, told: list[Entry]) -> None:
    """Make again whatever somebody moved away; the manifests still promise it."""
    if any(not (folder / each["file"]).exists() for each in told):
        edition_folders.put_back(folder, edition_making.make(whole, published).files, told)


def _edition(folder: Path, entry: Entry, restricted: Entry, *, is_new: bool) -> Edition:
    return Edition(
        path=folder / entry["file"],
        restricted=folder / restricted["file"],
        sha256=str(entry["sha256"]),
        revision=int(entry["revision"]),
        is_new=is_new,
        sheets=int(entry["sheets"]),
        hidden=int(entry["figures_hidden"]),
    )
