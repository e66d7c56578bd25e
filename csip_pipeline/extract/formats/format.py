"""What a format is: a reader of files, and a query that turns what it read into a feed's rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source


@dataclass(frozen=True)
class Reading:
    """Every row of one file, and what is wrong with those that cannot be used.

    records has a row for every row received, with source_row (1 is the first row of the file),
    entity (what the row is about: a call, a form), month (null where unreadable), disposition
    (`read`, `quarantined` or `out_of_scope`) and the format's own columns.
    faults has source_row, column, promise (what was broken) and row (the row itself, restricted).
    """

    records: pd.DataFrame | pa.Table
    faults: pd.DataFrame
    received: int
    last_moment: pd.Timestamp | None
    """The latest moment the file speaks of: when it was extracted, if nothing better says so."""
    in_repeated_hour: int = 0
    """Rows whose clock time happened twice, because the clocks went back."""
    in_missing_hour: int = 0
    """Rows whose clock time never happened, because the clocks went forward."""


@dataclass(frozen=True)
class Format:
    """One way of writing a feed.

    assemble names the query that turns `records` into the feed's rows, each with `month` and
    `origin`, the list of {file_id, source_row} it was made from.
    """

    name: str
    read: Callable[[Path, Source], Reading]
    assemble: str
    feed: str | None = None
    """The only feed it can hold; None for the mapped formats."""
    options: frozenset[str] = frozenset()
    """The keys it adds to a source of feeds.toml."""
    linked_to: str | None = None
    """A list, as an SQL expression over a record, of other entities that belong together with its
    own (the post it replies to); None where an entity stands alone."""


FAULT_COLUMNS = ["source_row", "column", "promise", "row"]


def faults_of(rows: list[tuple[int, str, str, str]]) -> pd.DataFrame:
    """Faults as a frame, also when there are none."""
    return pd.DataFrame(rows, columns=FAULT_COLUMNS).astype(
        {"source_row": "int64", "column": "str", "promise": "str", "row": "str"}
    )
