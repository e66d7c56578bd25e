"""What a format is: a reader of files, and two queries that turn what it read into rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.table import Table
    from csip_pipeline.extract.sources import Source
    from csip_pipeline.warehouse import Connection


@dataclass(frozen=True)
class Judged:
    """The query that types and judges a file's rows, and what it is asked with.

    Its columns are source_row, entity (what the row is about: a call, a form), month (null where
    it cannot be told), disposition (`read` or `out_of_scope`), faults (a list of column and
    promise), happened_at (the latest moment that the row speaks of), and the format's own.
    """

    query: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    rows: str | None = None
    """The table that keeps the rows as read; None where the query reads the stream itself, and
    then gives each row at fault as `row`, and counts clock changes by in_repeated_hour and
    in_missing_hour."""


@dataclass(frozen=True)
class Format:
    """One way of writing a feed.

    open reads a file as a table of text; judge says how its rows (`raw_cells`: source_row, c0,
    c1...) are typed and judged.

    assemble names the query that turns such records into the feed's rows, each with `month` and
    `origin`, the list of {file_id, source_row} it was made from.
    """

    name: str
    open: Callable[[Path, Source], Table]
    judge: Callable[[Connection, Table, Source], Judged]
    assemble: str
    feed: str | None = None
    """The only feed it can hold; None for the mapped formats."""
    options: frozenset[str] = frozenset()
    """The keys it adds to a source of feeds.toml."""
    unsaid: Callable[[Mapping[str, object]], str | None] = lambda _: None
    """What a source's options leave unsaid that the format cannot do without, if anything."""
    linked_to: str | None = None
    """A list, as an SQL expression over a record, of other entities that belong together with its
    own (the post it replies to); None where an entity stands alone."""
    one_row_each: bool = False
    """Whether each record makes one row of the feed by itself."""
