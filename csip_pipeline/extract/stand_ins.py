"""Canonical copies that stand in for delivered files that were deleted for whom they named.

A note in a copy's folder, stands_for_<hash>.json, names the file. The month is taken from the copy
as it was from the file, until a file of that name is delivered again. To withdraw such a file,
delete the folder.
"""

import datetime as dt
import fnmatch
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from csip_pipeline import durable
from csip_pipeline.extract import deliveries
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.sources import Source
from csip_pipeline.settings import Settings


def find(settings: Settings, sources: list[Source]) -> Iterator[Delivery]:
    """The delivery of every file that a copy stands in for, in the order of their folders."""
    for note in sorted(settings.canonical.glob("*/*/stands_for_*.json")):
        told = json.loads(note.read_text(encoding="utf-8"))
        path = settings.extracts / told["file"]
        claims = [one for one in sources if fnmatch.fnmatchcase(told["file"], one.files)]
        if claims and not path.exists():
            extracted_at = dt.datetime.fromisoformat(told["extracted_at"])
            yield deliveries.of_copy(claims[0], path, told["sha256"], note.parent, extracted_at)


def stand_in(settings: Settings, delivery: Delivery) -> Path:
    """Let a delivery's copy stand in for its file from when that is gone; give the note's path."""
    told = {
        "file": delivery.path.relative_to(settings.extracts).as_posix(),
        "sha256": delivery.sha256,
        "extracted_at": delivery.extracted_at.isoformat(),
    }
    named = hashlib.sha256(told["file"].encode()).hexdigest()[:12]
    note = delivery.folder / f"stands_for_{named}.json"
    durable.put(note, json.dumps(told).encode())
    return note
