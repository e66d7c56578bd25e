"""What a table is made of, and how it is rebuilt: month by month, or as a whole."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from csip_pipeline import calendars, promises
from csip_pipeline.parsed_queries import tables_read
from csip_pipeline.warehouse import Connection, ensure, read_query, replace_month, replace_table

MADE_ROWS = "select * from made_rows"
RULES_OF_THE_DAY: dict[str, object] = {"rules_of": None}
"""Each contact is judged by the rules of its own day; a date judges all by that day's instead."""
Made = Callable[[Connection, dt.date | None], pd.DataFrame]
"""Rows of a month of a table, or of the whole of one that is a history."""


@dataclass(frozen=True)
class Table:
    """A table rebuilt month by month: its name, its promise and the query files that fill it."""

    name: str
    promise: type[promises.Promise]
    queries: tuple[str, ...]
    made: Made | None = None
    """How its rows are made of what the queries select, where SQL says it badly; else by them."""
    looks_at: tuple[int, ...] = (0,)
    """The months that a month of it rests on, counted from it: 1 is the month after it."""
    is_history: bool = False
    """Whether it is made as a whole from every month, and replaced as a whole."""

    @property
    def reads(self) -> set[str]:
        """Every schema.table that its queries read."""
        return {table for query in self.queries for table in tables_read(read_query(query))}


def rebuild(con: Connection, table: Table, month: dt.date) -> int:
    """Replace a month of a table with what its queries select, and return the row count."""
    if table.made is None:
        queries = [read_query(query) for query in table.queries]
        return replace_month(
            con, table.name, table.promise, queries, month, parameters=RULES_OF_THE_DAY
        )
    with _registered(con, table.made(con, month)):
        return replace_month(con, table.name, table.promise, MADE_ROWS, month)


def rebuild_touched(con: Connection, table: Table, month: dt.date) -> dict[dt.date, int]:
    """Rebuild a month, and every other month of the table that rests on it; the rows of each.

    Other months are rebuilt only where they were built before.
    """
    ensure(con, table.name, table.promise)
    others = {calendars.months_after(month, -offset) for offset in table.looks_at} - {month}
    built = con.execute(f"select distinct month from {table.name}").fetchall()
    touched = [month, *sorted(others & {other for (other,) in built})]
    return {one: rebuild(con, table, one) for one in touched}


def rebuild_history(con: Connection, table: Table) -> int:
    """Replace a table that is made of every month, and return the row count."""
    if table.made is None:
        (query,) = table.queries
        return replace_table(con, table.name, table.promise, read_query(query))
    with _registered(con, table.made(con, None)):
        return replace_table(con, table.name, table.promise, MADE_ROWS)


@contextmanager
def _registered(con: Connection, rows: pd.DataFrame) -> Iterator[None]:
    """Rows made in Python, where queries find them as `made_rows`."""
    con.register("made_rows", pa.Table.from_pandas(rows, preserve_index=False))
    try:
        yield
    finally:
        con.unregister("made_rows")
