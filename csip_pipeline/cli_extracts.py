"""What stands under extracts/, looked at once for a command: what is new, and what waits."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from csip_pipeline import calendars, warehouse
from csip_pipeline.extract import intake, readings, sources, unfinished_months
from csip_pipeline.extract.intake import Catalogue
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.refusals import shown
from csip_pipeline.settings import Settings


@dataclass(frozen=True)
class Look:
    """The catalogue of a data folder, and the months that its panel cycles cover."""

    catalogue: Catalogue
    covered: set[dt.date]

    @property
    def refused(self) -> list[str]:
        """Why each file that cannot be read was refused."""
        return [refused.reason for refused in self.catalogue.refused]

    @property
    def left(self) -> list[str]:
        """A sentence for each kind of delivered file that no month takes in, or not yet."""
        said = []
        if self.catalogue.unclaimed:
            names = ", ".join(map(shown, self.catalogue.unclaimed))
            said.append(
                f"No source in feeds.toml claims: {names}. Correct the file's name or the source's "
                "files pattern."
            )
        outside = [
            delivery.path.name
            for delivery in self.catalogue
            if not self.covered & set(delivery.months)
        ]
        if outside:
            said.append(
                f"No panel cycle covers any month of: {', '.join(outside)}. Add the cycle to "
                "reference/panel_cycles.csv."
            )
        redelivered = [one for one in self.catalogue if one.erased and one.path.exists()]
        if redelivered:
            names = ", ".join(one.path.name for one in redelivered)
            said.append(
                f"People who were erased still stand in: {names}. They were left out. Delete the "
                "files and keep our copies: csip erase --redelivered"
            )
        if self.catalogue.unfinished:
            told = "; ".join(map(str, self.catalogue.unfinished))
            said.append(f"Left for the next run: {told}.")
        return said


def look(here: Settings, told: readings.Told | None = None) -> Look:
    """Look at every delivered file, reading those that were not read before.

    `told` hears of each file that has been looked at.
    """
    cycles = calendars.read_cycles(here.reference / "panel_cycles.csv")
    catalogue = intake.catalogue(here, sources.load(here.reference / "feeds.toml"), told=told)
    return Look(catalogue, {month for cycle in cycles for month in cycle.months})


def changed_months(
    here: Settings, catalogue: Catalogue, *, but: Collection[str] = ()
) -> set[dt.date]:
    """Months that an extract bears on which they were not yet run with, or no longer.

    So are those whose run did not get through. `but` names feeds whose extracts are left to others.
    """
    if not here.warehouse.exists():
        told = [one for one in catalogue if one.source.feed.name not in but]
        return {month for delivery in told for month in delivery.bears_on}
    with warehouse.connected(here.warehouse, read_only=True) as con:
        unfinished = unfinished_months.read(con)
        if not but:
            return intake.months_touched(con, catalogue) | unfinished
        feeds = [feed for feed in FEEDS if feed not in but]
        touched = (intake.months_touched(con, catalogue, of=feed) for feed in feeds)
        return unfinished.union(*touched)
