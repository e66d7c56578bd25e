"""What a figure was made by and from: query files, rules and extracts, as its manifest has them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from csip_pipeline import calendars
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.monthly_tables import Table
from csip_pipeline.parsed_queries import tables_read
from csip_pipeline.publish.edition_bases import INPUTS, Basis
from csip_pipeline.publish.tracing.declaring import Traced
from csip_pipeline.publish.tracing.selections import Selection, query_of
from csip_pipeline.warehouse import Connection, fetch, fetch_arrow, read_query

PACKAGE = "csip_pipeline"
DERIVED = {"open_intervals": "opening_hours"}
"""Reference tables that are laid out from another's file."""
OF_A_TABLE: dict[str, Table] = {table.name: table for table in TABLES}


@dataclass(frozen=True)
class Source:
    """A query or a reference file that decides a figure, and its SHA-256 at publication.

    That of a reference file is the hash of its rows in any order. None where the manifest does not
    list it. `is_same_now` says whether today's is the same.
    """

    file: str
    sha256: str | None
    is_same_now: bool | None


@dataclass(frozen=True)
class Standard:
    """A service standard by which the figure's contacts were judged, in its own words."""

    standard_id: str
    wording: str
    citation: str
    clock: str
    boundary: str
    within_seconds: int | None
    target_share: float | None
    applies_from_on: dt.date
    applies_until_on: dt.date | None


@dataclass(frozen=True)
class Input:
    """An extract behind the figure: how many of its rows each month rests on."""

    file: str
    sha256: str
    feed: str
    accepted: dict[str, int]
    is_in_manifest: bool
    """True of the cycle's own months. What bears on others is told as the warehouse has it now."""


def queries(traced: Traced) -> tuple[str, ...]:
    """The query files by which the measured table is filled."""
    table = OF_A_TABLE.get(traced.measure)
    return traced.queries if table is None else table.queries


def of_queries(names: Iterable[str], then: Basis, now: Basis) -> tuple[Source, ...]:
    """The query files with their hashes."""
    return tuple(_source(f"{name}.sql", then, now, f"{PACKAGE}/") for name in names)


def of_rules(names: Iterable[str], then: Basis, now: Basis) -> tuple[Source, ...]:
    """The reference files that these queries read, with their hashes."""
    read = {table for name in names for table in tables_read(read_query(name))}
    short = {table.removeprefix("reference.") for table in read if table.startswith("reference.")}
    files = sorted({f"reference/{DERIVED.get(name, name)}.csv" for name in short})
    return tuple(_source(name, then, now) for name in files if name in now.rules)


def standards(con: Connection, asked: Selection | None) -> tuple[Standard, ...]:
    """The standards by which somebody was judged."""
    if asked is None:
        return ()
    return tuple(
        Standard(**row) for row in fetch_arrow(con, query_of(asked), asked.parameters).to_pylist()
    )


def months_looked_at(traced: Traced, months: Iterable[dt.date]) -> list[dt.date]:
    """The months of a figure, and those beside them on which its measure rests."""
    table = OF_A_TABLE.get(traced.measure)
    offsets = {0} if table is None or table.is_history else {0, *table.looks_at}
    return sorted({calendars.months_after(one, by) for one in months for by in offsets})


def inputs(
    con: Connection,
    listed: Iterable[Mapping[str, Any]],
    own: Iterable[dt.date],
    months: list[dt.date],
    feeds: set[str],
) -> tuple[Input, ...]:
    """The extracts of these feeds on which the months rest; of `own` months as listed."""
    keys, others = {f"{one:%Y-%m}" for one in months}, set(months) - set(own)
    kept = {f"{one:%Y-%m}" for one in own} & keys
    found = [
        Input(entry["file"], entry["sha256"], entry["feed"], accepted, is_in_manifest=True)
        for entry in listed
        if entry["feed"] in feeds
        and (accepted := {one: rows for one, rows in entry["accepted"].items() if one in kept})
    ]
    if others:
        span = {"first_month": min(others), "last_month": max(others)}
        came = fetch(con, read_query(INPUTS), span)
        is_asked = came["month"].dt.date.isin(others) & came["feed"].isin(feeds)
        found += [
            Input(
                row.file,
                row.sha256,
                row.feed,
                {f"{row.month:%Y-%m}": int(row.accepted)},
                is_in_manifest=False,
            )
            for row in came[is_asked].itertuples(index=False)
        ]
    return tuple(found)


def _source(name: str, then: Basis, now: Basis, before: str = "") -> Source:
    was = then.rules.get(name)
    return Source(f"{before}{name}", was, None if was is None else was == now.rules.get(name))
