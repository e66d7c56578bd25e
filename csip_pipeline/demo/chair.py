"""A synthetic chair, who freezes and draws a cycle's calls with dice that always fall alike."""

import pyarrow.parquet as pq

from csip_pipeline import warehouse
from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.sampling import drawing, freezing, manifested
from csip_pipeline.settings import Settings

DICE = "31652441635524163254"
SIZE, FEWEST = 60, 12
MISSING = 3
"""The call whose recording is not found, so that a reserve is heard in its place."""
CHOSEN = 2
"""How many calls are heard besides, because somebody complained."""


def freeze(here: Settings, cycle: Cycle) -> int:
    """Publish the hash of the cycle's frame, unless it was drawn from before; give its calls."""
    told = manifested.read(here.published / cycle.cycle)
    if "draw" in told:
        return int(told["frame"]["rows"])
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return int(freezing.freeze(con, here, cycle)["rows"])


def draw(here: Settings, cycle: Cycle, size: int = SIZE) -> None:
    """Draw the sample of a frozen frame once, without a call whose recording is missing."""
    if "draw" in manifested.read(here.published / cycle.cycle):
        return
    drawn = drawing.draw(here, cycle, DICE, size)
    drawing.withdraw(here, cycle, MISSING, "recording_missing")
    references = {row["reference"] for row in drawn["rows"]}
    rows = pq.read_table(freezing.kept(here, cycle.cycle), columns=["reference", "contact_id"])
    others = [row["contact_id"] for row in rows.to_pylist() if row["reference"] not in references]
    drawing.target(here, cycle, others[:CHOSEN], "complaint")


def coded(here: Settings, cycle: Cycle) -> dict[str, bool | None]:
    """By a call's reference, whether its handler coded it as avoidable; null where not at all."""
    rows = pq.read_table(freezing.kept(here, cycle.cycle), columns=["reference", "is_avoidable"])
    return {row["reference"]: row["is_avoidable"] for row in rows.to_pylist()}
