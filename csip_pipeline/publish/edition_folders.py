"""Files of an edition put in place together: staged where nobody looks, then renamed one by one.

A manifest that lists them is written last, by whoever calls: until then they are not published.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from csip_pipeline.publish.workbook_files import put

STAGING = ".staging"
HALF_WRITTEN = ".*.part"

Content = Mapping[str, bytes]
"""The files of an edition by their path in the cycle's folder ("restricted/pack.xlsx")."""


def make_own(folder: Path) -> None:
    """Make the folder of what is not for the public: its owner's alone, whatever the umask."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def staged(folder: Path, files: Content) -> Iterator[Path]:
    """The files written whole to a hidden folder beside their places, gone again at the end."""
    sweep(folder)
    staging = folder / STAGING
    staging.mkdir(mode=0o700, parents=True)
    try:
        for name, content in files.items():
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, content)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def place(staging: Path, folder: Path, files: Content) -> None:
    """Move staged files to their places. What stands there already was never published."""
    for name in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(target)


def sweep(folder: Path) -> None:
    """Remove what a run that was killed left behind."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    for half in folder.rglob(HALF_WRITTEN):
        half.unlink(missing_ok=True)


def listed(files: Content) -> list[dict[str, object]]:
    """The files as a manifest lists them."""
    return [
        {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in files.items()
    ]


def put_back(folder: Path, files: Content, told: list[dict[str, object]]) -> None:
    """Put back files that somebody moved away, where they would be the very same again."""
    hashes = {str(each["file"]): each["sha256"] for each in told}
    for name, content in files.items():
        path = folder / name
        is_same = hashes.get(name) == hashlib.sha256(content).hexdigest()
        if is_same and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            put(path, content)
