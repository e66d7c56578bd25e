"""A text cell as what it should be, in SQL: null where it cannot be read as that."""

import re
from collections.abc import Iterable, Mapping

from csip_pipeline import clocks

DURATIONS = {"h:mm:ss": r"\d+:[0-5]\d:[0-5]\d", "m:ss": r"\d+:[0-5]\d"}
NO_NUMBER = ("e", "E", "_", "x", "X")
"""What DuckDB reads as part of a number though no supplier means one by it: 7.7E+11, 1_000."""


def typed(spec: Mapping[str, object], text: str, kind: str) -> str:
    """A text in the type of its column, the way its entry in feeds.toml says."""
    if "values" in spec:
        text = translated(text, spec["values"])
    if kind in ("TIMESTAMPTZ", "DATE"):
        return clock(text, str(spec["datetime"]), kind)
    if str(spec.get("duration", "seconds")) != "seconds":
        return duration(text, str(spec["duration"]))
    if kind in ("BIGINT", "DOUBLE"):
        return number(text, str(spec.get("thousands", "")), whole=kind == "BIGINT")
    if "pattern" in spec:
        return f"case when regexp_full_match({text}, {literal(spec['pattern'])}) then {text} end"
    return text


def translated(text: str, values: object) -> str:
    """A supplier's word as ours; null for any other word."""
    known = values if isinstance(values, Mapping) else {}
    told = " ".join(f"when {literal(key)} then {literal(word)}" for key, word in known.items())
    return f"case {text} {told} end" if told else "null"


def clock(text: str, layout: str, kind: str) -> str:
    """A time as written, or, where it gives its offset, in UTC; a DATE of midnight."""
    parsed = f"try_strptime({text}, {literal(layout)})"
    if "%z" in layout:
        parsed = f"make_timestamp(epoch_us({parsed}))"
    likely = f"between timestamp '{clocks.FIRST_DAY}' and timestamp '{clocks.LAST_DAY}'"
    whole = f"case when {parsed} {likely} then {parsed} end"
    return f"({whole})::date" if kind == "DATE" else whole


def duration(text: str, layout: str) -> str:
    """Seconds, from h:mm:ss or m:ss."""
    part = f"string_split({text}, ':')"
    seconds = (
        f"{part}[1]::double * 3600 + {part}[2]::double * 60 + {part}[3]::double"
        if layout == "h:mm:ss"
        else f"{part}[1]::double * 60 + {part}[2]::double"
    )
    return f"case when regexp_full_match({text}, {literal(DURATIONS[layout])}) then {seconds} end"


def number(text: str, thousands: str, *, whole: bool) -> str:
    """A number written in digits, with or without separators between thousands."""
    if thousands:
        grouped = rf"[+-]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})*(?:\.\d+)?|[+-]?\d+(?:\.\d+)?"
        text = (
            f"case when regexp_full_match({text}, {literal(grouped)}) "
            f"then replace({text}, {literal(thousands)}, '') end"
        )
    number = f"try_cast({text} as double)"
    usable = [f"isfinite({number})", *(f"not contains({text}, '{sign}')" for sign in NO_NUMBER)]
    if whole:
        usable.append(f"{number} % 1 = 0")
    return f"case when {' and '.join(usable)} then {number} end"


def moment(utc: str) -> str:
    """A TIMESTAMP in UTC as a moment, without asking the session's time zone."""
    return f"make_timestamptz(epoch_us({utc}))"


def literal(value: object) -> str:
    """A value of feeds.toml as a word of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def literals(values: Iterable[str]) -> str:
    """Several such words."""
    return ", ".join(literal(value) for value in values)
