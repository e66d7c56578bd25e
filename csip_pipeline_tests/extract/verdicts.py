"""What the real reader and the real promises make of many small files, and a word for each.

A file a connection and a query each would take minutes: the rows of many files, each read by
itself, are typed by one query and held to their promise at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pollution import COLUMNS, NAME, Polluted, Values, calls, keeps_schema

from csip_pipeline import promises, warehouse
from csip_pipeline.extract.formats.table import Table
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError

ROOM = 10_000
"""The lines that one file may have, so that a line's number also says whose it is."""
AT_ONCE = 400
PRIVATE = {cell for call in calls() for cell in call.cells if len(cell) > len("General")}
REFUSED = "whole file refused"
BREAKING = "SILENTLY WRONG AND BREAKING THE SCHEMA"
SILENT = "SILENTLY WRONG"
COSTLY = "COSTS OTHER ROWS"
QUOTING = "QUOTES A VALUE"


@dataclass
class Outcome:
    """What became of one file."""

    refused: str = ""
    kept: dict[int, Values] = field(default_factory=dict)
    """The values of each row kept, by its line."""
    quarantined: dict[int, list[str]] = field(default_factory=dict)
    """What is said of each line in quarantine."""


def read(source: Source, folder: Path, texts: Iterable[str | bytes]) -> Iterator[Outcome]:
    """What becomes of each file."""
    remaining = iter(texts)
    with warehouse.connected(Path(":memory:")) as con:
        while some := list(islice(remaining, AT_ONCE)):
            yield from _read_at_once(con, source, folder / NAME, some)


def _read_at_once(
    con: warehouse.Connection, source: Source, path: Path, texts: list[str | bytes]
) -> list[Outcome]:
    outcomes = [Outcome() for _ in texts]
    together: dict[tuple[str, ...], list[pa.RecordBatch]] = {}
    for number, text in enumerate(texts):
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        try:
            table = source.format.open(path, source)
            batches = [_moved(batch, number * ROOM) for batch in table.batches]
        except RefusedError as refusal:
            outcomes[number].refused = str(refusal)
            continue
        together.setdefault(tuple(table.header), []).extend(batches)
        for line, column, promise, _ in table.broken:
            _told(outcomes[number], line, column, promise)
    for header, batches in together.items():
        _judge(con, source, header, batches, outcomes)
    for outcome in outcomes:
        if not outcome.refused and not outcome.kept:  # as the canonical copy does
            outcome.refused = "no row has a date that can be read"
    return outcomes


def _moved(batch: pa.RecordBatch, by: int) -> pa.RecordBatch:
    lines = pa.array([line + by for line in batch["source_row"].to_pylist()], pa.int64())
    return pa.RecordBatch.from_arrays([lines, *batch.columns[1:]], schema=batch.schema)


def _judge(
    con: warehouse.Connection,
    source: Source,
    header: tuple[str, ...],
    batches: list[pa.RecordBatch],
    outcomes: list[Outcome],
) -> None:
    """Type the rows of the files that have this header, and hold them to their promise."""
    table = Table(Path(NAME), list(header), iter(batches))
    table.lay_out(con)
    try:
        judged = source.format.judge(con, table, source)
    except RefusedError as refusal:
        for number in {
            line // ROOM for batch in batches for line in batch["source_row"].to_pylist()
        }:
            outcomes[number].refused = str(refusal)
        return
    con.execute(f"create or replace temporary table judged as {judged.query}")
    faulty = "select source_row, unnest(faults) as fault from judged where len(faults) > 0"
    for place, fault in con.execute(faulty).fetchall():
        _told(outcomes[place // ROOM], place % ROOM, fault["column"], fault["promise"])
    promised = promises.duckdb_columns(source.feed.delivered)
    whole = f"select source_row, {', '.join(promised)} from judged where len(faults) = 0"
    rows = con.execute(f"{whole} order by source_row").df()
    broken = promises.failures(rows[list(promised)], source.feed.delivered)
    places = rows["source_row"].to_numpy()
    for position, column, promise in broken.itertuples(index=False):
        place = int(places[position])
        _told(outcomes[place // ROOM], place % ROOM, column, promise)
    told = f"select source_row, {', '.join(COLUMNS)} from ({whole})"
    for place, *values in con.execute(told).fetchall():
        outcome = outcomes[place // ROOM]
        if place % ROOM not in outcome.quarantined:
            outcome.kept[place % ROOM] = tuple(values)


def _told(outcome: Outcome, line: int, column: str, promise: str) -> None:
    outcome.quarantined.setdefault(line, []).append(f"{column} {promise}".strip())


def verdict(file: Polluted, outcome: Outcome) -> str:
    """What became of a file: of its damaged row, and of all others."""
    if outcome.refused:
        return QUOTING if _quotes(outcome.refused) else REFUSED
    row_of = {
        line: row for row, (first, last) in enumerate(file.spans) for line in range(first, last + 1)
    }
    whole = set(range(1, len(file.spans))) - file.damaged
    kept = Counter(row_of.get(line, 0) for line in outcome.kept)
    stood_for = {
        row
        for row, (first, last) in enumerate(file.spans)
        if outcome.quarantined.keys() & set(range(first, last + 1))
    }
    wrong = [
        values
        for line, values in outcome.kept.items()
        if not _is_right(file, row_of.get(line, 0), values)
    ]
    lost = set(range(1, len(file.spans))) - set(kept) - stood_for
    if not all(keeps_schema(values) for values in wrong):
        return BREAKING
    if wrong or lost or max(kept.values()) > 1:
        return SILENT
    if not whole <= set(kept) or (stood_for & whole and not file.kind.costs_nothing):
        return COSTLY
    told = [reason for reasons in outcome.quarantined.values() for reason in reasons]
    if any(_quotes(reason) for reason in told):
        return QUOTING
    return "read right" if file.damaged <= set(kept) else "quarantined"


def _is_right(file: Polluted, row: int, values: Values) -> bool:
    if not row:
        return False
    expected = calls()[row - 1].values
    if not file.kind.adds_a_break or row != file.row:
        return values == expected
    return _unbroken(values) == _unbroken(expected)


def _unbroken(values: Values) -> Values:
    return tuple("".join(value.split()) if isinstance(value, str) else value for value in values)


def _quotes(told: str) -> bool:
    """Whether a message repeats what stands in a row."""
    return any(text in told for text in PRIVATE)
