"""What is wrong with a mapped row, in SQL: every promise of its mapping that it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from csip_pipeline.damaged_numbers import LOST_ZERO, LOST_ZERO_SENTENCE
from csip_pipeline.extract.formats import expressions as sql
from csip_pipeline.extract.formats.text import DAMAGED
from csip_pipeline.extract.formats.workbook_cells import ERRORS

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

Fault = tuple[str, str, str]
"""A condition, the column it is about, and the promise that a row breaks where it holds."""
NOTHING = '[]::struct("column" varchar, promise varchar)[]'


def listed(faults: Iterable[Fault]) -> str:
    """The promises that a row breaks: a list of column and promise, empty for most rows."""
    faults = list(faults)
    if not faults:
        return NOTHING
    any_of = " or ".join(f"coalesce({condition}, false)" for condition, *_ in faults)
    each = ", ".join(
        f"case when {condition} then {{'column': '{column}', 'promise': {sql.literal(why)}}} end"
        for condition, column, why in faults
    )
    found = f"list_filter([{each}], lambda fault: fault is not null)"
    return f"case when {any_of} then {found} else {NOTHING} end"


def of_columns(source: Source, types: Mapping[str, str]) -> Iterator[Fault]:
    """What may be wrong with each mapped column: `<column>__text` as read, `<column>` as typed."""
    has_lost_letters = source.text("lost_letters", "refuse") == "quarantine"
    phones = {
        column
        for column, kind in source.feed.contact_points.items()
        if kind == "phone" and source.phones.region == "GB"
    }
    for column, spec in source.columns.items():
        text = f"{column}__text"
        is_error = f"contains({_errors(spec)}, {text} || '|')"
        # one function in a branch seldom taken: an `in` of 16 words is planned over and over
        no_value = f"case when starts_with({text}, '#') then {is_error} else false end"
        yield no_value, column, "is a spreadsheet's error, or a formula never calculated"
        if promise := _promise(spec, types[column]):
            unread = f'{text} is not null and "{column}" is null and not ({no_value})'
            yield unread, column, promise
        if types[column] == "VARCHAR" and has_lost_letters:
            lost = f"contains({text}, {sql.literal(DAMAGED)})"
            yield lost, column, "holds a letter that was lost in decoding"
        if column in phones:
            lost = f"regexp_matches({text}, {sql.literal(LOST_ZERO.pattern)})"
            yield lost, column, LOST_ZERO_SENTENCE


def _promise(spec: Mapping[str, object], kind: str) -> str:
    """What a column's text must be, to be read; nothing where any text will do."""
    if "values" in spec:
        return "is not a value that feeds.toml declares"
    if kind in ("TIMESTAMPTZ", "DATE"):
        return f"is not a {'time' if kind == 'TIMESTAMPTZ' else 'day'} written {spec['datetime']}"
    if str(spec.get("duration", "seconds")) != "seconds":
        return f"is not a duration written {spec['duration']}"
    if kind in ("BIGINT", "DOUBLE"):
        return "is not a whole number" if kind == "BIGINT" else "is not a number"
    return "is not written as feeds.toml says (pattern)" if "pattern" in spec else ""


def _errors(spec: Mapping[str, object]) -> str:
    """The words by which a spreadsheet says that it has no value, but for declared ones: |a|b|."""
    values = spec.get("values", {})
    declared = set(values) if isinstance(values, Mapping) else set()
    return sql.literal("|".join(["", *sorted(ERRORS - declared), ""]))
