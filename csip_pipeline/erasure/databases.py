"""Take people out of a DuckDB file: change its rows, then write it anew.

DuckDB's DELETE and UPDATE leave the bytes that were there in the file. What is copied to a new file
is what its rows hold, and nothing else.
"""

from collections.abc import Callable
from pathlib import Path

from csip_pipeline import durable, warehouse
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.warehouse import Connection
from csip_pipeline.written_forms import replaced, together

STAND_IN = "'erased ' || notice_id"
"""In place of the pseudonym of whom a notice is about: it joins nobody's notices."""


def rewrite(path: Path, change: Callable[[Connection], int], spill: Path) -> int:
    """Change a DuckDB file and write it anew, if anything was changed; give what `change` gives."""
    if not path.exists():
        return 0
    with warehouse.connected(path, spill=spill) as con:
        rows = change(con)
        copy(con, path)
    durable.take_place(durable.half_of(path), path)
    return rows


def copy(con: Connection, path: Path) -> None:
    """Copy what a database holds to a new file, beside its place."""
    half = durable.half_of(path)
    half.unlink(missing_ok=True)
    half.with_name(f"{half.name}.wal").unlink(missing_ok=True)
    ((name,),) = con.execute("select current_database()").fetchall()
    con.execute(f"attach '{str(half).replace(chr(39), chr(39) * 2)}' as written_anew")
    con.execute(f'copy from database "{name}" to written_anew')
    con.execute("detach written_anew")


def tables(con: Connection) -> dict[str, dict[str, str]]:
    """The columns of each table of a database, and their types."""
    found: dict[str, dict[str, str]] = {}
    ((name,),) = con.execute("select current_database()").fetchall()
    for schema, table, column, kind in con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal order by all",
        [name],
    ).fetchall():
        found.setdefault(f'"{schema}"."{table}"', {})[column] = kind
    return found


def take_out(con: Connection, wanted: Wanted) -> int:
    """Take people out of every table, and return how many rows had them.

    Where a table says whom a pseudonym stands for, the row goes. Elsewhere it stays, as that of
    somebody unknown; a text that holds a contact point keeps the rest.
    """
    found = tables(con).items()
    return sum(take_out_of(con, table, columns, wanted) for table, columns in found)


def take_out_of(con: Connection, table: str, columns: dict[str, str], wanted: Wanted) -> int:
    """Take people out of one table, and return how many rows had them."""
    return _keys(con, table, columns, wanted) + _texts(con, table, columns, wanted)


def _keys(con: Connection, table: str, columns: dict[str, str], wanted: Wanted) -> int:
    if "person_key" not in columns:
        return 0
    where = "where list_contains($keys::varchar[], person_key)"
    if "contact_point" in columns:
        change = f"delete from {table} {where}"
    elif "notice_id" in columns:
        change = f"update {table} set person_key = {STAND_IN} {where}"
    else:
        kind = ", person_kind = null" if "person_kind" in columns else ""
        change = f"update {table} set person_key = null{kind} {where}"
    return _changed(con, change, {"keys": sorted(wanted.keys)})


def _texts(con: Connection, table: str, columns: dict[str, str], wanted: Wanted) -> int:
    pattern, points = together(set(wanted.points)), set(wanted.points)
    texts = [name for name, kind in columns.items() if kind == "VARCHAR"]
    is_in = {name: f'coalesce(regexp_matches("{name}", $pattern), false)' for name in texts}
    if not texts:
        return 0
    values = {name: "null" if name == "row" else replaced(f'"{name}"', points) for name in texts}
    sets = ", ".join(f'"{name}" = if({is_in[name]}, {values[name]}, "{name}")' for name in texts)
    change = f"update {table} set {sets} where {' or '.join(is_in.values())}"
    return _changed(con, change, {"pattern": pattern})


def _changed(con: Connection, change: str, given: dict[str, object]) -> int:
    ((rows,),) = con.execute(change, given).fetchall()
    return int(rows)
