"""What is published, as the door finds it: cycles, their editions, and files that may be fetched.

A file is found among those that a manifest lists and in no other way; nothing that a visitor sends
ever becomes part of a path.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from csip_pipeline.publish import manifests
from csip_pipeline.publish.edition_formats import PAGE, TABLES, WORKBOOK
from csip_pipeline.publish.edition_history import RESTRICTED
from csip_pipeline.refusals import RefusedError

KINDS = {WORKBOOK: "Excel", PAGE: "HTML", ".csv": "CSV"}
MEDIA_TYPES = {
    WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PAGE: "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
}


class DamagedError(RefusedError):
    """A file that is not the one that was published: it is not served."""


@dataclass(frozen=True)
class File:
    """A file that a manifest lists."""

    name: str
    """Its path as its link gives it, such as panel_pack_2026-Q3_tables/waits.csv."""
    sha256: str
    size: int
    path: Path

    @property
    def kind(self) -> str:
        """What people call such a file: Excel, HTML or CSV."""
        return KINDS.get(self.path.suffix, "File")

    @property
    def media_type(self) -> str:
        """Its media type."""
        return MEDIA_TYPES.get(self.path.suffix, "application/octet-stream")

    @property
    def is_table(self) -> bool:
        """Whether it is one table of the pack."""
        return f"{TABLES}/" in self.name

    @property
    def subject(self) -> str:
        """What a table is about, from its name."""
        return self.path.stem.replace("_", " ").capitalize()

    def content(self) -> bytes:
        """Its bytes. Raises DamagedError where they are not those that were published."""
        content = self.path.read_bytes() if self.path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise DamagedError(
                f"{self.path.name} is not the file that was published. Restore it from the backup "
                "of the folder published."
            )
        return content


@dataclass(frozen=True)
class Edition:
    """One revision of a cycle's pack, in its public or its restricted edition."""

    revision: int
    told: dict[str, Any]
    """What the manifest says of it."""
    files: dict[str, File]

    def moment(self, key: str) -> dt.datetime | None:
        """A moment of the manifest, such as published_at."""
        given = self.told.get(key)
        return dt.datetime.fromisoformat(given) if given else None

    def of(self, suffix: str) -> File | None:
        """Its workbook or its page."""
        whole = (one for one in self.files.values() if not one.is_table)
        return next((one for one in whole if one.path.suffix == suffix), None)

    @property
    def workbook(self) -> File | None:
        """The pack as a workbook."""
        return self.of(WORKBOOK)

    @property
    def page(self) -> File | None:
        """The pack as a page."""
        return self.of(PAGE)

    @property
    def tables(self) -> list[File]:
        """The pack's tables, each a CSV, in the pack's order."""
        return [one for one in self.files.values() if one.is_table]


@dataclass(frozen=True)
class Shelved:
    """A cycle and what is published of it, the latest revision first."""

    cycle: str
    told: dict[str, Any]
    editions: list[Edition]

    @property
    def title(self) -> str:
        """The cycle as the panel knows it."""
        return str(self.told.get("title", self.cycle))

    def day(self, key: str) -> dt.date | None:
        """A day of the manifest, such as meeting_on."""
        given = self.told.get(key)
        return dt.date.fromisoformat(given) if given else None

    def edition(self, revision: str) -> Edition | None:
        """The edition whose number is written so."""
        return next((one for one in self.editions if str(one.revision) == revision), None)


class Shelf:
    """The editions of one kind in the folder published."""

    def __init__(self, published: Path, *, is_restricted: bool = False) -> None:
        """The public editions, or with `is_restricted` the others."""
        self._published, self._is_restricted = published, is_restricted

    def cycles(self) -> list[Shelved]:
        """Every cycle of which an edition is published, the latest first."""
        found = (self.cycle(name) for name in self._names())
        shelved = [one for one in found if one is not None and one.editions]
        return sorted(shelved, key=lambda one: str(one.told.get("starts_on")), reverse=True)

    def cycle(self, name: str) -> Shelved | None:
        """The cycle of that name, whether or not there is an edition of it."""
        if name not in self._names():
            return None
        folder = self._published / name
        told = manifests.read(folder / RESTRICTED if self._is_restricted else folder)
        editions = [
            Edition(
                int(entry["revision"]),
                entry,
                {file.name: file for file in self._files(folder, entry)},
            )
            for entry in told.get("editions", [])
        ]
        return Shelved(name, told, editions[::-1])

    def _names(self) -> list[str]:
        manifest = f"*/{RESTRICTED}/" if self._is_restricted else "*/"
        found = self._published.glob(f"{manifest}{manifests.NAME}")
        return sorted(path.relative_to(self._published).parts[0] for path in found)

    def _files(self, folder: Path, entry: dict[str, Any]) -> Iterator[File]:
        """The files of an edition, none of them outside its own place, whatever is written."""
        home = folder / RESTRICTED if self._is_restricted else folder
        for listed in entry.get("files", []):
            path = folder / PurePosixPath(str(listed["file"]))
            inside = path.resolve()
            is_restricted = inside.is_relative_to((folder / RESTRICTED).resolve())
            if inside.is_relative_to(home.resolve()) and is_restricted == self._is_restricted:
                name = path.relative_to(home).as_posix()
                yield File(name, str(listed["sha256"]), int(listed["bytes"]), path)
