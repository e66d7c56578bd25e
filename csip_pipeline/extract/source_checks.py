"""What may stand in a source's mapping, and the refusal of anything else with the nearest word."""

import difflib
from collections.abc import Iterable, Mapping

from csip_pipeline import promises
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.refusals import RefusedError

COLUMN_KEYS = frozenset(
    {
        "column",
        "columns",
        "join",
        "prefix",
        "value",
        "values",
        "ignore",
        "empty",
        "datetime",
        "duration",
    }
)
DURATIONS = ("seconds", "h:mm:ss", "m:ss")


def check_columns(columns: object, feed: Feed, name: str, *, needed: bool) -> None:
    """Refuse a mapping that names an unknown column or key, or leaves out what the feed needs."""
    if not isinstance(columns, Mapping) or (needed and not columns):
        raise RefusedError(f'feeds.toml, source "{name}": [source.columns] is missing.')
    promised = promises.duckdb_columns(feed.delivered)
    for column, spec in columns.items():
        known(column, promised, name, f"column of the feed {feed.name}")
        _check_spec(column, spec, f"{name}, column {column}", promised[column])
    missing = [column for column in feed.needs if column not in columns] if needed else []
    if missing:
        raise RefusedError(
            f'feeds.toml, source "{name}": {feed.name} needs the column {missing[0]}. Say where it '
            f'comes from, such as {missing[0]} = {{ column = "Name" }} or {{ value = "..." }}.'
        )


def _check_spec(column: str, spec: object, where: str, kind: str) -> None:
    """Refuse what one column's entry says wrongly."""
    if not isinstance(spec, Mapping):
        raise RefusedError(
            f'feeds.toml, source "{where}": write what it comes from, such as '
            f'{column} = {{ column = "Name" }}.'
        )
    for key in spec:
        known(key, COLUMN_KEYS, where, "key")
    if len({"column", "columns", "value"} & set(spec)) != 1:
        raise RefusedError(
            f'feeds.toml, source "{where}": give exactly one of column, columns and value.'
        )
    if kind == "TIMESTAMPTZ" and "datetime" not in spec:
        raise RefusedError(
            f'feeds.toml, source "{where}": say how its times are written, for example '
            'datetime = "%d/%m/%Y %H:%M:%S".'
        )
    if not isinstance(spec.get("values", {}), Mapping):
        raise RefusedError(
            f'feeds.toml, source "{where}": values says what each word means, such as '
            '{ Yes = "answered", No = "abandoned" }.'
        )
    if "duration" in spec:
        known(str(spec["duration"]), DURATIONS, where, "duration")


def known(word: str, words: Iterable[str], source: str, what: str) -> str:
    """The word itself, or a refusal that suggests the nearest known one."""
    choices = sorted(words)
    if word in choices:
        return word
    hint = nearest(word, choices) or f"Known: {', '.join(choices)}."
    raise RefusedError(f'feeds.toml, source "{source}": unknown {what} "{word}". {hint}')


def nearest(word: str, words: Iterable[str]) -> str:
    """A question whether the most similar of the words was meant, whatever its capitals."""
    folded = {one.casefold(): one for one in sorted(words, reverse=True)}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    return f'Did you mean "{folded[near[0]]}"?' if near else ""
