"""Files that people bring: checked at once as intake would, kept whole under a name of our own.

A file is not kept unless every row of it can be used, since whoever brought it is still there to
mend it. Nothing that the visitor sends becomes part of a path: the name is made here, and neither
it nor anything that is logged says who brought the file. (Names of extracts are published.)
"""

import datetime as dt
import fnmatch
import hashlib
import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError

LARGEST = 10 * 1024 * 1024
SUFFIX = re.compile(r"\.[a-z]{3,5}")
ZIPPED = (".xlsx", ".xlsm")
ZIP_STARTS = b"PK\x03\x04"


class Report(Protocol):
    """What the check says of a file: as cli_check.Report does."""

    @property
    def received(self) -> int:
        """How many rows it has."""
        ...

    @property
    def faults(self) -> list[dict[str, object]]:
        """Each with row, column and reason, and no value."""
        ...


@dataclass(frozen=True)
class Upload:
    """A file as a visitor sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Taken:
    """What became of an upload: kept under a name, unless it has faults."""

    name: str
    sha256: str
    received: int
    faults: list[dict[str, object]]


@dataclass(frozen=True)
class Intake:
    """Where uploads of one feed go, and how they are judged."""

    feed: str
    folder: Path
    """The feed's folder of extracts."""
    scratch: Path
    """Where a file is looked at before it is kept; nobody else reads there."""
    patterns: tuple[str, ...]
    """What feeds.toml reads of this feed, such as panel_scores/*.xlsx."""
    check: Callable[[Path, str], Report]
    now: Callable[[], dt.datetime]

    @property
    def suffixes(self) -> list[str]:
        """The endings that a file may have."""
        found = {PurePosixPath(pattern).suffix.casefold() for pattern in self.patterns}
        return sorted(one for one in found if SUFFIX.fullmatch(one))

    def take(self, upload: Upload, stem: str) -> Taken:
        """Judge an upload and keep it if it can be used; `stem` is how its own name begins.

        Raises RefusedError that says what to mend, where it cannot be read at all.
        """
        name = self._name(upload, stem)
        place = self.scratch / secrets.token_hex(16)
        place.mkdir(mode=0o700, parents=True)
        try:
            path = place / name
            put(path, upload.content)
            report = self.check(path, self.feed)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        if not report.received:
            raise RefusedError("The file has no rows. Choose the one that was filled in.")
        if not report.faults:
            self.folder.mkdir(parents=True, exist_ok=True)
            put(self.folder / name, upload.content)
            (self.folder / name).chmod(0o640)
        sha256 = hashlib.sha256(upload.content).hexdigest()
        return Taken(name, sha256, report.received, report.faults)

    def _name(self, upload: Upload, stem: str) -> str:
        suffix = next((one for one in self.suffixes if _ends(upload.name, one)), None)
        if suffix is None:
            endings = " or ".join(self.suffixes) or "none that can be uploaded"
            raise RefusedError(f"The file must end in {endings}. Save it as that, and choose it.")
        if not upload.content:
            raise RefusedError("The file is empty. Choose the one that was filled in.")
        if suffix in ZIPPED and not upload.content.startswith(ZIP_STARTS):
            raise RefusedError(
                "The file is no Excel workbook, though its name says so, or it has a password. "
                "Save it as an Excel workbook without one."
            )
        stamp = self.now().astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
        name = f"{stem}_{secrets.token_hex(4)}_{stamp}{suffix}"
        if not any(fnmatch.fnmatchcase(f"{self.feed}/{name}", one) for one in self.patterns):
            raise RefusedError(
                f"feeds.toml reads no file of {self.feed} that is called {name}. Ask whoever looks "
                "after it for a pattern that does."
            )
        return name


def stem_of(upload: Upload, known: Iterable[str], otherwise: str) -> str:
    """Which of our own names an upload's begins with; never any other text of it."""
    longest_first = sorted(known, key=len, reverse=True)
    return next((one for one in longest_first if upload.name.startswith(one)), otherwise)


def _ends(name: str, suffix: str) -> bool:
    return name.casefold().endswith(suffix)
