"""Look for people in every byte of every store: in files as they are, and in what they pack.

A finding says where (store, file, table and column) and how often, never what.
"""

import gzip
import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from csip_pipeline import warehouse
from csip_pipeline.erasure import databases
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.refusals import shown
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection
from csip_pipeline.written_forms import InBytes

SHORT = 24
"""How much of a delivered file's hash stands in the name of its canonical copy."""
CHUNK = 16 << 20
OVERLAP = 1 << 10
"""Longer than any way of writing a contact point."""
PARQUET = "read_parquet('{}', hive_partitioning = false)"


@dataclass(frozen=True)
class Finding:
    """Somewhere in which somebody stands, and how often."""

    store: str
    """The first folder or file under the data folder, and under restricted/."""
    path: Path
    where: str
    """The table and column, the part of a package, `name`, or `bytes`."""
    count: int


def scan(
    settings: Settings, wanted: Wanted, opened: Mapping[Path, Connection] | None = None
) -> Iterator[Finding]:
    """Everywhere under the data folder in which any of the people stands.

    `opened` has the connections of databases that this process keeps open.
    """
    looking_for = InBytes(wanted.points, wanted.keys)
    with warehouse.connected(Path(":memory:")) as con:
        for path in stored(settings):
            held = chain(_written(path, looking_for), _in_rows(path, wanted, con, opened or {}))
            for where, count in held:
                if count:
                    yield Finding(store_of(settings, path), path, where, count)


def stored(settings: Settings) -> list[Path]:
    """Every file under the data folder, hidden and half-written ones too."""
    return [path for path in sorted(settings.data.rglob("*")) if path.is_file()]


def stores(settings: Settings) -> set[str]:
    """The names of the stores there are."""
    return {store_of(settings, path) for path in stored(settings)}


def store_of(settings: Settings, path: Path) -> str:
    """The store that a file belongs to: extracts, restricted/canonical, warehouse.duckdb..."""
    parts = path.relative_to(settings.data).parts
    depth = 2 if parts[0] == settings.restricted.name else 1
    return "/".join(parts[:depth])


def holds(path: Path, wanted: Wanted) -> bool:
    """Whether any of the people stands in the name or the bytes of a file, or in what it packs."""
    found = _written(path, InBytes(wanted.points, wanted.keys))
    return any(count for _, count in found)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(path: Path, looking_for: InBytes) -> Iterator[tuple[str, int]]:
    """How often somebody stands in a file's name, and in its bytes."""
    yield "name", looking_for.count(path.name.encode())
    yield "bytes", _in_file(path, looking_for)


def _in_rows(
    path: Path, wanted: Wanted, con: Connection, opened: Mapping[Path, Connection]
) -> Iterator[tuple[str, int]]:
    """How many rows of a table in Parquet, or of a database, hold somebody."""
    if path.suffix == ".parquet":
        read = PARQUET.format(warehouse.exactly(path).replace("'", "''"))
        described = con.execute(f"describe from {read}").fetchall()
        yield from _in_table(con, read, {row[0]: row[1] for row in described}, wanted)
    elif path.suffix == ".duckdb":
        with ExitStack() as stack:
            own = opened.get(path) or stack.enter_context(warehouse.connected(path, read_only=True))
            for table, columns in databases.tables(own).items():
                for where, count in _in_table(own, table, columns, wanted):
                    yield f"{table} {where}".replace('"', ""), count


def _in_table(
    con: Connection, table: str, columns: dict[str, str], wanted: Wanted
) -> Iterator[tuple[str, int]]:
    """How many rows hold somebody, by column: whatever holds text, lists and maps too."""
    texts = [name for name, kind in columns.items() if "VARCHAR" in kind or "BLOB" in kind]
    if texts:
        counts = ", ".join(
            f'count(*) filter (regexp_matches("{name}"::varchar, $pattern))' for name in texts
        )
        query = f"select {counts} from {table}"
        (row,) = con.execute(query, {"pattern": wanted.pattern}).fetchall()
        yield from zip(map(shown, texts), map(int, row), strict=True)


def _in_file(path: Path, looking_for: InBytes) -> int:
    """How often somebody stands in a file's bytes, and in those that it packs."""
    count = 0
    with path.open("rb") as file:
        before = b""
        while chunk := file.read(CHUNK):
            count += _in_bytes(before + chunk, looking_for)
            before = chunk[-OVERLAP:]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            count += sum(_in_bytes(package.read(name), looking_for) for name in package.namelist())
    elif path.suffix == ".gz":
        with gzip.open(path) as packed:
            count += _in_bytes(packed.read(), looking_for)
    return count


def _in_bytes(given: bytes, looking_for: InBytes) -> int:
    """Text in UTF-16 reads like text in UTF-8 once its noughts are left out."""
    count = looking_for.count(given)
    return count or (looking_for.count(given.replace(b"\0", b"")) if b"\0" in given else 0)
