"""Everything that one revision of a pack consists of, as bytes: it writes nothing."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from csip_pipeline.publish import (
    edition_bases,
    edition_figures,
    edition_formats,
    edition_hiding,
    edition_history,
    pack_breaks,
    pack_words,
    panel_pack,
    revisions,
)
from csip_pipeline.publish.disclosure import published as statements
from csip_pipeline.publish.edition_bases import Basis
from csip_pipeline.publish.edition_figures import Change
from csip_pipeline.publish.edition_folders import listed
from csip_pipeline.publish.edition_history import RESTRICTED, Since
from csip_pipeline.publish.pack_drafts import Draft
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.workbook_parts import FRONT

Entry = dict[str, Any]


@dataclass(frozen=True)
class Whole:
    """A revision with nothing hidden: its draft, what it is compared with, and what changed."""

    figures: Figures
    basis: Basis
    revision: int
    since: Since | None
    own: Draft
    """The figures alone."""
    draft: Draft
    """With marks beside revised figures, and the ledger of them."""
    changes: list[Change]

    @property
    def stem(self) -> str:
        """How the names of its files begin."""
        suffix = f"_revision_{self.revision}" if self.revision > 1 else ""
        return f"panel_pack_{self.figures.cycle.cycle}{suffix}"

    @cached_property
    def restricted(self) -> dict[str, bytes]:
        """The files of the restricted edition."""
        pack = panel_pack.workbook(self.figures, self.draft, self.revision, pack_words.RESTRICTED)
        return edition_formats.files(pack, f"{RESTRICTED}/{self.stem}_restricted")


@dataclass(frozen=True)
class Made:
    """The files of a revision's two editions by path, and how its manifests list them."""

    files: dict[str, bytes]
    """In the order in which they are put in place: the public workbook last."""
    entry: Entry
    restricted_entry: Entry


def whole(figures: Figures, basis: Basis, published: Path, revision: int) -> Whole:
    """The revision of this number, as it follows from the figures and from what came before it."""
    since = edition_history.since(published, figures.cycle, revision)
    own = panel_pack.draft(figures)
    changes = changed(since, own)
    draft = revisions.marked(own, changes, pack_breaks.rows(figures, own))
    if since is not None:
        causes = [edition_bases.cause(since.basis, basis, change.month) for change in changes]
        draft = Draft((*draft.items, revisions.ledger(changes, causes, since.words)))
    return Whole(figures, basis, revision, since, own, draft, changes)


def make(whole: Whole, published: Path) -> Made:
    """Both editions of a revision.

    Raises RefusedError where its public edition would give a small number away.
    """
    figures, since = whole.figures, whole.since
    before = edition_history.statements_before(published, figures.cycle, whole.revision)
    hidden = edition_hiding.hide(whole.draft, figures.cycle.cycle, list(before), figures.hide_below)
    public = panel_pack.workbook(figures, hidden.draft, whole.revision, pack_words.PUBLIC)
    open_files = edition_formats.files(public, whole.stem)
    kept = {
        f"{RESTRICTED}/{whole.stem}_figures.json": edition_figures.as_json(whole.own.tables),
        f"{RESTRICTED}/{whole.stem}_statement.json": statements.as_json(hidden.published),
    }
    kept_figures, kept_statement = listed(kept)
    conclusions = sum(change.is_conclusion for change in whole.changes)
    return Made(
        files={**whole.restricted, **kept, **dict(reversed(open_files.items()))},
        entry={
            **_entry(whole.revision, open_files),
            "as_at": figures.about["as_at"].isoformat(),
            "published_at": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
            "sheets": len(FRONT) + len(public.items),
            "compared_with": [since.cycle, since.revision] if since else None,
            "figures_changed": len(whole.changes),
            "conclusions_changed": conclusions,
            "figures_hidden": hidden.cells,
            **whole.basis.as_dict(),
        },
        restricted_entry={
            **_entry(whole.revision, whole.restricted),
            "figures": kept_figures,
            "statement": kept_statement,
        },
    )


def changed(since: Since | None, draft: Draft) -> list[Change]:
    """The figures that differ from those of the edition that a draft is compared with."""
    if since is None:
        return []
    return edition_figures.changes(since.figures, draft.tables, only_shared=not since.is_same_cycle)


def _entry(revision: int, files: dict[str, bytes]) -> Entry:
    told = listed(files)
    first = {"file": told[0]["file"], "sha256": told[0]["sha256"]}
    return {"revision": revision, **first, "files": told}
