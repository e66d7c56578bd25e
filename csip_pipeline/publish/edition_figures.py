"""The figures of an edition as data, kept beside it, and which of them are others now."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csip_pipeline.publish import pack_definitions, pack_intake_tables
from csip_pipeline.publish.workbook import Column, Table, Workbook

Value = str | float | int | None
Rows = dict[tuple[Value, ...], dict[str, Value]]

NUMBERS = ("count", "share", "seconds", "duration", "decimal")
NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One figure that is another now."""

    sheet: str
    row: str
    heading: str
    before: str
    after: str

    def __str__(self) -> str:
        """The figure by the words of its worksheet."""
        return f"{self.sheet}, {self.row}: {self.heading} {self.before} is now {self.after}"


def as_json(pack: Workbook) -> bytes:
    """Every figure of contact: the same pack always gives the same bytes."""
    return json.dumps({"tables": _tables(pack)}, separators=(",", ":")).encode()


def changes(before: bytes, pack: Workbook) -> list[Change]:
    """Each figure that differs between an edition's own and those of a pack made now.

    Rows are told apart by the columns that come before their first number.
    """
    once: dict[str, dict[str, Any]] = json.loads(before)["tables"]
    now = _tables(pack)
    return [
        change for name in {**once, **now} for change in _changed(once.get(name), now.get(name))
    ]


def _tables(pack: Workbook) -> dict[str, dict[str, Any]]:
    """Every table by name, without those that hold no figure of contact.

    What is said of the extracts always changes, and a definition put better changes no figure.
    """
    others = (*pack_intake_tables.TABLES, pack_definitions.NAME)
    return {name: _as_dict(table) for name, table in pack.tables.items() if name not in others}


def _as_dict(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet,
        "columns": [
            {"name": column.name, "heading": column.heading, "kind": column.kind}
            for column in table.columns
        ],
        "keys": _count_keys(table.columns),
        "rows": [
            [_plain(value, column) for value, column in zip(row, table.columns, strict=True)]
            for row in table.rows[[column.name for column in table.columns]].itertuples(
                index=False, name=None
            )
        ],
    }


def _count_keys(columns: tuple[Column, ...]) -> int:
    """How many columns come before the first that holds numbers."""
    kinds = [column.kind in NUMBERS for column in columns]
    return kinds.index(True) if True in kinds else len(kinds)


def _changed(once: dict[str, Any] | None, now: dict[str, Any] | None) -> Iterator[Change]:
    known = now or once or {"columns": [], "sheet": ""}
    kinds = {column["name"]: column["kind"] for column in known["columns"]}
    headings = {column["name"]: column["heading"] for column in known["columns"]}
    before, after = _by_key(once), _by_key(now)
    for key in {**before, **after}:
        old, new = before.get(key, {}), after.get(key, {})
        row = ", ".join(str(part) for part in key[:-1] if part is not None)
        for name, kind in kinds.items():
            if old.get(name) != new.get(name):
                told = (_shown(values.get(name), kind) for values in (old, new))
                yield Change(known["sheet"], row, headings[name], *told)


def _by_key(table: dict[str, Any] | None) -> Rows:
    """A table's values by its rows' keys, numbered where two rows have the same."""
    rows: Rows = {}
    seen: Counter[tuple[Value, ...]] = Counter()
    if table is None:
        return rows
    names = [column["name"] for column in table["columns"]]
    for cells in table["rows"]:
        key = tuple(cells[: table["keys"]])
        seen[key] += 1
        values = dict(zip(names, cells, strict=True))
        rows[*key, seen[key]] = {name: values[name] for name in names[table["keys"] :]}
    return rows


def _plain(value: Any, column: Column) -> Value:  # noqa: ANN401 - whatever a frame holds
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if column.kind == "month" and isinstance(value, dt.date):
        return f"{value:%B %Y}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if column.kind in NUMBERS and not isinstance(value, str):
        return int(value) if float(value).is_integer() else float(value)
    return str(value)


def _shown(value: Value, kind: str) -> str:
    if value is None or isinstance(value, str):
        return value or NOTHING
    if kind == "share":
        return f"{value:.1%}"
    if kind == "duration":
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes}:{seconds:02}"
    return f"{value:,.1f}" if kind == "decimal" else f"{value:,.0f}"
