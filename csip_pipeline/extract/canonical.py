"""Our own typed copy of a delivered file: records, faults and entities, written once.

It is a folder under restricted/canonical named after the file's SHA-256 and after how it was read,
so that a file is read once, and read again when its mapping or reader changes.
"""

import hashlib
import json
import shutil
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from csip_pipeline import warehouse
from csip_pipeline.extract.formats.format import Reading
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

HOME_MONTH = """
    select month::date from read_records
    where month is not null
    group by all
    order by count(*) desc, 1
    limit 1
"""


def folder_of(settings: Settings, source: Source, sha256: str) -> Path:
    """Where the canonical copy of a file stands, or will."""
    return settings.canonical / source.feed.name / f"{sha256[:24]}-{_fingerprint(source)}"


def write(source: Source, path: Path, folder: Path) -> None:
    """Read a file into its canonical copy.

    The copy is made beside its place, then moved there: half a copy is never seen.
    """
    reading = source.format.read(path, source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        written = Path(making) / "copy"
        written.mkdir()
        about = _write_parquet(reading, source, written, path.name)
        (written / "file.json").write_text(json.dumps(about), encoding="utf-8")
        _move(written, folder)


def _move(written: Path, folder: Path) -> None:
    """Put a copy in its place, unless another process has put the same one there meanwhile."""
    if not (folder / "file.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
    try:
        written.rename(folder)
    except OSError:
        if not (folder / "file.json").exists():
            raise


def _write_parquet(reading: Reading, source: Source, folder: Path, name: str) -> dict[str, object]:
    with warehouse.connected(Path(":memory:")) as con:
        con.register("read_records", reading.records)
        con.register("read_faults", reading.faults)
        found = con.execute(HOME_MONTH).fetchall()
        if not found:
            left_out = "select bool_and(disposition = 'out_of_scope') from read_records"
            is_unworked = con.execute(left_out).fetchall()[0][0]
            raise _nothing_yet(name) if is_unworked else _no_month(reading, name)
        home = found[0][0]
        con.execute(
            "create table records as select * replace (coalesce(month::date, $home) as month) "
            "from read_records order by source_row",
            {"home": home},
        )
        con.execute("create table faults as select * from read_faults order by source_row")
        con.execute(f"create table entities as {_entities(source.format.linked_to)}")
        for table in ("records", "faults", "entities"):
            con.execute(f"copy {table} to '{_quoted(folder / table)}.parquet' (compression zstd)")
        months = con.execute("select month, count(*) from records group by 1 order by 1").fetchall()
    accounted_for = sum(rows for _, rows in months)
    if accounted_for != reading.received:
        raise RefusedError(
            f"{name}: {reading.received} rows were received but {accounted_for} were accounted "
            "for. Nothing was taken in; this is a fault of the format, not of the file."
        )
    last = reading.last_moment
    return {
        "received": reading.received,
        "home_month": home.isoformat(),
        "last_moment": last.isoformat() if last is not None else None,
        "months": {month.isoformat(): rows for month, rows in months},
        "in_repeated_hour": reading.in_repeated_hour,
        "in_missing_hour": reading.in_missing_hour,
    }


def _entities(linked_to: str | None) -> str:
    """What the file's usable rows are about, by month, with what each is linked to."""
    return f"""
        with usable as (
            select *, unnest(
                list_append({linked_to or "[]::varchar[]"}, entity)
            ) as other
            from records where disposition = 'read' and entity is not null
        )
        select distinct hash(entity) as entity, hash(other) as linked_to, month
        from usable where other is not null
        order by all
    """


def _nothing_yet(name: str) -> RefusedError:
    return RefusedError(
        f"{name}: every row is left out by an ignore in feeds.toml, and none has a date, so no "
        "month can take it in. If it is a list that nobody has worked yet, take it out of "
        "extracts/ and deliver it again when somebody has."
    )


def _no_month(reading: Reading, name: str) -> RefusedError:
    first = reading.faults.iloc[0] if len(reading.faults) else None
    told = "" if first is None else f"Row {first['source_row']}: {first['column']} "
    told += "" if first is None else f"{first['promise']}. ".lstrip()
    return RefusedError(
        f"{name}: no row has a date that can be read, so no month can take it in. {told}Check the "
        f"date format of its source in feeds.toml (csip check {name} shows each row's fault)."
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _fingerprint(source: Source) -> str:
    """Changes when the source's mapping or the code that reads files changes."""
    how = {
        "format": source.format.name,
        "feed": source.feed.name,
        "options": source.options,
        "cycles": source.cycles,
        "reader": _reader(),
    }
    return hashlib.sha256(json.dumps(how, sort_keys=True, default=str).encode()).hexdigest()[:12]


@cache
def _reader() -> str:
    digest = hashlib.sha256(duckdb.__version__.encode())  # its hash() is written to `entities`
    package = files("csip_pipeline")
    folders = (package / "extract", package / "extract" / "formats")
    code = [entry for folder in folders for entry in folder.iterdir() if entry.is_file()]
    for entry in sorted([*code, package / "calendars.py"], key=lambda file: file.name):
        digest.update(entry.read_bytes())
    return digest.hexdigest()
