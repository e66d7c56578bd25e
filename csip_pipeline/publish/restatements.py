"""Which published packs no longer agree with the tables that they were made from."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import edition_figures, edition_history, pack_figures, panel_pack
from csip_pipeline.publish.edition_figures import Change
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection

MOST_NAMED = 3


@dataclass(frozen=True)
class Restated:
    """A published pack of which figures have changed since, or may have."""

    cycle: str
    revision: int
    months: list[dt.date]
    """The months asked about that the pack draws on; none where it was asked of all."""
    changes: list[Change] | None
    """None where the edition is older than the keeping of its figures."""

    def as_dict(self) -> dict[str, object]:
        """The pack for a script: how many figures changed on each worksheet."""
        changed = None if self.changes is None else self.by_sheet
        return {"cycle": self.cycle, "revision": self.revision, "changed": changed}

    @property
    def by_sheet(self) -> dict[str, int]:
        """How many figures changed on each worksheet, in the pack's order."""
        return dict(Counter(change.sheet for change in self.changes or []))

    def __str__(self) -> str:
        """What changed, and what to do."""
        pack = f"the published pack of {self.cycle} (revision {self.revision})"
        said = f"{pack[0].upper()}{pack[1:]} no longer agrees with what has come in."
        if self.months:
            months = [f"{month:%Y-%m}" for month in self.months]
            several = months if len(months) <= MOST_NAMED else [f"{months[0]} to {months[-1]}"]
            said = f"{', '.join(several)} {'is' if len(months) == 1 else 'are'} in {pack}."
        if self.changes is None:
            return (
                f"{said} It does not hold its figures as data; whether any changed, this says: "
                f"csip pack --cycle {self.cycle}"
            )
        counted = ", ".join(f"{sheet} {count:,}" for sheet, count in self.by_sheet.items())
        plain = [change for change in self.changes if change.before != change.after]
        plain.sort(key=lambda change: change.is_conclusion)  # a number says it in fewer words
        example = f" (for example {plain[0]})" if plain else ""
        return (
            f"{said} Figures that changed: {counted}{example}. Publish the revision: "
            f"csip pack --cycle {self.cycle}"
        )


def restated(
    con: Connection, published: Path, cycles: Iterable[Cycle], months: set[dt.date] | None = None
) -> list[Restated]:
    """Each published pack, in its last edition, whose figures would be others if published now.

    Only packs that draw on one of the months, where they are given: those of its cycle, and later
    ones whose charts look back on it.
    """
    found = []
    for cycle in cycles:
        listed = edition_history.editions(published / cycle.cycle)
        drawn_on = pack_figures.months_drawn_on(cycle)
        own = [month for month in drawn_on if months is None or month in months]
        if listed and own:
            revision = int(listed[-1]["revision"])
            changes = _changes(con, published / cycle.cycle, cycle, revision)
            if changes is None or changes:
                asked = own if months is not None else []
                found.append(Restated(cycle.cycle, revision, asked, changes))
    return found


def _changes(con: Connection, folder: Path, cycle: Cycle, revision: int) -> list[Change] | None:
    """What changed since the edition; None where nobody can say."""
    before = edition_history.figures(folder, revision)
    if before is None:
        return None
    try:
        figures = pack_figures.read(con, cycle)
    except RefusedError:  # the warehouse is being rebuilt: there is nothing to compare with yet
        return []
    return edition_figures.changes(before, panel_pack.draft(figures).tables)
