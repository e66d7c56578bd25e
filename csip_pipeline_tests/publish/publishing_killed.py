"""A process that publishes and kills itself at a step: python publishing_killed.py STEP FOLDER.

What making an edition comes to is read from `made.pickle`, so that only publishing takes time.
"""

import itertools
import os
import pickle
import signal
import sys
from pathlib import Path

from csip_pipeline import calendars, warehouse
from csip_pipeline.publish import edition_folders, edition_making, editions, manifests

CYCLE = "2026-Q4"
STEPS = ("first put", "later put", "last put", "place", "half placed", "restricted", "public")


def die(*_given, **_named):
    """As by a power cut: nothing is tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_at(step, files):
    """Arrange for the process to die at a step of publishing so many files."""
    if step in {"first put", "later put", "last put"}:
        _after("put", {"first put": 0, "later put": files // 2, "last put": files - 1}[step])
    elif step == "place":
        edition_folders.place = die
    elif step == "half placed":
        place = edition_folders.place

        def half(staging, folder, content):
            place(staging, folder, dict(itertools.islice(content.items(), len(content) // 2)))
            die()

        edition_folders.place = half
    elif step in {"restricted", "public"}:
        update = manifests.update
        manifests.update = lambda folder, cycle, change: (
            (die() if (folder.name == "restricted") == (step == "restricted") else None)
            or update(folder, cycle, change)
        )


def _after(name, calls):
    whole, count = getattr(edition_folders, name), itertools.count()
    setattr(
        edition_folders,
        name,
        lambda *given: die() if next(count) == calls else whole(*given),
    )


if __name__ == "__main__":
    _, step, data = sys.argv
    folder = Path(data)
    made = pickle.loads((folder / "made.pickle").read_bytes())  # noqa: S301 - our own
    edition_making.make = lambda *_: made
    kill_at(step, len(made.files))
    cycles = {one.cycle: one for one in calendars.read_cycles(folder / "panel_cycles.csv")}
    with warehouse.connected(folder / "warehouse.duckdb", read_only=True) as con:
        editions.publish(con, folder / "published", cycles[CYCLE])
