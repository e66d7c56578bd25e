"""Our own typed copy of a delivered file: its records and their faults, written once.

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
import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.extract import declarations, redaction
from csip_pipeline.extract.formats.format import Judged
from csip_pipeline.extract.formats.table import Table
from csip_pipeline.extract.marks import Marks
from csip_pipeline.extract.row_limits import refuse_row_limit
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

READ_BY = ("clocks", "contact_points", "damaged_numbers", "phones", "pseudonyms")
"""Modules outside this word that decide what a row is read as, and whose it is."""
STATISTICS = """
    with months as (
        select month, count(*) as rows
        from read_parquet($records, hive_partitioning = false)
        group by all
    )
    select
        (select month from months where month is not null order by rows desc, month limit 1),
        (select list({'month': month, 'rows': rows} order by month) from months),
        coalesce(
            max(happened_at) filter (where len(faults) = 0 and disposition = 'read'),
            max(happened_at) filter (where len(faults) = 0),
            max(happened_at)
        ),
        count(*),
        count(*) filter (where disposition = 'out_of_scope'),
        count(*) filter (where in_repeated_hour),
        count(*) filter (where in_missing_hour)
    from read_parquet($records, hive_partitioning = false)
"""
FAULTS = """
    with at_fault as (
        select source_row, unnest(faults) as fault
        from read_parquet($records, hive_partitioning = false)
        where len(faults) > 0
    )
    select
        at_fault.source_row,
        at_fault.fault."column" as "column",
        at_fault.fault.promise as promise,
        read_rows.row,
        false as is_set_aside
    from at_fault
    inner join ({rows}) as read_rows using (source_row)
    union all
    select *, true as is_set_aside from set_aside
    order by source_row, "column", promise
"""
FAULT = pa.schema(
    [
        ("source_row", pa.int64()),
        ("column", pa.string()),
        ("promise", pa.string()),
        ("row", pa.string()),
    ]
)


def folder_of(settings: Settings, source: Source, sha256: str, file_name: str) -> Path:
    """Where the canonical copy of a file stands, or will.

    The stamp in a file's name counts too: rows later than it are at fault.
    """
    how = _fingerprint(source, file_name)
    return settings.canonical / source.feed.name / f"{sha256[:24]}-{how}"


def write(source: Source, path: Path, folder: Path, marks: Marks) -> None:
    """Read a file into its canonical copy, without the contact points of whoever was erased.

    The copy is made beside its place, then moved there: half a copy is never seen.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        written = Path(making) / "copy"
        written.mkdir()
        about = _write_parquet(source, path, written)
        about["erased"] = redaction.of_marked(written, source.feed, source.phones, marks)
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


def _write_parquet(source: Source, path: Path, folder: Path) -> dict[str, object]:
    """Write records, faults and, where things are linked, entities; say what the file holds."""
    records = folder / "records.parquet"
    with warehouse.connected(Path(":memory:"), spill=folder) as con:
        # DuckDB cannot know how long a stream is: it would hold all of it to join it to a few days.
        con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        table = source.format.open(path, source)
        table.lay_out(con)
        judged = source.format.judge(con, table, source)
        _copy_records(con, judged, records)
        table.finish()
        home, months, last, read, ignored, repeated, missing = con.execute(
            STATISTICS, {"records": warehouse.exactly(records)}
        ).fetchall()[0]
        _copy_faults(con, table, judged, folder)
        if home is None:
            raise _nothing_yet(path.name) if ignored == read else _no_month(con, folder, path.name)
        if source.format.linked_to:
            _copy(con, _entities(records, source.format.linked_to), folder / "entities.parquet")
    received = read + len(table.broken)
    counted = {home: len(table.broken)}
    for each in months:  # a row whose month cannot be told counts with the most frequent one
        month = each["month"] or home
        counted[month] = counted.get(month, 0) + each["rows"]
    refuse_row_limit(received, path.name)
    said = table.declared
    declarations.hold_rows(said.rows, received, "a line before its header", path.name)
    return {
        "received": received,
        "set_aside": len(table.broken),
        "home_month": home.isoformat(),
        "declared_at": said.extracted_at.isoformat() if said.extracted_at else None,
        "last_moment": last.isoformat() if last is not None else None,
        "months": {month.isoformat(): rows for month, rows in sorted(counted.items())},
        "in_repeated_hour": repeated,
        "in_missing_hour": missing,
    }


def _copy_records(con: warehouse.Connection, judged: Judged, path: Path) -> None:
    """Every row read, typed and judged, in file order."""
    query = judged.query
    if judged.rows:  # a query file, which may be given parameters and reads its rows from a table
        con.execute(f"create temporary table judged as {query}", dict(judged.parameters))
        query = (
            "select *, false as in_repeated_hour, false as in_missing_hour from judged "
            "order by source_row"
        )
    _copy(con, f"select *, hash(entity) as thing from ({query})", path)


def _copy_faults(con: warehouse.Connection, table: Table, judged: Judged, folder: Path) -> None:
    """What is wrong with rows, with the rows themselves: those read, and those set aside."""
    broken = [dict(zip(FAULT.names, one, strict=True)) for one in table.broken]
    con.register("set_aside", pa.Table.from_pylist(broken, FAULT))
    records = folder / "records.parquet"
    if judged.rows:
        cells = ", ".join(f"c{place}" for place in range(len(table.header)))
        rows = f"select source_row, to_json([{cells}])::varchar as row from {judged.rows}"
    else:
        rows = (
            f"select source_row, row from read_parquet('{_exactly(records)}', "
            "hive_partitioning = false) where row is not null"
        )
    query = FAULTS.format(rows=rows).replace("$records", f"'{_exactly(records)}'")
    _copy(con, query, folder / "faults.parquet")


def _copy(con: warehouse.Connection, query: str, path: Path) -> None:
    con.execute(f"copy ({query}) to '{_quoted(path)}' (format parquet, compression zstd)")


def _entities(records: Path, linked_to: str) -> str:
    """What the file's usable rows are about, by month, with what each is linked to."""
    return f"""
        with usable as (
            select *, unnest(list_append({linked_to}, entity)) as other
            from read_parquet('{_exactly(records)}', hive_partitioning = false)
            where disposition = 'read' and len(faults) = 0 and entity is not null
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


def _no_month(con: warehouse.Connection, folder: Path, name: str) -> RefusedError:
    first = con.execute(
        'select source_row, "column", promise '
        "from read_parquet($faults, hive_partitioning = false) order by 1 limit 1",
        {"faults": warehouse.exactly(folder / "faults.parquet")},
    ).fetchall()
    told = "".join(f"Line {row}: {' '.join(why).strip()}. " for row, *why in first)
    return RefusedError(
        f"{name}: no row has a date that can be read, so no month can take it in. {told}Check the "
        "date format of its source in feeds.toml."
    )


def _exactly(path: Path) -> str:
    return warehouse.exactly(path).replace("'", "''")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _fingerprint(source: Source, file_name: str) -> str:
    """Changes when the source's mapping or the code that reads files changes."""
    how = {
        "format": source.format.name,
        "feed": source.feed.name,
        "options": source.options,
        "declared_at": source.declared_at(file_name),
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
    beside = [package / f"{name}.py" for name in READ_BY]
    for entry in sorted([*code, *beside], key=lambda file: file.name):
        digest.update(entry.read_bytes())
    return digest.hexdigest()
