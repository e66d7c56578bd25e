"""What a worked example is, and one comparison of what its extract holds with what we found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

Figure = float | str


@dataclass(frozen=True)
class Check:
    """A figure counted from the extract, and the same figure in the warehouse."""

    what: str
    expected: Figure
    found: Figure

    @property
    def agrees(self) -> bool:
        """Exactly: nothing here is rounded but what the extract itself rounds."""
        return self.expected == self.found


@dataclass(frozen=True)
class Example:
    """A folder of docs/examples, the extract it is for, and the checks of what comes of it."""

    name: str
    extract: str
    """The extract, under the folder of extracts."""
    feed: str
    cycles: tuple[str, ...]
    checks: Callable[[duckdb.DuckDBPyConnection, Path], Iterator[Check]]


def row_by_row(what: str, expected: pd.Series, found: pd.Series) -> Check:
    """How many rows say the same in both, of all the rows that are in either."""
    both = pd.concat({"expected": expected, "found": found}, axis=1)
    return Check(f"{what}, row by row", len(both), int((both["expected"] == both["found"]).sum()))


def one_figure(con: duckdb.DuckDBPyConnection, query: str) -> float:
    """The only figure of a query's only row; 0 where it is null."""
    ((figure,),) = con.execute(query).fetchall()
    return float(figure or 0)


def table(con: duckdb.DuckDBPyConnection, query: str, key: str) -> pd.DataFrame:
    """A query's rows by their key."""
    return con.execute(query).df().set_index(key)
