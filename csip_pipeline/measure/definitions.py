"""What each measure means: the one text that the documentation and the pack are made of."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TEXT = Path(__file__).with_suffix(".toml")
COLUMN_HEADINGS = ("column", "what it holds")


@dataclass(frozen=True)
class Definition:
    """One measure. Names of columns stand in backticks; `plain` leaves them out."""

    name: str
    title: str
    tables: tuple[str, ...]
    """The tables (schema.table) whose figures it defines; none where it is about several."""
    says: str
    """What it says, in words that anybody can read."""
    formula: str
    hides: str
    source: str
    edges: str
    notes: str = ""
    """What only an analyst needs to know."""
    headings: tuple[str, ...] = COLUMN_HEADINGS
    columns: tuple[tuple[str, ...], ...] = ()
    """Each column by name and what it holds, under the headings: for analysts."""


@cache
def definitions() -> tuple[Definition, ...]:
    """Every definition, in reading order. Raises ValueError where the text is not whole."""
    found = tuple(_definition(entry) for entry in _text()["definition"])
    names = [definition.name for definition in found]
    if len(set(names)) < len(names):
        raise ValueError(f"Two definitions have the same name: {sorted(names)}.")
    return found


def introduction() -> tuple[str, ...]:
    """What stands before the definitions in docs/measures.md, a paragraph each."""
    return tuple(" ".join(paragraph.split()) for paragraph in _text()["introduction"])


def plain(text: str) -> str:
    """The text without backticks, as a worksheet shows it."""
    return text.replace("`", "")


@cache
def _text() -> dict[str, Any]:
    return tomllib.loads(TEXT.read_text(encoding="utf-8"))


def _definition(entry: dict[str, object]) -> Definition:
    """One entry of the file. Raises ValueError where a field is missing, empty or unknown."""
    try:
        made = Definition(**{name: _value(value) for name, value in entry.items()})  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"The definition of {entry.get('name')} is not whole: {error}.") from None
    words = (made.says, made.formula, made.hides, made.source, made.edges)
    if not all(words) or any(len(row) != len(made.headings) for row in made.columns):
        raise ValueError(f"The definition of {made.name} is not whole: a field or cell is missing.")
    return made


def _value(value: object) -> object:
    """Text on one line; lists as tuples."""
    if isinstance(value, list):
        return tuple(_value(each) for each in value)
    return " ".join(str(value).split())
