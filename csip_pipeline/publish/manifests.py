"""manifest.json of a cycle: what is published of it. Whatever it does not list is not published."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError

NAME = "manifest.json"
LOCK = ".manifest.lock"
PATIENCE = 60
"""Seconds to wait for another run that is publishing the same cycle."""

Manifest = dict[str, Any]
"""cycle and its dates, editions (oldest first), and sample once a frame is frozen."""


def read(folder: Path) -> Manifest:
    """A cycle's manifest; an empty one where nothing is published.

    Raises RefusedError where it cannot be read: to go on would publish over what it lists.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest.setdefault("editions", [])
    except (AttributeError, OSError, ValueError):
        raise RefusedError(
            f"{folder.name}/{NAME} cannot be read, so what is published of {folder.name} is not "
            "known. Restore it from the backup of the folder published."
        ) from None
    return manifest


def update(folder: Path, cycle: Cycle, change: Callable[[Manifest], Manifest]) -> Manifest:
    """Replace a cycle's manifest with what `change` makes of it, whole or not at all.

    Only one process changes a manifest at a time. Where `change` raises, nothing is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=PATIENCE):
            before = read(folder) or _begun(cycle)
            after = change(before)
            if after != before:
                put(folder / NAME, json.dumps(after, indent=2).encode())
            return after
    except Timeout:
        raise RefusedError(
            f"Another run is publishing {cycle.cycle}. Wait until it is done, then try again."
        ) from None


def _begun(cycle: Cycle) -> Manifest:
    return {
        "cycle": cycle.cycle,
        "title": cycle.title,
        "starts_on": cycle.starts_on.isoformat(),
        "ends_on": cycle.ends_on.isoformat(),
        "meeting_on": cycle.meeting_on.isoformat(),
        "editions": [],
    }
