"""What an event's effect is in plain words: one sentence from a fixed template, with its units."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def in_words(row: Mapping[str, Any], others: Iterable[str], *, has_ended: bool) -> str:
    """The sentence for a row of measure.event_effects, naming the other events that cut it short.

    Shares are in per cent and their change in percentage points, seconds are m:ss.
    """
    then = "while it lasted" if has_ended else "after"
    if row["change"] is None:
        told = f"{row['months_before']} before, {row['months_after']} {then}"
    else:
        level, change, unit = TOLD[row["unit"]]
        told = (
            f"{level(row['level_before'])} before, {level(row['level_after'])} {then} (change "
            f"between {change(row['change_lower'])} and {change(row['change_upper'])}{unit})"
        )
    sentence = f"{str(row['verdict']).capitalize()}: {told}."
    named = "; ".join(others)
    return f"{sentence} Left out: months of or beyond {named}." if named else sentence


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points(share: float) -> str:
    return f"{round(100 * share, 1) + 0:+.1f}"


def _clock(seconds: float) -> str:
    minutes, left = divmod(round(abs(seconds)), 60)
    return f"{'-' if round(seconds) < 0 else ''}{minutes:,}:{left:02}"


def _signed_clock(seconds: float) -> str:
    return _clock(seconds) if round(seconds) < 0 else f"+{_clock(seconds)}"


def _number(contacts: float) -> str:
    return f"{round(contacts):,}"


def _signed_number(contacts: float) -> str:
    return f"{round(contacts):+,}"


Told = tuple[Callable[[float], str], Callable[[float], str], str]
TOLD: dict[str, Told] = {
    "share": (_percent, _points, " points"),
    "seconds": (_clock, _signed_clock, " minutes"),
    "contacts": (_number, _signed_number, " contacts"),
}
