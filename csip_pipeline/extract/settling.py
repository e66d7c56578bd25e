"""Which files are still being written: those that change while they are looked at."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

REMEMBERED_SECONDS = 600
"""How long a look says something of the next one: a file may be replaced by another one day."""


@dataclass
class Look:
    """What a file looked like, and when it was first and last seen to look so."""

    size: int
    changed_ns: int
    since: float
    until: float


_looks: dict[Path, Look] = {}
"""The last look of this process at each file that was young when it was looked at."""


def still_written(paths: Iterable[Path], settle_seconds: float) -> set[Path]:
    """Those of the files that were not seen unchanged for as long as it takes to be settled.

    Only a file whose own time is younger than that, or still to come, is looked at twice, with one
    pause for all of them. One that was seen unchanged before needs no pause. One that is gone by
    the second look counts as being written. With no time to settle, every file is settled.
    """
    if settle_seconds == 0:
        return set()
    youngest = time.time() - settle_seconds
    growing = set()
    unsure: dict[Path, float] = {}
    for path in paths:
        if _changed_since(path, youngest):
            known, look = _remembered(path), _look(path)
            if known is not None and not _is_same(known, look):
                growing.add(path)
            elif (waited := time.monotonic() - look.since) < settle_seconds:
                unsure[path] = settle_seconds - waited
    if unsure:
        before = {path: _looks[path] for path in unsure}
        time.sleep(max(unsure.values()))
        growing |= {path for path in unsure if not _is_same(before[path], _look(path))}
    return growing


def _remembered(path: Path) -> Look | None:
    """The last look at a file, unless it was too long ago."""
    known = _looks.get(path)
    is_recent = known is not None and time.monotonic() - known.until < REMEMBERED_SECONDS
    return known if is_recent else None


def _changed_since(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime > moment
    except OSError:
        return False  # whoever opens it says why it cannot be read


def _look(path: Path) -> Look:
    """The file as it is now; `since` is older where it looked the same before."""
    known, now = _remembered(path), time.monotonic()
    try:
        stat = path.stat()
    except OSError:
        look = Look(-1, -1, now, now)
    else:
        look = Look(stat.st_size, stat.st_mtime_ns, now, now)
    if known is not None and _is_same(known, look):
        known.until = now
        return known
    _looks[path] = look
    return look


def _is_same(one: Look, other: Look) -> bool:
    return (one.size, one.changed_ns) == (other.size, other.changed_ns)
