"""What takes long to make is made once a session, by whichever worker needs it first."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock


def made_once(base: Path, name: str, make: Callable[[Path], Any]) -> Any:
    """What `make` returns for a folder that all workers share; others wait, and read it."""
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    kept = shared / f"{name}.pickle"
    with FileLock(shared / f"{name}.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(make(shared)))
    return pickle.loads(kept.read_bytes())  # noqa: S301 - our own
