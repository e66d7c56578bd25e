"""What a delivery says of itself beside its rows: when it was made, how many rows, which bytes.

It may say so in a done file that stands beside it (done_files), in its name, in lines before the
header and in its last line. What it says is held against what came.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from csip_pipeline import clocks
from csip_pipeline.extract.source_checks import known
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

TEXT_KEYS = frozenset({"preamble", "preamble_datetime", "trailer"})
"""The keys that a format of lines adds to a source on account of this module."""
COUNT = re.compile(r"[0-9]{1,15}")
AGREEMENT = dt.timedelta(days=1)
"""How far apart two declared moments may lie: a report may name only its day."""
DUE_DAY = 5
LAST_DUE_DAY = 28


@dataclass(frozen=True)
class Declared:
    """What one declaration says; None where it does not say."""

    extracted_at: dt.datetime | None = None
    rows: int | None = None
    sha256: str | None = None


def check(options: Mapping[str, object], name: str) -> None:
    """Refuse what a source's trailer, preamble and preamble_datetime say wrongly."""
    if "trailer" in options:
        check_trailer(options["trailer"], name)
    if "preamble" in options or "preamble_datetime" in options:
        check_preamble(options.get("preamble"), options.get("preamble_datetime"), name)


def check_done_file(value: object, name: str) -> str | None:
    """The ending of the file that says that a file is whole; None where none is sent."""
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\.[\w.-]*\w", value):
        raise _wrong(name, 'done_file is the ending put after a file\'s name, such as ".done".')
    return value


def check_due_day(value: object, name: str) -> int:
    """The day of the next month by which a month's extract must have been made; 0: never due."""
    if value is None:
        return DUE_DAY
    if type(value) is not int or not 0 <= value <= LAST_DUE_DAY:
        raise _wrong(
            name,
            f"due_day is a day of the month from 1 to {LAST_DUE_DAY}, such as {DUE_DAY}; or 0 for "
            "a system from which nothing is due.",
        )
    return value


def check_trailer(text: object, source_name: str) -> re.Pattern[str]:
    """The pattern of a file's last line, which names how many rows came before it."""
    pattern = _pattern(text, "trailer", source_name)
    if "rows" not in pattern.groupindex:
        raise _wrong(
            source_name,
            "trailer must have a group that is called rows, such as "
            r"trailer = 'TRL\|(?P<rows>\d+)'.",
        )
    return pattern


def check_preamble(lines: object, layout: object, source_name: str) -> list[re.Pattern[str]]:
    """The patterns of the lines before the header, one a line."""
    if not isinstance(lines, list) or not lines:
        raise _wrong(
            source_name,
            "preamble is a list with a pattern for each line before the header, such as "
            r"preamble = ['Extracted (?P<extracted_at>.+)'].",
        )
    patterns = [_pattern(line, "preamble", source_name) for line in lines]
    groups = [group for pattern in patterns for group in pattern.groupindex]
    for group in groups:
        known(group, ("extracted_at", "rows"), source_name, "group of preamble")
        if groups.count(group) > 1:
            raise _wrong(source_name, f"two lines of preamble have a group called {group}.")
    if ("extracted_at" in groups) != isinstance(layout, str):
        raise _wrong(
            source_name,
            "a group extracted_at in preamble and preamble_datetime go together, such as "
            'preamble_datetime = "%d/%m/%Y %H:%M".',
        )
    return patterns


def from_preamble(lines: Sequence[str], source: Source, file_name: str) -> Declared:
    """What the lines before the header say, one for each pattern of the source's preamble.

    Raises RefusedError, quoting no line, where one is not what its pattern says.
    """
    found: dict[str, str] = {}
    patterns = source.texts("preamble")
    for number, pattern in enumerate(patterns, start=1):
        line = lines[number - 1] if number <= len(lines) else None
        match = None if line is None else re.fullmatch(pattern, line.strip())
        if match is None:
            raise RefusedError(
                f"{file_name}, line {number}: is not what preamble in feeds.toml (source "
                f'"{source.name}") says of it. Correct the pattern, or ask the supplier why the '
                "lines before the header changed."
            )
        found |= {group: text for group, text in match.groupdict().items() if text is not None}
    said = found.get("extracted_at")
    rows = found.get("rows")
    return Declared(
        extracted_at=None if said is None else _moment(said, source, file_name),
        rows=None if rows is None else count(rows, "a line before the header", file_name),
    )


def hold_rows(declared: int | None, received: int, what: str, file_name: str) -> None:
    """Refuse a file that holds other than the number of rows that `what` declares."""
    if declared is not None and declared != received:
        raise RefusedError(
            f"{file_name} holds {received:,} rows, but {what} declares {declared:,}: it was cut "
            "off, or put together wrongly. Ask the supplier to send it again."
        )


def hold_bytes(declared: str | None, sha256: str, what: str, file_name: str) -> None:
    """Refuse a file that is not, byte for byte, the one that `what` declares."""
    if declared is not None and declared != sha256:
        raise RefusedError(
            f"{file_name} is not the file that {what} declares: its SHA-256 begins {sha256[:12]}, "
            f"and not {declared[:12]}. Ask the supplier to send both again."
        )


def extracted_at(
    source: Source,
    file_name: str,
    *,
    manifest: dt.datetime | None,
    header: dt.datetime | None,
    last_moment: dt.datetime | None,
) -> dt.datetime:
    """When a file was made, in UTC: the surest of what says so, and never its time on disk.

    That is its manifest, else its name, else its header, else feeds.toml, else the last moment it
    speaks of. Raises RefusedError where two of the first three differ by more than a day, because
    versions would then be taken in the wrong order.
    """
    said = {"its done file": manifest, "its name": source.stamped_at(file_name)}
    said["its header"] = header
    given = {what: moment.astimezone(dt.UTC) for what, moment in said.items() if moment is not None}
    for what, moment in given.items():
        first, surest = next(iter(given.items()))
        if abs(moment - surest) > AGREEMENT:
            raise RefusedError(
                f"{file_name}: {first} says that it was made on {surest:%Y-%m-%d %H:%M} UTC, and "
                f"{what} on {moment:%Y-%m-%d %H:%M} UTC. Versions are told apart by it: correct "
                "the one that is wrong."
            )
    chosen = next(iter(given.values()), None) or source.extracted_at or last_moment
    if chosen is None:
        raise RefusedError(
            f"{file_name}: nothing says when it was made. Put a stamp in its name "
            "(20261101T0500Z), or extracted_at in its source in feeds.toml."
        )
    return chosen.astimezone(dt.UTC)


def _pattern(text: object, key: str, name: str) -> re.Pattern[str]:
    try:
        return re.compile(text) if isinstance(text, str) else re.compile("(")
    except re.error:
        raise _wrong(name, f"{key} is not a regular expression: {text!r}.") from None


def _moment(text: str, source: Source, file_name: str) -> dt.datetime:
    layout = source.text("preamble_datetime", "")
    try:
        moment = dt.datetime.strptime(text.strip(), layout)  # noqa: DTZ007 - its zone follows
    except ValueError:
        raise RefusedError(
            f"{file_name}: the moment before the header is not written {layout}. Correct "
            f'preamble_datetime in feeds.toml (source "{source.name}").'
        ) from None
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    return clocks.moment(moment, source.text("zone", "UTC"))


def count(text: str, what: str, file_name: str) -> int:
    """A number of rows as somebody wrote it."""
    digits = re.sub(r"[ ,]", "", text)
    if not COUNT.fullmatch(digits):
        raise RefusedError(
            f"{file_name}: {what} does not say a number of rows. Correct its pattern in feeds.toml."
        )
    return int(digits)


def _wrong(name: str, told: str) -> RefusedError:
    return RefusedError(f'feeds.toml, source "{name}": {told}')
