"""The call sample as the panel's meeting needs it: frozen, drawn with the chair's dice, proved."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import manifests
from csip_pipeline.publish.sampling import drawing, manifested, verifying
from csip_pipeline.publish.sampling.verifying import Proof
from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve.shelves import File
from csip_pipeline.settings import Settings

PUBLIC_FILES = (manifests.NAME, manifested.FRAME)


@dataclass(frozen=True)
class Sample:
    """The sample of one cycle, as its manifest tells of it."""

    cycle: str
    title: str
    frame: dict[str, Any]
    draw: dict[str, Any] | None
    calls: list[dict[str, Any]]
    """Each drawn call with its state, and for which one it stands in."""
    proof: Proof
    files: dict[str, File]
    """The public files by which anybody can draw again."""

    @property
    def is_divided(self) -> bool:
        """Whether the frame was divided into strata."""
        return len(self.frame["strata"]) > 1


class Meetings:
    """The samples in the folder published."""

    def __init__(self, data: Path, cycles: Callable[[], list[Cycle]]) -> None:
        """Samples of the data folder; of it, only published/ is read or written."""
        self._here = Settings(data=data)
        self._cycles = cycles

    def frozen(self) -> list[Sample]:
        """Every cycle with a frozen frame, the latest first."""
        found = (self.sample(one.cycle) for one in self._cycles())
        return [one for one in found if one is not None][::-1]

    def sample(self, cycle: str) -> Sample | None:
        """The sample of a cycle; None where no frame of it is frozen."""
        known = self._cycle(cycle)
        if known is None:
            return None
        folder = self._here.published / known.cycle
        told = manifested.read(folder)
        if "frame" not in told:
            return None
        draw = told.get("draw")
        states = drawing.standing(told) if draw else {}
        return Sample(
            cycle=known.cycle,
            title=known.title,
            frame=told["frame"],
            draw=draw,
            calls=[
                {**row, "state": states[row["sample_no"]][0], "for": states[row["sample_no"]][1]}
                for row in (draw or {}).get("rows", [])
            ],
            proof=_proof(folder),
            files={name: _file(folder, name) for name in PUBLIC_FILES if (folder / name).is_file()},
        )

    def draw(self, cycle: str, seed: str, size: int) -> dict[str, Any]:
        """Draw once, for good. Raises RefusedError where it cannot be done."""
        known = self._cycle(cycle)
        if known is None:
            raise RefusedError("There is no such panel cycle.")
        return drawing.draw(self._here, known, seed, size)

    def file(self, cycle: str, name: str) -> File | None:
        """A public file by which anybody can draw again: the frame, or the manifest."""
        found = self.sample(cycle)
        return found.files.get(name) if found is not None else None

    def _cycle(self, name: str) -> Cycle | None:
        return next((one for one in self._cycles() if one.cycle == name), None)


def _proof(folder: Path) -> Proof:
    """The draw made again; a frame that is gone is a fault like any other."""
    try:
        return verifying.verify(folder / manifests.NAME)
    except RefusedError:
        return Proof([], ["The frozen frame does not lie beside the manifest that names it."])


def _file(folder: Path, name: str) -> File:
    content = (folder / name).read_bytes()
    return File(name, hashlib.sha256(content).hexdigest(), len(content), folder / name)
