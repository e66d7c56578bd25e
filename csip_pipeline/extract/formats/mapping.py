"""Restate text rows as a feed's columns, the way feeds.toml says; name what cannot be read."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from csip_pipeline import calendars, promises
from csip_pipeline.extract.formats.format import Reading, faults_of
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

OPTIONS = frozenset({"columns", "zone", "in_time_order"})
PANDAS_TYPES = {
    "VARCHAR": "str",
    "BIGINT": "Int64",
    "DOUBLE": "Float64",
    "TIMESTAMPTZ": "datetime64[us, UTC]",
}
DURATION_PATTERNS = {
    "h:mm:ss": r"^(?P<h>\d+):(?P<m>[0-5]\d):(?P<s>[0-5]\d)$",
    "m:ss": r"^(?P<h>(?:))(?P<m>\d+):(?P<s>[0-5]\d)$",
}


@dataclass(frozen=True)
class TextRows:
    """The rows of a file as text, and the rows that do not have as many fields as the header."""

    cells: pd.DataFrame
    """One column per header field; the index is the record number (the header is record 1)."""
    ragged: list[tuple[int, str, str, str]]
    """Faults of the rows whose field count is wrong."""


def rows_of(numbered: Iterable[tuple[int, list[str]]], file_name: str) -> TextRows:
    """Split a header from its rows, holding every row to the header's field count."""
    records = iter(numbered)
    _, header = next(records, (0, []))
    names = [name.strip() for name in header]
    for name in names:
        if names.count(name) > 1:
            raise RefusedError(f'{file_name}: two columns of the header are called "{name}".')
    whole: list[list[str]] = []
    numbers: list[int] = []
    ragged: list[tuple[int, str, str, str]] = []
    for number, cells in records:
        if len(cells) == len(names):
            numbers.append(number)
            whole.append(cells)
        else:
            fault = f"has {len(cells)} fields where the header has {len(names)}"
            ragged.append((number, "", fault, json.dumps(cells)))
    if not whole:
        raise RefusedError(
            f"{file_name} has a header and no complete row. Zero rows is a failed extract, not a "
            "quiet month: ask the supplier to send it again."
        )
    columns = {
        name: pd.Series(column, dtype="str")
        for name, column in zip(names, zip(*whole, strict=True), strict=True)
    }
    return TextRows(pd.DataFrame(columns).set_axis(numbers), ragged)


def restate(rows: TextRows, source: Source, file_name: str) -> Reading:
    """The rows in the feed's columns. Raises RefusedError where a mapped column is not there."""
    _require_columns(rows.cells, source, file_name)
    work = _Restating(rows.cells, source)
    mapped = work.mapped()
    faults = _with_rows(work.faults, rows.cells) + rows.ragged
    broken = {number for number, *_ in faults}
    happened = mapped[source.feed.happened]
    records = mapped.assign(
        source_row=mapped.index,
        entity=_joined([mapped[column].astype("str") for column in source.feed.identity], "|"),
        month=calendars.london_month(happened),
        disposition="read",
    )
    records.loc[records.index.isin(broken), "disposition"] = "quarantined"
    records.loc[work.ignored, "disposition"] = "out_of_scope"
    lost = pd.DataFrame({"source_row": [number for number, *_ in rows.ragged]}, dtype="int64")
    lost["disposition"] = "quarantined"
    faults = [fault for fault in faults if not work.ignored.get(fault[0], default=False)]
    return Reading(
        records=pd.concat([records, lost], ignore_index=True),
        faults=faults_of(faults),
        received=len(rows.cells) + len(rows.ragged),
        last_moment=None if happened.isna().all() else happened.max(),
    )


class _Restating:
    """One file's way through its mapping: the faults it meets, and the rows it leaves out."""

    def __init__(self, cells: pd.DataFrame, source: Source) -> None:
        self.cells = cells
        self.source = source
        self.ignored = pd.Series(False, index=cells.index)
        self.faults: list[tuple[int, str, str]] = []

    def mapped(self) -> pd.DataFrame:
        """Every promised column, in its type; null where the mapping does not name it."""
        feed = self.source.feed
        types = promises.duckdb_columns(feed.delivered)
        first = [feed.happened] if feed.happened in self.source.columns else []
        later = [column for column in self.source.columns if column not in first]
        done: dict[str, pd.Series] = {}
        for column in first + later:
            done[column] = self._column(column, types[column], done.get(feed.happened))
        for column, kind in types.items():
            empty = pd.Series(None, index=self.cells.index, dtype=PANDAS_TYPES[kind])
            done.setdefault(column, empty)
        frame = feed.complete(pd.DataFrame({column: done[column] for column in types}))
        return frame.astype({column: PANDAS_TYPES[kind] for column, kind in types.items()})

    def _column(self, column: str, kind: str, happened: pd.Series | None) -> pd.Series:
        spec = self.source.columns[column]
        text = self._text(spec)
        if "ignore" in spec:
            self.ignored |= text.isin(_texts(spec["ignore"]))
        if "values" in spec:
            text = self._translated(column, text, spec["values"])
        if kind == "TIMESTAMPTZ":
            return self._moments(column, text, str(spec["datetime"]), happened)
        if "duration" in spec:
            return self._durations(column, text, str(spec["duration"]))
        if kind in ("BIGINT", "DOUBLE"):
            return self._numbers(column, text)
        return text

    def _text(self, spec: Mapping[str, object]) -> pd.Series:
        if "value" in spec:
            return pd.Series(str(spec["value"]), index=self.cells.index, dtype="str")
        names = _texts(spec["columns"]) if "columns" in spec else [str(spec["column"])]
        parts = [self.cells[name].str.strip() for name in names]
        empty = {"", *_texts(spec.get("empty", []))}
        nothing = pd.concat([part.isin(empty) for part in parts], axis=1).any(axis=1)
        return _joined(parts, str(spec.get("join", " "))).mask(nothing)

    def _translated(self, column: str, text: pd.Series, values: object) -> pd.Series:
        known = values if isinstance(values, Mapping) else {}
        translated = text.map(dict(known)).astype("str")
        self._fault(
            column, text.notna() & translated.isna(), "is not a value that feeds.toml declares"
        )
        return translated

    def _moments(
        self, column: str, text: pd.Series, layout: str, happened: pd.Series | None
    ) -> pd.Series:
        zoned = "%z" in layout
        parsed = pd.to_datetime(text, format=layout, errors="coerce", utc=zoned)
        self._fault(column, text.notna() & parsed.isna(), f"is not a time written {layout}")
        if zoned:
            return parsed.astype("datetime64[us, UTC]")
        return calendars.localise(
            parsed,
            self.source.text("zone", "UTC"),
            in_order=bool(self.source.options.get("in_time_order")) and happened is None,
            not_before=happened,
        ).moments

    def _durations(self, column: str, text: pd.Series, layout: str) -> pd.Series:
        if layout == "seconds":
            return self._numbers(column, text)
        parts = text.str.extract(DURATION_PATTERNS[layout]).replace("", "0").astype("Float64")
        seconds = parts["h"].fillna(0) * 3600 + parts["m"] * 60 + parts["s"]
        self._fault(column, text.notna() & seconds.isna(), f"is not a duration written {layout}")
        return seconds

    def _numbers(self, column: str, text: pd.Series) -> pd.Series:
        numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
        self._fault(column, text.notna() & numbers.isna(), "is not a number")
        return numbers

    def _fault(self, column: str, where: pd.Series, promise: str) -> None:
        self.faults += [(number, column, promise) for number in where.index[where & ~self.ignored]]


def _require_columns(cells: pd.DataFrame, source: Source, file_name: str) -> None:
    for target, spec in source.columns.items():
        wanted = _texts(spec["columns"]) if "columns" in spec else [spec.get("column")]
        for name in wanted:
            if name is not None and name not in cells.columns:
                near = difflib.get_close_matches(str(name), list(cells.columns), n=1, cutoff=0.5)
                hint = f'The nearest is "{near[0]}". ' if near else ""
                raise RefusedError(
                    f'{file_name} has no column "{name}", which feeds.toml (source '
                    f'"{source.name}") maps to {target}. {hint}Correct the mapping, or ask the '
                    "supplier why the header changed."
                )


def _with_rows(
    faults: list[tuple[int, str, str]], cells: pd.DataFrame
) -> list[tuple[int, str, str, str]]:
    return [
        (number, column, promise, json.dumps(cells.loc[number].tolist()))
        for number, column, promise in faults
    ]


def _joined(parts: list[pd.Series], separator: str) -> pd.Series:
    first, *others = parts
    return first.str.cat(others, sep=separator) if others else first


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
