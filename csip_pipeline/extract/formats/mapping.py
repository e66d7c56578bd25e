"""Restate text rows as a feed's columns, the way feeds.toml says: one query, written from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from csip_pipeline import calendars, clocks, promises, warehouse
from csip_pipeline.extract.formats import expressions as sql
from csip_pipeline.extract.formats import mapping_faults, second_passes
from csip_pipeline.extract.formats.format import Judged
from csip_pipeline.extract.formats.mapping_when import When
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.table import Table
    from csip_pipeline.extract.sources import Source

OPTIONS = frozenset({"columns", "zone", "in_time_order"})


def judge(con: warehouse.Connection, table: Table, source: Source) -> Judged:
    """The rows in the feed's columns. Raises RefusedError where a mapped column is not there."""
    clocks.lay_out(con, "clock_days", source.text("zone", "UTC"))
    clocks.lay_out(con, "london_days", calendars.LONDON)
    work = Restating(_as_delivered(source, table), table)
    if source.options.get("in_time_order") and source.feed.happened in work.clocks:
        work.second_passes = second_passes.found(con, table, source, work.clock_query())
    return Judged(work.query())


def _as_delivered(source: Source, table: Table) -> Source:
    """The source without the columns that its header lacks and may lack."""
    kept = {
        column: spec
        for column, spec in source.columns.items()
        if not spec.get("may_be_missing") or table.place(str(spec["column"])) is not None
    }
    return replace(source, options={**source.options, "columns": kept})


class Restating:
    """The query of one source: each column as text, then typed, then its clock times as moments."""

    def __init__(self, source: Source, table: Table) -> None:
        """Find every mapped column in the header."""
        self.source = source
        self.table = table
        self.feed = source.feed
        self.types = promises.duckdb_columns(source.feed.delivered)
        self.mapped = list(source.columns)
        self.happened = f'"{source.feed.happened}"'
        self.clocks = [column for column in self.mapped if self._is_clock(column)]
        self.second_passes: list[tuple[object, int]] = []
        self.when = When(source, table.file_name)
        self.texts = {column: self._text(column) for column in self.mapped}

    def query(self) -> str:
        """Everything, as one select that reads raw_cells once."""
        happened = self.feed.happened
        others = [column for column in self.clocks if column != happened]
        first = [happened] if happened in self.clocks else []
        read = ["source_row", "cells", "is_ignored", *(f"{one}__text" for one in self.mapped)]
        rest = [f'"{column}"' for column in self.mapped if column not in first]
        final = [f'"{column}"' for column in self.mapped if column not in others]
        clock_changes = ("in_repeated_hour", "in_missing_hour")
        completed = warehouse.read_query(self.feed.completed) if self.feed.completed else ""
        return f"""
            with texts as ({self._texts()}),
            typed as (select {_listed(read, self._all_typed())} from texts),
            dated as (
                select {_listed(read, rest, self._localised(first), self._clock_changes(first))}
                from typed {_days(first)}
            ),
            moments as (
                select {_listed(read, final, self._localised(others), clock_changes)}
                from dated {_days(others)}
            ),
            judged as (
                select *, {mapping_faults.listed(self._faults())} as faults from moments
            ),
            mapped as (
                select {_listed(["source_row", "faults", "is_ignored", *clock_changes])},
                    if(len(faults) > 0, to_json(cells)::varchar, null) as row,
                    {_listed(self._in_their_types())}
                from judged
            ),
            completed as ({completed or "from mapped"})
            select
                source_row,
                {self._entity()} as entity,
                {self.when.month()} as month,
                if(is_ignored, 'out_of_scope', 'read') as disposition,
                if(is_ignored, [], faults) as faults,
                row,
                {self.when.seen_until()} as happened_at,
                in_repeated_hour,
                in_missing_hour,
                {_listed(self._finished())}
            from completed
            {self.when.london()}
        """

    def clock_query(self) -> str:
        """The clock time at which each row happened, as written."""
        happened = self.feed.happened
        text = f"select source_row, {self.texts[happened]} as {happened}__text from raw_cells"
        return f"select source_row, {self._typed(happened)} as clock from ({text})"

    def _is_clock(self, column: str) -> bool:
        spec = self.source.columns[column]
        return self.types[column] == "TIMESTAMPTZ" and "%z" not in str(spec["datetime"])

    def _texts(self) -> str:
        cells = ", ".join(f"c{place}" for place in range(len(self.table.header)))
        texts = [f"{text} as {column}__text" for column, text in self.texts.items()]
        texts.append(f"{self._is_ignored()} as is_ignored")
        return f"select {_listed(['source_row', f'[{cells}] as cells'], texts)} from raw_cells"

    def _written(self, column: str) -> list[str]:
        """The cells that a column comes from; none where it is always the same."""
        spec = self.source.columns[column]
        if "value" in spec:
            return []
        names = _texts(spec["columns"]) if "columns" in spec else [str(spec["column"])]
        return [self._cell(name, column) for name in names]

    def _text(self, column: str) -> str:
        """What a column holds, as text; null where that is nothing."""
        spec, parts = self.source.columns[column], self._written(column)
        if not parts:
            return sql.literal(spec["value"])
        nothing = sql.literals(["", *_texts(spec.get("empty", []))])
        empty = " or ".join(f"{part} in ({nothing})" for part in parts)
        prefix = f"{sql.literal(spec['prefix'])} || " if "prefix" in spec else ""
        return f"case when {empty} then null else {prefix}{_joined(parts, spec)} end"

    def _is_ignored(self) -> str:
        """Whether a cell holds, as the supplier wrote it, a word that leaves the row out."""
        told = [
            f"{_joined(self._written(column), spec)} in ({sql.literals(_texts(spec['ignore']))})"
            for column, spec in self.source.columns.items()
            if "ignore" in spec and "value" not in spec
        ]
        return f"({' or '.join(told)})" if told else "false"

    def _cell(self, name: str, column: str) -> str:
        place = self.table.place(name)
        if place is None:
            raise RefusedError(
                f'{self.table.file_name} has no column "{name}", which feeds.toml (source '
                f'"{self.source.name}") maps to {column}. {self.table.nearest(name)}Correct the '
                "mapping, or ask the supplier why the header changed."
            )
        return f"c{place}"

    def _all_typed(self) -> list[str]:
        return [f'{self._typed(column)} as "{column}"' for column in self.mapped]

    def _typed(self, column: str) -> str:
        return sql.typed(self.source.columns[column], f"{column}__text", self.types[column])

    def _localised(self, columns: Iterable[str]) -> list[str]:
        """Clock times as UTC: what happened first, then the rest, which cannot come before it."""
        found = []
        for column in columns:
            day = f"{column}__day"
            second_pass = (
                self._second_pass()
                if column == self.feed.happened
                else f'"{column}" - {day}.offset_before < {self.happened}'
            )
            moment = clocks.utc(f'"{column}"', day, second_pass)
            found.append(f'{moment} as "{column}"')
        return found

    def _second_pass(self) -> str:
        """Whether the order of the rows says that what happened was in the second pass."""
        day = f"{self.feed.happened}__day"
        told = [
            f"({day}.clock_date = date '{on_date}' and source_row >= {row})"
            for on_date, row in self.second_passes
        ]
        return f"({' or '.join(told)})" if told else "false"

    def _clock_changes(self, happened: list[str]) -> list[str]:
        doubts = (("in_repeated_hour", clocks.repeated), ("in_missing_hour", clocks.missing))
        return [
            f"{doubt(self.happened, f'{happened[0]}__day') if happened else 'false'} as {name}"
            for name, doubt in doubts
        ]

    def _faults(self) -> Iterator[mapping_faults.Fault]:
        """What may be wrong with a row: in one of its columns, or with its month."""
        yield from mapping_faults.of_columns(self.source, self.types)
        if late := self.when.late():
            yield late, self.feed.happened, "is after the file was extracted"
        if self.feed.dated_by == "cycle":
            unknown = f"{self.happened} is not null and ({self.when.cycles_month()}) is null"
            why = "is not a panel cycle of reference/panel_cycles.csv"
            yield unknown, self.feed.happened, why

    def _in_their_types(self) -> list[str]:
        """Every promised column, null where it is not mapped; moments still without a zone."""
        kinds = {
            column: "TIMESTAMP" if kind == "TIMESTAMPTZ" else kind
            for column, kind in self.types.items()
        }
        return [
            f"""{f'"{column}"' if column in self.mapped else "null"}::{kind} as "{column}\""""
            for column, kind in kinds.items()
        ]

    def _entity(self) -> str:
        return " || '|' || ".join(f'"{column}"::varchar' for column in self.feed.identity)

    def _finished(self) -> list[str]:
        return [
            f'{sql.moment(name)} as "{column}"' if kind == "TIMESTAMPTZ" else name
            for column, kind in self.types.items()
            for name in [f'"{column}"']
        ]


def _days(columns: Iterable[str]) -> str:
    """The joins that give each clock time its day."""
    return " ".join(
        f'left join clock_days as {column}__day on {column}__day.clock_date = "{column}"::date'
        for column in columns
    )


def _joined(parts: list[str], spec: Mapping[str, object]) -> str:
    return f" || {sql.literal(spec.get('join', ' '))} || ".join(parts)


def _listed(*columns: Iterable[str]) -> str:
    return ", ".join(column for some in columns for column in some)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
