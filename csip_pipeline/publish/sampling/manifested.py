"""What a cycle's manifest says of its call sample, and the public frame beside it."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csip_pipeline.publish import manifests
from csip_pipeline.refusals import RefusedError

FRAME = "sample_frame.csv"
HEADER = ["row", "reference", "stratum"]

Told = dict[str, Any]
"""frame, and once it is drawn draw; withdrawn, targeted, superseded_frames."""


@dataclass(frozen=True)
class FrameRow:
    """A row of the public frame."""

    row: int
    reference: str
    stratum: str


def read(folder: Path) -> Told:
    """What a cycle's manifest says of its sample; nothing where no frame is frozen."""
    return dict(manifests.read(folder).get("sample", {}))


def frame_csv(rows: list[FrameRow]) -> bytes:
    """The public frame: UTF-8, a line feed after each line; its SHA-256 is what is published."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((row.row, row.reference, row.stratum) for row in rows)
    return text.getvalue().encode()


def read_frame(folder: Path, told: Told) -> list[FrameRow]:
    """The frozen frame. Raises RefusedError where it is not the one that was frozen."""
    frame = told["frame"]
    path = folder / str(frame["file"])
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != frame["sha256"]:
        raise RefusedError(
            f"{folder.name}/{frame['file']} is not the frame that was frozen: its SHA-256 is not "
            "the manifest's. Restore it from the backup of the folder published."
        )
    rows = csv.DictReader(io.StringIO(content.decode()))
    return [FrameRow(int(row["row"]), row["reference"], row["stratum"]) for row in rows]


def by_stratum(rows: list[FrameRow]) -> dict[str, list[FrameRow]]:
    """The rows of each stratum, in the order of the frame; strata in alphabetical order."""
    found: dict[str, list[FrameRow]] = {}
    for row in rows:
        found.setdefault(row.stratum, []).append(row)
    return dict(sorted(found.items()))
