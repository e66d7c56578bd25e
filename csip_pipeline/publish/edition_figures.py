"""The figures of an edition as data, kept with it, and which of them are others now."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csip_pipeline.publish import pack_control, pack_definitions, pack_intake_tables
from csip_pipeline.publish.workbook import Column, Table
from csip_pipeline.publish.workbook_parts import NUMBERS

Value = str | float | int | None
Key = tuple[Value, ...]
Tables = Mapping[str, Table]

MONTH = "%B %Y"
NOTHING = "nothing"
NO_DIFFERENCE = "[z]"


@dataclass(frozen=True)
class Change:
    """One figure that is another now; `place` is its row in the table as it is now, if it is."""

    table: str
    sheet: str
    row: str
    column: str
    heading: str
    kind: str
    old: Value
    new: Value
    month: dt.date | None = None
    place: int | None = None

    @property
    def before(self) -> str:
        """The figure as it was shown."""
        return _shown(self.old, self.kind)

    @property
    def after(self) -> str:
        """The figure as it is shown now."""
        return _shown(self.new, self.kind)

    @property
    def difference(self) -> str:
        """What was added or taken off; a mark where there is none, as of words."""
        if self.kind not in NUMBERS or isinstance(self.old, str) or isinstance(self.new, str):
            return NO_DIFFERENCE
        if self.old is None or self.new is None:
            return NO_DIFFERENCE
        more = self.new - self.old
        if self.kind == "share":
            return f"{more * 100:+.1f} points"
        sign = "-" if more < 0 else "+"
        return f"{sign}{_shown(abs(more), self.kind)}"

    @property
    def is_conclusion(self) -> bool:
        """Whether words changed, and not a number: what the pack concludes from its figures."""
        return self.kind not in NUMBERS

    def __str__(self) -> str:
        """The figure by the words of its worksheet; a figure in words loses its full stop."""
        before, after = self.before.removesuffix("."), self.after.removesuffix(".")
        return f"{self.sheet}, {self.row}: {self.heading} {before} is now {after}"


def as_json(tables: Tables) -> bytes:
    """Every figure of contact: the same tables always give the same bytes."""
    return json.dumps({"tables": _as_dicts(tables)}, separators=(",", ":")).encode()


def changes(before: bytes, tables: Tables, *, only_shared: bool = False) -> list[Change]:
    """Each figure that differs between an edition's own and those of tables made now.

    Rows are told apart by the table's keys. `only_shared` leaves out whatever is not said of the
    same month in both: so that a pack can be compared with that of another cycle.
    """
    once: dict[str, dict[str, Any]] = json.loads(before)["tables"]
    now = _as_dicts(tables)
    return [
        change
        for name in {**once, **now}
        for change in _changed(name, once.get(name), now.get(name), only_shared=only_shared)
    ]


def _as_dicts(tables: Tables) -> dict[str, dict[str, Any]]:
    """Every table by name, without those that hold no figure of contact.

    What is said of the extracts always changes, and a definition put better changes no figure.
    """
    others = (*pack_intake_tables.TABLES, pack_definitions.NAME)
    return {name: _as_dict(table) for name, table in tables.items() if name not in others}


def _as_dict(table: Table) -> dict[str, Any]:
    columns = [column for column in table.columns if not _follows(table, column)]
    return {
        "sheet": table.sheet,
        "columns": [
            {"name": column.name, "heading": column.heading, "kind": column.kind}
            for column in columns
        ],
        "keys": table.keys,
        "rows": [
            [_plain(value, column) for value, column in zip(row, columns, strict=True)]
            for row in table.rows[[column.name for column in columns]].itertuples(
                index=False, name=None
            )
        ],
    }


def _follows(table: Table, column: Column) -> bool:
    """Whether a column is of a chart's limits: each month that comes in moves them, by design."""
    return table.name.startswith(pack_control.PREFIX) and column.name in pack_control.FOLLOWING


def _changed(
    name: str, once: dict[str, Any] | None, now: dict[str, Any] | None, *, only_shared: bool
) -> Iterator[Change]:
    known = now or once or {"columns": [], "sheet": ""}
    columns = known["columns"]
    before, after = _by_key(once), _by_key(now)
    is_monthly = bool(columns) and columns[0]["kind"] == "month"
    keys = {**before, **after}
    if only_shared:
        keys = {key: after[key] for key in keys if is_monthly and key in before and key in after}
    for key in keys:
        place, new = after.get(key, (None, {}))
        _, old = before.get(key, (None, {}))
        row = ", ".join(str(part) for part in key[:-1] if part is not None)
        month = _month(key[0]) if is_monthly else None
        for column in columns:
            was, is_now = old.get(column["name"]), new.get(column["name"])
            if was != is_now:
                about = (column["name"], column["heading"], column["kind"])
                yield Change(name, known["sheet"], row, *about, was, is_now, month, place)


def _by_key(table: dict[str, Any] | None) -> dict[Key, tuple[int, dict[str, Value]]]:
    """Each row's place and values by its keys, numbered where two rows have the same."""
    rows: dict[Key, tuple[int, dict[str, Value]]] = {}
    seen: Counter[Key] = Counter()
    if table is None:
        return rows
    names = [column["name"] for column in table["columns"]]
    for place, cells in enumerate(table["rows"]):
        key = tuple(cells[: table["keys"]])
        seen[key] += 1
        values = dict(zip(names, cells, strict=True))
        rows[*key, seen[key]] = place, {name: values[name] for name in names[table["keys"] :]}
    return rows


def _month(told: Value) -> dt.date | None:
    if not isinstance(told, str):
        return None
    return dt.datetime.strptime(told, MONTH).replace(tzinfo=dt.UTC).date()


def _plain(value: Any, column: Column) -> Value:  # noqa: ANN401 - whatever a frame holds
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if column.kind == "month" and isinstance(value, dt.date):
        return value.strftime(MONTH)
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}" if column.kind == "date" else value.isoformat()
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
