"""The zip that a workbook is: looked over before any of it is unpacked, and read within limits.

Runs in the child process (workbook_child), which has the standard library and nothing else.
"""

from __future__ import annotations

import itertools
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, cast
from xml.parsers import expat

from csip_pipeline.refusals import RefusedError, shown

MEGABYTE = 1_000_000
LARGEST_UNPACKED = 500 * MEGABYTE
SUSPECT_UNPACKED = 20 * MEGABYTE
HIGHEST_RATIO = 50
"""Worksheets pack to a fifth, rows that are all alike to a 25th; bombs to a thousandth."""
MOST_PARTS = 5_000
LARGEST_DIRECTORY = 2 * MEGABYTE
"""That is some 20,000 parts; a directory is read in one go, and all else a chunk at a time."""
LONGEST_TOKEN = 4 * MEGABYTE
MOST_ELEMENTS = MEGABYTE
"""Of a part that is kept whole: some sixteen for each style that Excel allows."""
CHUNK = 1 << 16
SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Of the elements of a workbook: in the usual format, and in the strict one."""
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


class UnreadableError(Exception):
    """The file is not a whole workbook."""


class _Sipped:
    """A file that is never read in one go, so that no directory of parts fills the memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """That many bytes. Raises RefusedError where they are too many."""
        beyond = LARGEST_DIRECTORY + 1
        got = self._file.read(min(size, beyond) if size >= 0 else beyond)
        if len(got) > LARGEST_DIRECTORY:
            raise _too_many_parts("very many")
        return got


class Package:
    """The parts of a workbook by name, whatever their case."""

    def __init__(self, file: IO[bytes]) -> None:
        """Look over the zip directory. Raises RefusedError where it promises no good."""
        self._zip = zipfile.ZipFile(cast("IO[bytes]", _Sipped(file)))
        self._left = LARGEST_UNPACKED
        entries = self._zip.infolist()
        _look_over(entries)
        self._parts = {entry.filename.casefold(): entry for entry in entries}

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, counted as they come, because a directory may lie about its sizes."""
        with self._zip.open(self._parts[name.casefold()]) as part:
            while chunk := part.read(CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise _too_large()
                yield chunk

    def related(self, name: str) -> Iterator[tuple[str, str, str]]:
        """What a part refers to within the package: id, last word of the kind, and part name."""
        folder, base = posixpath.split(name)
        relations = f"{folder}/_rels/{base}.rels".lstrip("/")
        told = found(self.chunks(relations))
        for one in told.get(spelt("Relationship", RELATIONS), []):
            if one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one["Target"]))
                yield one["Id"], one["Type"].rpartition("/")[2], target.lstrip("/")


def _look_over(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename.casefold() for entry in entries]
    if len(entries) > MOST_PARTS:
        raise _too_many_parts(f"{len(entries):,}")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableError
    for name in names:
        if (
            name.startswith(("/", "\\"))
            or ":" in name
            or ".." in name.replace("\\", "/").split("/")
        ):
            raise RefusedError(
                f' holds a part called "{shown(name[:60])}", which points outside it. No '
                "spreadsheet program writes that: ask the supplier how it was made."
            )
    if len(set(names)) < len(names):
        raise RefusedError(
            " holds two parts of the same name, and programs differ on which they read. Ask the "
            "supplier to open it in Excel, save it and send it again."
        )
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > LARGEST_UNPACKED:
        raise _too_large()
    if unpacked > max(SUSPECT_UNPACKED, HIGHEST_RATIO * packed):
        raise RefusedError(
            f" unpacks to {unpacked // packed if packed else unpacked:,} times its size; a "
            "workbook unpacks to 5 to 25 times, so it was not opened. Ask the supplier for CSV."
        )


def _too_many_parts(number: str) -> RefusedError:
    return RefusedError(
        f" holds {number} parts; a workbook has some dozens, so it was not opened. Ask the "
        "supplier for CSV."
    )


def _too_large() -> RefusedError:
    return RefusedError(
        f" unpacks to more than {LARGEST_UNPACKED // MEGABYTE} MB, so it was not opened. "
        "Ask the supplier for CSV."
    )


def steps(
    chunks: Iterator[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Read XML a chunk a step, telling of the start and end of its elements ("namespace name").

    A document type declaration is refused, and with it every entity that could be declared: no
    part of a workbook has one, and bombs need one.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_declarations
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    fed = 0
    for chunk in chunks:
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
            raise UnreadableError  # a name or attribute of megabytes: expat reads it over and over
        yield
    parser.Parse(b"", True)
    yield


def found(chunks: Iterator[bytes], within: tuple[str, ...] = ()) -> dict[str, list[dict[str, str]]]:
    """The attributes of each element of some XML, by its name; of those within others, if said."""
    told: dict[str, list[dict[str, str]]] = {}
    inside: list[str] = []
    number = itertools.count()

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in within:
            inside.append(name)
        if inside or not within:
            told.setdefault(name, []).append(attributes)
            if next(number) > MOST_ELEMENTS:
                raise UnreadableError

    def end(name: str) -> None:
        if name in within:
            inside.pop()

    for _ in steps(chunks, start, end):
        pass
    return told


def _no_declarations(*_: object) -> None:
    raise RefusedError(
        " declares a document type of its own, which no spreadsheet program writes and XML bombs "
        "need, so it was not read. Ask the supplier how it was made, or for CSV."
    )


def spelt(name: str, space: str) -> str:
    """The name of an element as `steps` tells it."""
    return f"{space} {name}"
