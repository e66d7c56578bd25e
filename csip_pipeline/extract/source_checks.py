"""What may stand in a source's mapping, and the refusal of anything else with the nearest word."""

import difflib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath

import duckdb

from csip_pipeline import promises, warehouse
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.refusals import RefusedError, is_unseen

COLUMN_KEYS = frozenset(
    {
        "column",
        "columns",
        "join",
        "may_be_missing",
        "prefix",
        "value",
        "values",
        "ignore",
        "empty",
        "datetime",
        "duration",
        "pattern",
        "thousands",
    }
)
WRITTEN = {"TIMESTAMPTZ": ("times", "%d/%m/%Y %H:%M:%S"), "DATE": ("days", "%d/%m/%Y")}
"""What must say how it is written, and an example, by the type of its column."""
DURATIONS = ("seconds", "h:mm:ss", "m:ss")


def check_files(pattern: str, name: str) -> None:
    """Refuse a pattern of files that could only be meant for what lies outside extracts/."""
    parts = PurePosixPath(pattern).parts
    if PureWindowsPath(pattern).anchor or PurePosixPath(pattern).anchor or ".." in parts:
        raise RefusedError(
            f'feeds.toml, source "{name}": files is a pattern under extracts/, such as '
            '"telephony/calls_*.csv"; it cannot lead elsewhere.'
        )
    if any(map(is_unseen, pattern)):
        raise RefusedError(
            f'feeds.toml, source "{name}": files holds characters that cannot be seen. Write it '
            "again."
        )


def check_columns(columns: object, feed: Feed, name: str, *, needed: bool) -> None:
    """Refuse a mapping that names an unknown column or key, or leaves out what the feed needs."""
    if not isinstance(columns, Mapping) or (needed and not columns):
        raise RefusedError(f'feeds.toml, source "{name}": [source.columns] is missing.')
    promised = promises.duckdb_columns(feed.delivered)
    for column, spec in columns.items():
        known(column, promised, name, f"column of the feed {feed.name}")
        _check_spec(column, spec, f"{name}, column {column}", promised[column])
        _check_words(spec, _words(feed, column), f"{name}, column {column}")
        _check_missing(column, spec, feed, name)
    missing = [column for column in feed.needs if column not in columns] if needed else []
    if missing:
        raise RefusedError(
            f'feeds.toml, source "{name}": {feed.name} needs the column {missing[0]}. Say where it '
            f'comes from, such as {missing[0]} = {{ column = "Name" }} or {{ value = "..." }}.'
        )


def _check_missing(column: str, spec: Mapping[str, object], feed: Feed, name: str) -> None:
    """Refuse that a column may be missing which cannot."""
    if "may_be_missing" not in spec:
        return
    if column in feed.needs:
        raise RefusedError(
            f'feeds.toml, source "{name}": {feed.name} needs {column}, so it cannot be missing.'
        )
    if spec["may_be_missing"] is not True or "column" not in spec or "ignore" in spec:
        raise RefusedError(
            f'feeds.toml, source "{name}, column {column}": may_be_missing = true goes with one '
            "column, and not with ignore."
        )


def _words(feed: Feed, column: str) -> list[str]:
    """The only words that a column may hold; none where any text will do."""
    checks = feed.delivered.to_schema().columns[column].checks
    return [str(word) for one in checks for word in one.statistics.get("allowed_values", [])]


def _check_words(spec: Mapping[str, object], words: list[str], where: str) -> None:
    """Refuse a word that a column of few words cannot hold, so that no row is lost to a slip."""
    values = spec.get("values", {})
    given = list(values.values()) if isinstance(values, Mapping) else []
    for word in [*given, *([spec["value"]] if "value" in spec and not values else [])]:
        if words:
            known(str(word), words, where, "value")


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
    if kind in WRITTEN and "datetime" not in spec:
        what, layout = WRITTEN[kind]
        raise RefusedError(
            f'feeds.toml, source "{where}": say how its {what} are written, for example '
            f'datetime = "{layout}".'
        )
    if kind == "DATE" and "%z" in str(spec["datetime"]):
        raise RefusedError(f'feeds.toml, source "{where}": a day has no offset, so leave out %z.')
    if not isinstance(spec.get("values", {}), Mapping):
        raise RefusedError(
            f'feeds.toml, source "{where}": values says what each word means, such as '
            '{ Yes = "answered", No = "abandoned" }.'
        )
    if "duration" in spec:
        known(str(spec["duration"]), DURATIONS, where, "duration")
    for key, tried, example in (
        ("datetime", "select try_strptime('', $word)", "%d/%m/%Y %H:%M:%S"),
        ("pattern", "select regexp_full_match('', $word)", "C[0-9]+"),
    ):
        if key in spec and not _is_read(tried, str(spec[key])):
            raise RefusedError(
                f'feeds.toml, source "{where}": {key} = "{spec[key]}" cannot be read. Write it '
                f'like "{example}" (docs/feeds.md).'
            )


def check_dialect(options: Mapping[str, object], name: str) -> None:
    """Refuse a delimiter, quote or escape that is not one character, or an unknown word."""
    for key, shortest in (("delimiter", 1), ("quote", 0), ("escape", 0)):
        if key in options and not shortest <= len(str(options[key])) <= 1:
            raise RefusedError(
                f'feeds.toml, source "{name}": {key} must be one character, such as ";" or "\\t"'
                + ("." if shortest else ', or "" for none.')
            )
    known(str(options.get("lost_letters", "refuse")), ("refuse", "quarantine"), name, "word")


def check_lines(options: Mapping[str, object], feed: Feed, name: str) -> None:
    """Refuse a line that calls cannot have, whether of one queue (`lines`) or of the rest."""
    lines = options.get("lines", {})
    given = [*(lines.values() if isinstance(lines, Mapping) else []), options.get("line", "other")]
    for line in given if "line" in feed.needs else []:
        known(str(line), _words(feed, "line"), name, "line")


@lru_cache(maxsize=256)
def _is_read(query: str, word: str) -> bool:
    """Whether DuckDB, which will have to read by it, understands a date format or a pattern."""
    with warehouse.connected(Path(":memory:")) as con:
        try:
            con.execute(query, {"word": word}).fetchall()
        except duckdb.Error:
            return False
    return True


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
