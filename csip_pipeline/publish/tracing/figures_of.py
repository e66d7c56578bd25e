"""Who is behind a figure in the words of its table: the populations that figures are counted of."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import subject_of
from csip_pipeline.publish.tracing.selections import (
    ANSWERED,
    CLOCKS,
    FATES,
    GAVE_UP,
    OFFERED,
    Selection,
)


@dataclass(frozen=True)
class Figure:
    """A cell by what is behind its words: a row of the table's frame, and a column of it."""

    row: Mapping[str, Any]
    column: str
    figures: Figures

    @property
    def months(self) -> tuple[dt.date, ...]:
        """The month that the row is of; else those of the cycle that are in."""
        month = self.row.get("month")
        if month is None or pd.isna(month):
            return tuple(self.figures.months_in)
        return (pd.Timestamp(month).date(),)

    def text(self, name: str) -> str | None:
        """A column of the row; None where the row says nothing in it."""
        value = self.row.get(name)
        return None if value is None or pd.isna(value) else str(value)


@dataclass(frozen=True)
class Behind:
    """Who is behind a figure: in words, and as questions to the warehouse that do not overlap."""

    whom: str
    selections: tuple[Selection, ...]


Find = Callable[[Figure], Behind]
Place = Callable[[Figure], Selection]


def behind(whom: str, *selections: Selection) -> Behind:
    """What one or several questions find."""
    return Behind(whom, selections)


def of_level(figure: Figure) -> Selection:
    """Whom a row is about by its level: all contact, a channel, a line, or a queue of it."""
    level, channel, line = (figure.text(name) for name in ("level", "channel", "line"))
    if level in (None, "all"):
        return Selection(months=figure.months)
    if level == "channel":
        return Selection(months=figure.months, channels=(str(channel),))
    queue = figure.text("queue") if level == "queue" else None
    return Selection(months=figure.months, places=(place(channel, line),), queue=queue)


def of_subject(figure: Figure) -> Selection:
    """Whom a row is about that only has its subject in words."""
    return of_title(figure, str(figure.row["subject"]))


def of_title(figure: Figure, subject: str) -> Selection:
    """Everybody of a line or channel, by the words that the pack has for it."""
    levels = figure.figures.service_levels
    known = levels[["channel", "line"]].drop_duplicates().itertuples(index=False, name=None)
    named = {place(*each) for each in known if subject_of(*each) == subject}
    return Selection(months=figure.months, places=tuple(sorted(named)))


def place(channel: object, line: object) -> str:
    """A channel with its line, as queries put them together."""
    return str(channel) if pd.isna(line) else f"{channel} {line}"


def everybody(where: Selection) -> Behind:
    """All contacts."""
    return behind("all contacts", where)


def offered(where: Selection) -> Behind:
    """Whoever was answered or gave up."""
    return behind("everybody offered", replace(where, outcomes=OFFERED, has_queued=True))


def answered(where: Selection) -> Behind:
    """Whoever was answered after standing in a queue."""
    return behind("those answered", replace(where, outcomes=ANSWERED, has_queued=True))


def gave_up(where: Selection) -> Behind:
    """Whoever gave up."""
    return behind("those who gave up", replace(where, outcomes=GAVE_UP, has_queued=True))


def met_with(where: Selection, whom: str, *fates: str) -> Behind:
    """Whoever gave up and met with one of these fates."""
    return behind(whom, replace(where, query=FATES, fates=fates))


def clocked(where: Selection, whom: str, *statuses: str) -> Behind:
    """Whose clocks ended with one of these statuses; with any, where none is given."""
    return behind(whom, replace(where, query=CLOCKS, statuses=statuses or None))
