"""Delivered files: known by their hash, placed in time by what they declare, and what they hold."""

import datetime as dt
import errno
import hashlib
import json
import shutil
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from csip_pipeline.extract import canonical, declarations, done_files, marks
from csip_pipeline.extract.declarations import Declared
from csip_pipeline.extract.listings import (
    STILL_WRITTEN,
    delivered_files,
    done_file,
    find,
    unclaimed,
)
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError, is_unseen, shown
from csip_pipeline.settings import Settings

__all__ = [
    "Delivery",
    "UnfinishedError",
    "delivered_files",
    "find",
    "is_read",
    "take_in",
    "unclaimed",
]

FAILING_DISK = (errno.EIO, errno.ESTALE)
_copying: dict[str, Lock] = {}
"""A lock for each canonical copy, so that of two files that are alike one makes it."""


class UnfinishedError(RefusedError):
    """A file that changed while it was read: it is left for the next run."""


@dataclass(frozen=True)
class Delivery:
    """One delivered file that could be read."""

    source: Source
    path: Path
    sha256: str
    folder: Path
    """Its canonical copy: records.parquet, faults.parquet, file.json, and entities.parquet where
    things are linked."""
    extracted_at: dt.datetime
    received: int
    months: dict[dt.date, int]
    """Rows received, by month. Rows whose month cannot be read count with the file's most
    frequent month, so that the months always sum to received."""
    home_month: dt.date
    bears_on: frozenset[dt.date]
    """The months it has a say in: its own and, once catalogued among other files, those in which
    they hold rows about the same things."""
    in_repeated_hour: int = 0
    in_missing_hour: int = 0
    """Rows whose clock time happened twice, or never: what a clock change made doubtful."""
    erased: int = 0
    """Rows that hold somebody who was erased: their contact points were left out."""

    def rows_in_no_cycle(self, month: dt.date, covered: set[dt.date]) -> int:
        """Rows whose own month no panel cycle covers: out of scope, counted once, in one month.

        That month is the file's most frequent one, or its first that a cycle covers.
        """
        inside = sorted(set(self.months) & covered)
        counted_in = self.home_month if self.home_month in inside else next(iter(inside), None)
        if month != counted_in:
            return 0
        return sum(rows for other, rows in self.months.items() if other not in covered)

    @property
    def basis(self) -> str:
        """Changes when the file, how it is read and keyed, or its declared version changes."""
        phones = self.source.phones
        how = f"{self.folder.name} {phones.accept}-{phones.region}"
        return f"{self.path.name} {how} {self.extracted_at.isoformat()}"


def take_in(settings: Settings, source: Source, path: Path) -> Delivery:
    """The delivery of one file, reading it into its canonical copy if that was not done before.

    Raises RefusedError naming the file where it cannot be read at all, and UnfinishedError where
    it changed meanwhile.
    """
    if "\\" in path.name or any(map(is_unseen, path.name)):
        raise RefusedError(
            f"{shown(path.name)}: its name holds a backslash, or a character that cannot be seen. "
            "Rename it."
        )
    try:
        before = _looked_at(path)
        manifest = _manifest(source, path)
        sha256 = _hashed(path, *before)
        declarations.hold_bytes(manifest.sha256, sha256, "its done file", path.name)
        folder = canonical.folder_of(settings, source, sha256, path.name)
        with _copying.setdefault(str(folder), Lock()):
            if not (folder / "file.json").exists():
                settings.make_restricted()
                canonical.write(source, path, folder, marks.load(settings))
                if _looked_at(path) != before:  # its copy may be of other bytes than its hash
                    shutil.rmtree(folder)
                    raise UnfinishedError(
                        f"{path.name} {STILL_WRITTEN}. Run again once it is whole."
                    )
    except OSError as error:
        is_at_fault = error.filename is not None and Path(error.filename).parent == path.parent
        if is_at_fault or error.errno in FAILING_DISK:
            raise _unreadable(path, error) from None
        raise
    about = json.loads((folder / "file.json").read_text(encoding="utf-8"))
    declarations.hold_rows(manifest.rows, about["received"], "its done file", path.name)
    extracted_at = declarations.extracted_at(
        source,
        path.name,
        manifest=manifest.extracted_at,
        header=_as_moment(about.get("declared_at")),
        last_moment=_as_moment(about["last_moment"]),
    )
    return of_copy(source, path, sha256, folder, extracted_at)


def is_read(settings: Settings, source: Source, path: Path) -> bool:
    """Whether the canonical copy of a file is there; not where nobody can look at the file."""
    try:
        sha256 = _hashed(path, *_looked_at(path))
    except (OSError, RefusedError):
        return False
    folder = canonical.folder_of(settings, source, sha256, path.name)
    return (folder / "file.json").exists()


def of_copy(
    source: Source, path: Path, sha256: str, folder: Path, extracted_at: dt.datetime
) -> Delivery:
    """The delivery of a file whose canonical copy is there, though the file need not be."""
    about = json.loads((folder / "file.json").read_text(encoding="utf-8"))
    months = {dt.date.fromisoformat(month): rows for month, rows in about["months"].items()}
    return Delivery(
        source=source,
        path=path,
        sha256=sha256,
        folder=folder,
        extracted_at=extracted_at,
        received=about["received"],
        months=months,
        home_month=dt.date.fromisoformat(about["home_month"]),
        bears_on=frozenset(months),
        in_repeated_hour=about["in_repeated_hour"],
        in_missing_hour=about["in_missing_hour"],
        erased=about.get("erased", 0),
    )


def _manifest(source: Source, path: Path) -> Declared:
    """What the file's done file says, if one stands beside it."""
    done = done_file(source, path)
    return done_files.read(done) if done is not None and done.is_file() else Declared()


def _as_moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _looked_at(path: Path) -> tuple[int, int, int]:
    """Size, time and inode. Raises RefusedError where it is not a file: a pipe would never end."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{path.name} is not a file. Ask the supplier for a plain file.")
    return found.st_size, found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=4096)
def _hashed(path: Path, size: int, changed: int, inode: int) -> str:  # noqa: ARG001 - the cache's key
    """The file's hash, worked out again only where its size, time or inode is another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(path: Path, error: OSError) -> RefusedError:
    if isinstance(error, FileNotFoundError):
        return RefusedError(f"{path.name} was taken away while it was read. Run again.")
    return RefusedError(
        f"{path.name} cannot be opened ({error.strerror}). Let the account that runs csip read it."
    )
