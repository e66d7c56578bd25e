"""Take people out of files of ours: workbooks, tables in Parquet, and text."""

import io
import re
import zipfile
from pathlib import Path

from csip_pipeline import durable, warehouse
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.written_forms import InBytes, replaced, together

PARQUET = "read_parquet('{}', hive_partitioning = false)"


def take_out(path: Path, wanted: Wanted) -> int:
    """Take people out of a file, and return how many of its parts or rows had them.

    A row of a table in text goes. Elsewhere the words are replaced, and all around them stays: a
    worklist can still come back.
    """
    if path.suffix == ".parquet":
        return _parquet(path, wanted)
    given = path.read_bytes()
    looking_for = InBytes(wanted.points, wanted.keys)
    if zipfile.is_zipfile(path):
        changed, content = _package(given, wanted)
    elif path.suffix == ".csv":
        lines = given.splitlines(keepends=True)
        kept = [line for line in lines if not looking_for.count(line)]
        changed, content = len(lines) - len(kept), b"".join(kept)
    else:
        content = without(given, wanted)
        changed = int(content != given)
    if changed:
        durable.put(path, content)
    return changed


def without(content: bytes, wanted: Wanted) -> bytes:
    """Bytes of text with other words in place of people."""
    patterns = [re.compile(point.pattern.encode()) for point in sorted(wanted.points)]
    for key in _keys(wanted):
        content = content.replace(key, b"erased")
    for pattern in patterns:
        while (said := pattern.sub(rb"\g<1>erased\g<3>", content)) != content:
            content = said
    return content


def _keys(wanted: Wanted) -> list[bytes]:
    return [key.encode() for key in sorted(wanted.keys)]


def _package(given: bytes, wanted: Wanted) -> tuple[int, bytes]:
    """A package with each of its parts without people; how many parts had them."""
    changed, target = 0, io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(given)) as before, zipfile.ZipFile(target, "w") as after:
        for entry in before.infolist():
            part = before.read(entry)
            said = without(part, wanted)
            changed += said != part
            after.writestr(entry, said, entry.compress_type)
    return changed, target.getvalue()


def _parquet(path: Path, wanted: Wanted) -> int:
    points = set(wanted.points)
    read = PARQUET.format(warehouse.exactly(path).replace("'", "''"))
    with warehouse.connected(Path(":memory:"), spill=path.parent) as con:
        described = con.execute(f"describe from {read}").fetchall()
        texts = [row[0] for row in described if row[1] == "VARCHAR"]
        if not texts:
            return 0
        is_in = " or ".join(f'regexp_matches("{name}", $pattern)' for name in texts)
        given = {"pattern": together(points)}
        counted = con.execute(f"select count(*) from {read} where {is_in}", given).fetchall()
        if not counted[0][0]:
            return 0
        values = ", ".join(
            f'{replaced(chr(34) + name + chr(34), points)} as "{name}"' for name in texts
        )
        half = durable.half_of(path)
        to = str(half).replace("'", "''")
        con.execute(f"copy (select * replace ({values}) from {read}) to '{to}' (format parquet)")
    durable.take_place(half, path)
    return int(counted[0][0])
