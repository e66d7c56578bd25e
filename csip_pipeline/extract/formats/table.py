"""A file as a table of text: a header, rows of exactly as many cells, and what was set aside."""

from __future__ import annotations

import contextlib
import difflib
import itertools
import json
import queue
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from csip_pipeline.extract import declarations
from csip_pipeline.extract.declarations import Declared
from csip_pipeline.extract.formats import headers, trailers
from csip_pipeline.extract.formats.batches import schema_of, split_up
from csip_pipeline.extract.formats.dialects import Dialect
from csip_pipeline.extract.formats.records import Broken, Rows
from csip_pipeline.extract.formats.text import OTHER_END, Chunk, Lines
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source
    from csip_pipeline.warehouse import Connection

TEXT_OPTIONS = frozenset({"encoding", "lost_letters"})
TABLE_OPTIONS = TEXT_OPTIONS | declarations.TEXT_KEYS | {"delimiter", "quote", "escape", "fields"}
HOPELESS = 2_000
"""So many broken rows without a whole one mean that the dialect is another."""
AHEAD = 3
"""Batches that may wait while DuckDB works on an earlier one."""


@dataclass
class Table:
    """The rows of one file, in batches of source_row, c0, c1..., without white space around a cell.

    broken is complete once the batches have been read, and so is trailers. declared is what the
    lines before the header say.
    """

    path: Path
    header: list[str]
    batches: Iterator[pa.RecordBatch]
    broken: list[Broken] = field(default_factory=list)
    declared: Declared = field(default_factory=Declared)
    trailers: list[str] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        """The file's name, for messages."""
        return self.path.name

    def place(self, name: str) -> int | None:
        """Where a column stands, or None where the header does not name it."""
        return self.header.index(name) if name in self.header else None

    def nearest(self, name: str) -> str:
        """A sentence that suggests the column most like the one looked for, or nothing."""
        folded = {one.casefold(): one for one in self.header if one}
        near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
        return f'The nearest is "{folded[near[0]]}". ' if near else ""

    def lay_out(self, con: Connection) -> None:
        """Make `raw_cells`: source_row, c0, c1... A view that can be read once, in file order."""
        schema = schema_of(len(self.header))
        con.register("raw_cells", pa.RecordBatchReader.from_batches(schema, _ahead(self)))

    def finish(self) -> None:
        """Raise what went wrong while the batches were read, if anything did."""
        if self.failed:
            raise self.failed[0]


def delimited(path: Path, source: Source) -> Table:
    """CSV and its like. Raises RefusedError where no header, row or whole file is to be had."""
    dialect = Dialect(
        source.text("delimiter", ","), source.text("quote", '"'), source.text("escape", "")
    )
    lines = lines_of(path, source)
    chunks = lines.chunks()
    preamble, header, rest = headers.head(next(chunks), source, dialect, path.name)
    rows = Rows(dialect, len(header))
    declared = declarations.from_preamble(preamble, source, path.name)
    table = Table(path, header, iter(()), rows.broken, declared)
    table.batches = _rows(table, rows, _chained(rest, chunks), source)
    return table


def lines_of(path: Path, source: Source) -> Lines:
    """The lines of a text file, decoded as the source says."""
    lost = source.text("lost_letters", "refuse") == "quarantine"
    return Lines(path, source.text("encoding", "utf-8"), lost)


def log(path: Path, source: Source) -> Table:
    """A log: each line that holds anything is a row of one cell, `text`."""

    def batches() -> Iterator[pa.RecordBatch]:
        for chunk in lines_of(path, source).chunks():
            text = pc.replace_substring(chunk.lines, OTHER_END, "")
            batch = pa.RecordBatch.from_arrays([chunk.numbers, text], schema=schema_of(1))
            yield batch.filter(pc.not_equal(pc.utf8_trim_whitespace(text), ""))

    return Table(path, ["text"], batches())


def exactly(header_and_rows: Iterator[pa.RecordBatch], path: Path) -> Table:
    """A table whose reader gives rows of any width: held to the header's, which is the first."""
    batches = (batch for batch in header_and_rows if len(batch))
    first = next(batches, None)
    if first is None:
        raise no_rows(path.name, 0)
    header = headers.checked([str(name) for name in first["cells"][0].as_py()], path.name)
    table = Table(path, header, iter(()))
    table.batches = _of_the_width(table, itertools.chain([first.slice(1)], batches))
    return table


def require(table: Table, needed: Iterable[str], export: str) -> None:
    """Raise RefusedError where a column that every such export has is not there."""
    for name in needed:
        if name not in table.header:
            raise RefusedError(
                f'{table.file_name} has no column "{name}", so it is not {export}. '
                f"{table.nearest(name)}Check the pattern of files in feeds.toml."
            )


def no_rows(file_name: str, broken: int) -> RefusedError:
    """The refusal of a file with nothing that can be used."""
    what = f"{broken:,} lines, none of them a row with as many fields" if broken else "no row"
    return RefusedError(
        f"{file_name} has a header and {what}. Zero rows is a failed extract, not a quiet "
        "month: ask the supplier to send it again (or check the delimiter in feeds.toml)."
    )


def shown(cells: list[str]) -> str:
    """A row as quarantine keeps it."""
    return json.dumps(cells, ensure_ascii=False)


def _rows(
    table: Table, rows: Rows, chunks: Iterator[Chunk], source: Source
) -> Iterator[pa.RecordBatch]:
    trailer = re.compile(source.text("trailer", "")) if source.text("trailer", "") else None
    given = 0
    for chunk in chunks:
        given += chunk.count
        yield rows.of(trailers.without(chunk, trailer, table.trailers) if trailer else chunk)
        if not rows.rows and len(rows.broken) > HOPELESS:
            raise no_rows(table.file_name, len(rows.broken))
    yield rows.last()
    if not rows.rows:
        raise no_rows(table.file_name, len(rows.broken))
    told = rows.rows + rows.continued + rows.blank + len(rows.broken)
    if told != given:
        raise RefusedError(
            f"{table.file_name}: {given:,} lines came after the header but {told:,} are accounted "
            "for. Nothing was taken in; this is a fault of the reader, not of the file."
        )
    if trailer:
        trailers.hold(table.trailers, rows.rows + len(rows.broken), table.file_name)


def _of_the_width(table: Table, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    width, whole = len(table.header), 0
    for batch in batches:
        right = pc.equal(pc.list_value_length(batch["cells"]), width)
        wrong = batch.filter(pc.invert(right))
        for number, cells in zip(
            wrong["source_row"].to_pylist(), wrong["cells"].to_pylist(), strict=True
        ):
            fault = f"has {len(cells)} fields where the header has {width}"
            table.broken.append((number, "", fault, shown(cells)))
        kept = batch.filter(right)
        whole += len(kept)
        yield split_up(kept["source_row"], kept["cells"], schema_of(width))
    if not whole:
        raise no_rows(table.file_name, len(table.broken))


def _chained(first: Chunk, rest: Iterator[Chunk]) -> Iterator[Chunk]:
    if first.text:
        yield first
    yield from rest


def _ahead(table: Table) -> Iterator[pa.RecordBatch]:
    """The table's batches, made in a thread of their own while earlier ones are worked on.

    An error ends the stream and is kept for `finish`: DuckDB would make another of it.
    """
    made: queue.Queue[pa.RecordBatch | None] = queue.Queue(AHEAD)
    is_over = threading.Event()

    def put(batch: pa.RecordBatch | None) -> None:
        while not is_over.is_set():
            with contextlib.suppress(queue.Full):
                made.put(batch, timeout=1)
                return

    def make() -> None:
        try:
            for batch in table.batches:
                if is_over.is_set():
                    return
                put(batch)
        except BaseException as error:  # noqa: BLE001 - raised again by finish
            table.failed.append(error)
        put(None)

    threading.Thread(target=make, daemon=True).start()
    try:
        while (batch := made.get()) is not None:
            yield batch
    finally:
        is_over.set()
