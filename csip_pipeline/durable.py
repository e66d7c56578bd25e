"""Files that are there whole or not at all, whatever happens meanwhile, and are their owner's."""

import os
from pathlib import Path

HALF = ".erasing"
"""What the name of a file ends with until it takes another's place."""


def half_of(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}{HALF}")


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    half = half_of(path)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    take_place(half, path)


def take_place(half: Path, path: Path) -> None:
    """Put a file that is written in the place of another, so that a power cut leaves one whole."""
    half.chmod(0o600)
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
