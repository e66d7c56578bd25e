"""Which runs are alive: each holds a lock that the system lets go of when its process ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def held(folder: Path, run_id: str) -> Iterator[None]:
    """Hold a run's lock until it is done. A process that is killed leaves the file, not the lock.

    The file is gone before the run's end is written down, so that nobody takes it for cut short.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, run_id)
    lock = FileLock(path)
    with lock:
        yield
        path.unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def is_cut_short(folder: Path, run_id: str, *, settled_seconds: float = 0) -> bool:
    """Whether a run began so long ago at least, and the process that held its lock is gone.

    Between making the file and holding it a run that begins would look like one that is gone.
    """
    path = _path(folder, run_id)
    try:
        if time.time() - path.stat().st_mtime < settled_seconds:
            return False
        with FileLock(path, timeout=0):
            return True
    except (FileNotFoundError, Timeout):
        return False


def forget(folder: Path, run_id: str) -> None:
    """Take the file of a run away that ended."""
    _path(folder, run_id).unlink(missing_ok=True)


def _path(folder: Path, run_id: str) -> Path:
    return folder / f"{run_id}.lock"
