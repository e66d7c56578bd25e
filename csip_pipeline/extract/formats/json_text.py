"""Strict JSON into rows of text: one object a row, numbers as they were written, nothing forgiven.

A line is one object (JSON lines) or several, one right after the other, as Amazon Data Firehose
writes them. What is not such an object is set aside by itself and costs no other row.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.compute as pc

from csip_pipeline.extract.formats.batches import schema_of
from csip_pipeline.extract.formats.json_strict import (
    FaultError,
    after_space,
    compact,
    first_object,
    next_object,
    with_numbers,
)
from csip_pipeline.extract.formats.table import Table, lines_of
from csip_pipeline.extract.formats.text import OTHER_END
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.records import Broken
    from csip_pipeline.extract.sources import Source

ROWS_AT_ONCE = 10_000
MOST_NAMES = 2_000
"""So many names are remembered, to suggest one like the one that is missing."""
HOPELESS = 2_000
"""So many broken objects without a whole one mean that the file is something else."""

NUL = "holds a NUL character"
ABSENT = object()
WORDS = {True: "true", False: "false"}


@dataclass
class JsonRows:
    """The objects of a file as rows of the wanted cells.

    wanted names the path of each column: a name, or names joined by dots (`Queue.Duration`; a
    place in an array is its number from 0). A name that holds the dots itself wins. A number is
    its literal text, true and false are words, null and what is absent are empty, and an object
    or array is compact JSON.

    Once `batches` has been read, `broken` holds what was set aside (source_row, column, promise,
    text) and lines with nothing on them are counted in `blank`.
    """

    file_name: str
    wanted: Mapping[str, str]
    needed: Collection[str] = ()
    """The paths that at least one object must have."""
    broken: list[Broken] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    seen: set[str] = field(default_factory=set)
    """Names that objects have, kept while a needed one is still to be seen."""

    def __post_init__(self) -> None:
        """Take the needed paths as not seen yet."""
        self._paths = [(path, tuple(path.split("."))) for path in self.wanted.values()]
        self._unseen = set(self.needed)
        self._last = 0

    def batches(self, numbered_lines: Iterable[tuple[int, str]]) -> Iterator[pa.RecordBatch]:
        """Every object, in batches of source_row, c0, c1... in the order of the wanted.

        An object's number is its line's; further objects of a line are counted on from there.
        Raises RefusedError where no row is to be had, or a needed name is in no object.
        """
        numbers: list[int] = []
        cells: list[str] = []
        for line_number, line in numbered_lines:
            for number, found in self._objects(line_number, line):
                numbers.append(number)
                cells += found
                if len(numbers) == ROWS_AT_ONCE:
                    yield self._batch(numbers, cells)
                    numbers, cells = [], []
        if numbers:
            yield self._batch(numbers, cells)
        if not self.rows:
            raise self._no_rows()
        if self._unseen:
            raise self._no_name(next(path for path in self.needed if path in self._unseen))

    def _objects(self, line_number: int, line: str) -> Iterator[tuple[int, list[str]]]:
        at = after_space(line, 0)
        if at == len(line):
            self.blank += 1
            return
        if line[at] == "[" and not self._last:
            raise self._an_array()
        while at < len(line):
            self._last = max(line_number, self._last + 1)
            try:
                named, end = first_object(line, at)
                cells = self._cells(named, line, at, end)
            except FaultError as fault:
                end = next_object(line, at)
                self.broken.append((self._last, "", str(fault), line[at:end]))
                if not self.rows and len(self.broken) > HOPELESS:
                    raise self._no_rows() from None
            else:
                self.rows += 1
                yield self._last, cells
            at = after_space(line, end)

    def _cells(self, named: dict[str, object], line: str, at: int, end: int) -> list[str]:
        if self._unseen:
            self._look_for(named)
        values = [named.get(path, ABSENT) for path, _ in self._paths]
        for place, value in enumerate(values):
            if type(value) is not str:
                values[place] = self._text(value, self._paths[place][1], named, line, at)
        if line.find("\\u0000", at, end) >= 0 and any(
            "\x00" in cast("str", value) for value in values
        ):
            raise FaultError(NUL)
        return cast("list[str]", values)

    def _text(
        self, value: object, parts: tuple[str, ...], named: dict[str, object], line: str, at: int
    ) -> str:
        if value is ABSENT and len(parts) > 1:
            outer = named.get(parts[0])
            if type(outer) is dict and not parts[2:]:  # most of them, told apart quickly
                value = outer.get(parts[1], ABSENT)
            elif outer is not None or parts[2:]:
                value = _found(named, parts)
        if isinstance(value, str):
            return value
        if isinstance(value, dict | list):
            return compact(_found(with_numbers(line, at), parts))
        return "" if value is None or value is ABSENT else WORDS[value is True]

    def _look_for(self, named: dict[str, object]) -> None:
        if len(self.seen) < MOST_NAMES:
            self.seen.update(islice(_names(named), MOST_NAMES))
        self._unseen = {
            path for path in self._unseen if _found(named, tuple(path.split("."))) is ABSENT
        }

    def _batch(self, numbers: list[int], cells: list[str]) -> pa.RecordBatch:
        width = len(self._paths)
        columns = [
            pc.utf8_trim_whitespace(pa.array(cells[place::width], pa.string()))
            for place in range(width)
        ]
        return pa.RecordBatch.from_arrays(
            [pa.array(numbers, pa.int64()), *columns], schema=schema_of(width)
        )

    def _no_rows(self) -> RefusedError:
        what = f"{len(self.broken):,} lines, none of them an object" if self.broken else "no row"
        return RefusedError(
            f"{self.file_name} has {what}. Zero rows is a failed extract, not a quiet month: ask "
            "the supplier to send it again, as JSON lines (each object whole on a line of its own)."
        )

    def _no_name(self, path: str) -> RefusedError:
        near = difflib.get_close_matches(path, sorted(self.seen), n=1, cutoff=0.5)
        hint = f'The nearest is "{near[0]}". ' if near else ""
        return RefusedError(
            f'{self.file_name}: none of its objects has the name "{path}". {hint}Check the mapping '
            "and the pattern of files in feeds.toml."
        )

    def _an_array(self) -> RefusedError:
        return RefusedError(
            f"{self.file_name} is one JSON array, in which one damaged object would cost all of "
            "them. Ask the supplier for JSON lines: each object on a line of its own, without "
            "commas or square brackets around them."
        )


def table_of(path: Path, source: Source, rows: JsonRows) -> Table:
    """A file's objects as a table with the columns that its rows are wanted for."""
    lines = (
        (number, line.removesuffix(OTHER_END))
        for chunk in lines_of(path, source).chunks()
        for number, line in enumerate(chunk.text.split("\n"), chunk.first)
    )
    return Table(path, list(rows.wanted), rows.batches(lines), rows.broken)


def _found(value: object, parts: tuple[str, ...]) -> object:
    """What stands at a path, or ABSENT."""
    if isinstance(value, dict):
        for taken in range(len(parts), 0, -1):
            inner = value.get(".".join(parts[:taken]), ABSENT)
            if inner is not ABSENT:
                rest = parts[taken:]
                inner = _found(inner, rest) if rest else inner
            if inner is not ABSENT:
                return inner
    elif isinstance(value, list) and parts[0].isascii() and parts[0].isdecimal():
        place, rest = int(parts[0]), parts[1:]
        if place < len(value):
            return _found(value[place], rest) if rest else value[place]
    return ABSENT


def _names(named: dict[str, object], before: str = "") -> Iterator[str]:
    for name, value in named.items():
        yield before + name
        if isinstance(value, dict):  # no deeper than DEEPEST
            yield from _names(value, f"{before}{name}.")
