"""A synthetic chair, who freezes and draws a cycle's calls with dice that always fall alike."""

from csip_pipeline import warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import drawing, freezing
from csip_pipeline.settings import Settings

DICE = "31652441635524163254"
SIZE = 60
MISSING = 3
"""The call whose recording is not found, so that a reserve is heard in its place."""


def freeze(here: Settings, cycle: Cycle) -> None:
    """Publish the hash of the cycle's frame."""
    with warehouse.connected(here.warehouse, read_only=True) as con:
        freezing.freeze(con, here, cycle)


def draw(here: Settings, cycle: Cycle, size: int = SIZE) -> None:
    """Draw the sample of a frozen frame, and withdraw the call whose recording is missing."""
    drawing.draw(here, cycle, DICE, size)
    drawing.withdraw(here, cycle, MISSING, "recording_missing")
