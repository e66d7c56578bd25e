"""Take contact points out of a canonical copy: of somebody named, or of whoever is marked.

A row stays a row, with nothing where its contact point was: it counts like that of a withheld
number. The text of a row at fault goes where it holds one, and the fault stays.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from csip_pipeline import durable, warehouse
from csip_pipeline.contact_points import contact_point
from csip_pipeline.extract import keyed
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.marks import Marks
from csip_pipeline.phones import PhoneRule
from csip_pipeline.pseudonyms import Purpose
from csip_pipeline.warehouse import Connection
from csip_pipeline.written_forms import Point, replaced, together

LOG_FIELDS = {f"data_{number}": "phone" for number in range(1, 6)}
"""What an Asterisk queue log says of an event: the caller's number among it."""
TOKEN = re.compile(r"[+(]?\d[\d ().\-]{5,}\d|[^\s\"',;|<>\[\]{}\t]+")
"""What may be a contact point in the text of a row that could not be read."""
POINTS = pa.schema([("kind", pa.string()), ("contact_point", pa.string())])
READ = "read_parquet('{}', hive_partitioning = false)"


@dataclass
class Redacted:
    """What taking contact points out of copies came to."""

    rows: int = 0
    """Rows that held one of them."""
    beside: set[Point] = field(default_factory=set)
    """Other contact points that stand in the same rows: perhaps the same person's."""


def of_marked(folder: Path, feed: Feed, rule: PhoneRule, marks: Marks) -> int:
    """Take whoever is marked out of a copy that was just made, and return how many rows had them.

    The marks alone are known: each contact point of the copy is keyed and looked up.
    """
    if not marks.held:
        return 0
    found: set[Point] = set()
    with opened(folder) as con:
        con.register("marks", pa.table({"mark": sorted(marks.held)}))
        for column, kind in _contact_columns(con, folder, feed).items():
            _key(con, folder, column, kind, rule, marks.key)
            hits = con.execute(
                f"select distinct contact_point from keyed_{column} "
                "semi join marks on person_key = mark"
            ).fetchall()
            found |= {Point(kind, point) for (point,) in hits}
        texts = con.execute(f"select distinct row from {_read(folder, 'faults')}").fetchall()
        kinds = set(feed.contact_points.values())
        for text in {row for (row,) in texts if row}:
            found |= {point for point in named(text, kinds, rule) if marks.are_of(point)}
        return redact(con, folder, feed, rule, found).rows if found else 0


def redact(  # noqa: PLR0913 - what is taken out of which copy, and how it is read
    con: Connection,
    folder: Path,
    feed: Feed,
    rule: PhoneRule,
    points: set[Point],
    *,
    is_trial: bool = False,
) -> Redacted:
    """Take contact points out of a canonical copy. It is rewritten only where it holds any.

    A trial changes nothing, and says what it would come to.
    """
    rows = [{"kind": one.kind, "contact_point": one.point} for one in sorted(points)]
    con.register("points", pa.Table.from_pylist(rows, POINTS))
    columns = _contact_columns(con, folder, feed)
    for column, kind in columns.items():
        _key(con, folder, column, kind, rule, b"")
        con.execute(
            f"create or replace temporary table hits_{column} as select as_given "
            f"from keyed_{column} semi join points on points.kind = '{kind}' "
            f"and points.contact_point = keyed_{column}.contact_point"
        )
    beside = _beside(con, folder, columns) - points
    held = _rewrite(con, folder / "records.parquet", columns, points, is_trial=is_trial)
    held += _rewrite(con, folder / "faults.parquet", {}, points, is_trial=is_trial)
    return Redacted(held, beside)


def count_in(folder: Path, rows: int) -> None:
    """Keep with a copy how many of its rows somebody was taken out of."""
    path = folder / "file.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["erased"] = about.get("erased", 0) + rows
    durable.put(path, json.dumps(about).encode())


def named(text: str, kinds: set[str], rule: PhoneRule) -> set[Point]:
    """Whatever in a text may be a contact point of one of the kinds."""
    found = set()
    for token in set(TOKEN.findall(text)):
        for kind in kinds:
            point = contact_point(kind, token, PhoneRule("possible", rule.region))
            found |= {Point(kind, point)} if point else set()
    return found


@contextmanager
def opened(folder: Path) -> Iterator[Connection]:
    """A database in memory for the copies of a folder, which takes what does not fit."""
    with warehouse.connected(Path(":memory:"), spill=folder) as con:
        yield con


def _read(folder: Path, name: str) -> str:
    return READ.format(warehouse.exactly(folder / f"{name}.parquet").replace("'", "''"))


def _texts(con: Connection, folder: Path, name: str) -> list[str]:
    described = con.execute(f"describe from {_read(folder, name)}").fetchall()
    return [row[0] for row in described if row[1] == "VARCHAR"]


def _contact_columns(con: Connection, folder: Path, feed: Feed) -> dict[str, str]:
    """The columns of a copy that hold contact points, and their kinds."""
    there = _texts(con, folder, "records")
    held = feed.contact_points | LOG_FIELDS
    return {column: kind for column, kind in held.items() if column in there}


def _key(  # noqa: PLR0913, PLR0917 - which column of which copy, and how it is keyed
    con: Connection, folder: Path, column: str, kind: str, rule: PhoneRule, key: bytes
) -> None:
    """Make keyed_<column>: as_given, contact_point and person_key, which is here its mark."""
    con.execute(
        f'create or replace temporary table given as select distinct "{column}" as as_given '
        f'from {_read(folder, "records")} where "{column}" is not null'
    )
    possible = PhoneRule("possible", rule.region)
    keyed.key_texts(con, key, kind, possible, f"keyed_{column}", Purpose.ERASED)


def _beside(con: Connection, folder: Path, columns: dict[str, str]) -> set[Point]:
    """Every contact point of the rows that are hit."""
    is_hit = " or ".join(f'"{one}" in (select as_given from hits_{one})' for one in columns)
    found: set[Point] = set()
    for column, kind in columns.items():
        query = (
            f"select distinct contact_point from {_read(folder, 'records')} "
            f'inner join keyed_{column} on "{column}" = as_given where {is_hit}'
        )
        found |= {Point(kind, point) for (point,) in con.execute(query).fetchall()}
    return found


def _rewrite(
    con: Connection, path: Path, columns: dict[str, str], points: set[Point], *, is_trial: bool
) -> int:
    """Write a file of the copy anew without the points, and return how many rows had them."""
    given = {"pattern": together(points)}
    conditions, values = [], []
    for text in _texts(con, path.parent, path.stem):
        is_hit = f'regexp_matches("{text}", $pattern)'
        if text in columns:
            is_hit += f' or "{text}" in (select as_given from hits_{text})'
            value = "''"
        else:
            value = "null" if text == "row" else replaced(f'"{text}"', points)
        conditions.append(f"coalesce({is_hit}, false)")
        values.append(f'if({conditions[-1]}, {value}, "{text}") as "{text}"')
    read = _read(path.parent, path.stem)
    counted = f"select count(*) from {read} where {' or '.join(conditions)}"
    ((rows,),) = con.execute(counted, given).fetchall()
    if rows and not is_trial:
        half = durable.half_of(path)
        to = str(half).replace("'", "''")
        con.execute(
            f"copy (select * replace ({', '.join(values)}) from {read}) to '{to}' "
            "(format parquet, compression zstd)",
            given,
        )
        durable.take_place(half, path)
    return int(rows)
