"""Files as they were delivered: find them, know them by their hash, and what they hold."""

import datetime as dt
import fnmatch
import hashlib
import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from csip_pipeline.extract import canonical
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError, is_unseen, shown
from csip_pipeline.settings import Settings

UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")


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


def find(settings: Settings, sources: list[Source]) -> list[tuple[Source, Path]]:
    """Every delivered file with the source whose pattern claims it, in name order.

    Raises RefusedError where two sources claim the same file.
    """
    found = []
    for path in delivered_files(settings):
        name = path.relative_to(settings.extracts).as_posix()
        claims = [source for source in sources if fnmatch.fnmatchcase(name, source.files)]
        if len(claims) > 1:
            told = " and ".join(f'"{source.name}"' for source in claims)
            raise RefusedError(
                f"{name} is claimed by the sources {told}. Narrow their files patterns in "
                "feeds.toml."
            )
        found += [(source, path) for source in claims]
    return found


def unclaimed(settings: Settings, sources: list[Source]) -> list[str]:
    """Delivered files that no source claims: probably a misspelt name or pattern."""
    return [
        name
        for path in delivered_files(settings)
        if not any(
            fnmatch.fnmatchcase(name := path.relative_to(settings.extracts).as_posix(), s.files)
            for s in sources
        )
    ]


def delivered_files(settings: Settings) -> Iterator[Path]:
    """Finished files under extracts/, in name order. Links, hidden and partial files are not."""
    for path in sorted(settings.extracts.rglob("*")):
        hidden = path.name.startswith((".", "~$"))
        unfinished = path.suffix.casefold() in UNFINISHED
        if path.is_file() and not path.is_symlink() and not hidden and not unfinished:
            yield path


def take_in(settings: Settings, source: Source, path: Path) -> Delivery:
    """The delivery of one file, reading it into its canonical copy if that was not done before.

    Raises RefusedError naming the file where it cannot be read at all.
    """
    if "\\" in path.name or any(map(is_unseen, path.name)):
        raise RefusedError(
            f"{shown(path.name)}: its name holds a backslash, or a character that cannot be seen. "
            "Rename it."
        )
    try:
        sha256 = _sha256(path)
    except OSError as error:
        raise RefusedError(
            f"{path.name} cannot be opened ({error.strerror}). Let the account that runs csip read "
            "it, then run again."
        ) from None
    folder = canonical.folder_of(settings, source, sha256)
    if not (folder / "file.json").exists():
        settings.make_restricted()
        canonical.write(source, path, folder)
    about = json.loads((folder / "file.json").read_text(encoding="utf-8"))
    extracted_at = source.declared_at(path.name) or _seen_until(about["last_moment"], path)
    months = {dt.date.fromisoformat(month): rows for month, rows in about["months"].items()}
    return Delivery(
        source=source,
        path=path,
        sha256=sha256,
        folder=folder,
        extracted_at=extracted_at.astimezone(dt.UTC),
        received=about["received"],
        months=months,
        home_month=dt.date.fromisoformat(about["home_month"]),
        bears_on=frozenset(months),
        in_repeated_hour=about["in_repeated_hour"],
        in_missing_hour=about["in_missing_hour"],
    )


def _seen_until(last_moment: str | None, path: Path) -> dt.datetime:
    if last_moment is None:
        raise RefusedError(
            f"{path.name} does not say when it was extracted. Put a stamp in its name, such as "
            f"{path.stem}_20261101T0500Z{path.suffix}: versions of a file are told apart by it."
        )
    return dt.datetime.fromisoformat(last_moment)


def _sha256(path: Path) -> str:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{path.name} is not a file. Ask the supplier for a plain file.")
    return _hashed(path, found.st_size, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4096)
def _hashed(path: Path, size: int, changed: int, inode: int) -> str:  # noqa: ARG001 - the cache's key
    """The file's hash, worked out again only where its size, time or inode is another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
