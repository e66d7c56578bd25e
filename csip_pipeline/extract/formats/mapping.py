"""Restate text rows as a feed's columns, the way feeds.toml says; name what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from csip_pipeline import calendars, promises
from csip_pipeline.extract.formats.rows import TextRows, nearest
from csip_pipeline.extract.formats.text import DAMAGED
from csip_pipeline.extract.formats.workbook_cells import ERRORS as SPREADSHEET_ERRORS
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.format import Reading
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
    "m:ss": r"^(?P<h>)(?P<m>\d+):(?P<s>[0-5]\d)$",
}


def restate(rows: TextRows, source: Source, file_name: str) -> Reading:
    """The rows in the feed's columns. Raises RefusedError where a mapped column is not there."""
    _require_columns(rows.cells, source, file_name)
    work = _Restating(rows.cells, source)
    mapped = work.mapped()
    happened = mapped[source.feed.happened]
    happened = happened.mask(_after_the_extract(work, happened, file_name))
    identity = [mapped[column].astype("str") for column in source.feed.identity]
    records = mapped.assign(
        source_row=mapped.index,
        entity=_joined(identity, "|"),
        month=calendars.london_month(happened),
        disposition=pd.Series("read", index=mapped.index).mask(work.ignored, "out_of_scope"),
    )
    moments = mapped[[*source.feed.past]].max(axis="columns")
    ignored = set(mapped.index[work.ignored])
    faults = [fault for fault in work.faults if fault[0] not in ignored]
    return rows.reading(records, faults, moments, **work.clock_changes)


class _Restating:
    """One file's way through its mapping: the faults it meets, and the rows it leaves out."""

    def __init__(self, cells: pd.DataFrame, source: Source) -> None:
        self.cells = cells
        self.source = source
        self.ignored = pd.Series(False, index=cells.index)
        self.faults: list[tuple[int, str, str]] = []
        self.clock_changes: dict[str, int] = {}

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

    def fault(self, column: str, where: pd.Series, promise: str) -> None:
        """Note that these rows break this promise in this column."""
        self.faults += [(number, column, promise) for number in where.index[where]]

    def _column(self, column: str, kind: str, happened: pd.Series | None) -> pd.Series:
        spec = self.source.columns[column]
        text = self._text(spec)
        if "ignore" in spec:
            self.ignored |= text.isin(_texts(spec["ignore"]))
        text = self._without_errors(column, text, spec)
        if "values" in spec:
            text = self._translated(column, text, spec["values"])
        if kind == "TIMESTAMPTZ":
            return self._moments(column, text, str(spec["datetime"]), happened)
        if "duration" in spec:
            return self._durations(column, text, str(spec["duration"]))
        if kind in ("BIGINT", "DOUBLE"):
            return self._numbers(column, text, whole=kind == "BIGINT")
        self.fault(
            column,
            text.str.contains(DAMAGED, regex=False, na=False),
            "holds a letter that was lost when somebody decoded the text wrongly",
        )
        return text

    def _text(self, spec: Mapping[str, object]) -> pd.Series:
        if "value" in spec:
            return pd.Series(str(spec["value"]), index=self.cells.index, dtype="str")
        names = _texts(spec["columns"]) if "columns" in spec else [str(spec["column"])]
        parts = [self.cells[name].str.strip() for name in names]
        empty = {"", *_texts(spec.get("empty", []))}
        nothing = pd.concat([part.isin(empty) for part in parts], axis=1).any(axis=1)
        joined = str(spec.get("prefix", "")) + _joined(parts, str(spec.get("join", " ")))
        return joined.mask(nothing)

    def _without_errors(
        self, column: str, text: pd.Series, spec: Mapping[str, object]
    ) -> pd.Series:
        """Empty where a spreadsheet says that it has no value, which is a fault unless declared."""
        declared = spec.get("values", {})
        known = declared if isinstance(declared, Mapping) else {}
        wrong = text.isin(SPREADSHEET_ERRORS.difference(known))
        self.fault(column, wrong, "is a spreadsheet's error, or a formula never calculated")
        return text.mask(wrong)

    def _translated(self, column: str, text: pd.Series, values: object) -> pd.Series:
        known = values if isinstance(values, Mapping) else {}
        translated = text.map(dict(known)).astype("str")
        self.fault(
            column, text.notna() & translated.isna(), "is not a value that feeds.toml declares"
        )
        return translated

    def _moments(
        self, column: str, text: pd.Series, layout: str, happened: pd.Series | None
    ) -> pd.Series:
        zoned = "%z" in layout
        parsed = pd.to_datetime(text, format=layout, errors="coerce", utc=zoned)
        self.fault(column, text.notna() & parsed.isna(), f"is not a time written {layout}")
        if zoned:
            return parsed.astype("datetime64[us, UTC]")
        localised = calendars.localise(
            parsed,
            self.source.text("zone", "UTC"),
            in_order=bool(self.source.options.get("in_time_order")) and happened is None,
            not_before=happened,
        )
        if column == self.source.feed.happened:
            self.clock_changes = {
                "in_repeated_hour": localised.repeated_hour,
                "in_missing_hour": localised.missing_hour,
            }
        return localised.moments

    def _durations(self, column: str, text: pd.Series, layout: str) -> pd.Series:
        if layout == "seconds":
            return self._numbers(column, text)
        parts = text.str.extract(DURATION_PATTERNS[layout])
        hours, minutes, seconds = (pd.to_numeric(parts[part]) for part in "hms")
        total = (hours.fillna(0) * 3600 + minutes * 60 + seconds).astype("Float64")
        self.fault(column, text.notna() & total.isna(), f"is not a duration written {layout}")
        return total

    def _numbers(self, column: str, text: pd.Series, *, whole: bool = False) -> pd.Series:
        numbers = pd.to_numeric(text, errors="coerce").astype("float64")
        unusable = ~np.isfinite(numbers) | (whole & (numbers % 1 != 0))
        promise = "is not a whole number" if whole else "is not a number"
        self.fault(column, text.notna() & unusable, promise)
        return numbers.mask(unusable).astype("Float64")


def _after_the_extract(work: _Restating, happened: pd.Series, file_name: str) -> pd.Series:
    """Rows later than the file's own stamp: perhaps day and month are the wrong way round."""
    declared = work.source.declared_at(file_name)
    if declared is None:
        return happened.isna()
    late = happened > pd.Timestamp(declared) + pd.Timedelta(days=1)
    work.fault(work.source.feed.happened, late, "is after the file was extracted")
    return late


def _require_columns(cells: pd.DataFrame, source: Source, file_name: str) -> None:
    for target, spec in source.columns.items():
        wanted = _texts(spec["columns"]) if "columns" in spec else [spec.get("column")]
        for name in wanted:
            if name is not None and name not in cells.columns:
                raise RefusedError(
                    f'{file_name} has no column "{name}", which feeds.toml (source '
                    f'"{source.name}") maps to {target}. {nearest(str(name), cells)}Correct the '
                    "mapping, or ask the supplier why the header changed."
                )


def _joined(parts: list[pd.Series], separator: str) -> pd.Series:
    first, *others = parts
    return first.str.cat(others, sep=separator) if others else first


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
