"""measure.event_effects: the level of each headline measure before and after each dated event."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from csip_pipeline import promises
from csip_pipeline.calendars import months_after
from csip_pipeline.measure.effect_words import in_words
from csip_pipeline.measure.headlines import QUERIES, Headline, headlines
from csip_pipeline.measure.level_changes import FEWEST, LevelChange, Reals, level_change
from csip_pipeline.measure.trends import UNITS
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_null, is_one_of
from csip_pipeline.warehouse import Connection

TOO_FEW = "too few months to tell"
VERDICTS = ["rose", "fell", "no clear change", TOO_FEW]
MOST = 12


class EventEffects(Promise):
    """One row per event, headline measure and subject it bears on: the level before and after.

    Before are the months up to the one in which it happened, after the whole months from then on;
    of an event that ended, the months that it touched. Only the 12 months next to the event count.
    None lies beyond another event on the same measure that lasts or rebases, nor in a month that
    one which ended touches; words names those events. change is after less before, with a 95 %
    interval that allows for months resembling their neighbours. It says what changed at the time,
    not what caused it. words says so plainly.
    """

    event: Text
    title: Text
    happened_on: Day
    measure: Text
    subject: Text
    unit: Text = pa.Field(isin=UNITS)
    months_before: Whole = pa.Field(ge=0)
    months_after: Whole = pa.Field(ge=0)
    level_before: Real = pa.Field(nullable=True)
    level_after: Real = pa.Field(nullable=True)
    change: Real = pa.Field(nullable=True)
    change_lower: Real = pa.Field(nullable=True)
    change_upper: Real = pa.Field(nullable=True)
    verdict: Text = pa.Field(isin=VERDICTS)
    words: Text

    @rule("a change must be given wherever there are months enough to tell, and only there")
    def is_told_where_it_can_be(cls, effects: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Too few months say nothing, not even a number."""
        return is_one_of(effects["verdict"], [TOO_FEW]) == is_null(effects["change"])


def made(con: Connection, _: dt.date | None) -> pd.DataFrame:
    """Every event's effect on every headline measure that it bears on."""
    rows = [
        effect(headline, event)
        for headline in headlines(con)
        for event in headline.events.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=list(promises.duckdb_columns(EventEffects)))


def effect(headline: Headline, event: Any) -> dict[str, object]:  # noqa: ANN401 - a named tuple
    """One row of the table: an event (a row of dated_events.sql) and a headline measure."""
    months = headline.months["month"]
    is_before, is_after = _sides(months, event)
    others = headline.events[headline.events["event"] != event.event]
    taken_out = [_taken_out(months, event, other) for other in others.itertuples(index=False)]
    counts = ~np.logical_or.reduce([np.zeros(len(months), dtype=bool), *taken_out])
    values = headline.months["value"]
    row = {
        "event": event.event,
        "title": event.title,
        "happened_on": event.happened_on,
        "measure": headline.measure,
        "subject": headline.subject,
        "unit": headline.unit,
        **_levels(
            values[is_before & counts].to_numpy("float64"),
            values[is_after & counts].to_numpy("float64"),
        ),
    }
    is_near = is_before | is_after
    named = [
        title
        for title, out in zip(others["title"], taken_out, strict=True)
        if (out & is_near).any()
    ]
    return {**row, "words": in_words(row, named, has_ended=pd.notna(event.ended_on))}


def _levels(before: Reals, after: Reals) -> dict[str, object]:
    """The levels on both sides, and how they differ if there are months enough to tell."""
    is_enough = min(len(before), len(after)) >= FEWEST
    found = level_change(before, after) if is_enough else None
    return {
        "months_before": len(before),
        "months_after": len(after),
        "level_before": before.mean() if len(before) else None,
        "level_after": after.mean() if len(after) else None,
        "change": found and found.change,
        "change_lower": found and found.lower,
        "change_upper": found and found.upper,
        "verdict": _verdict(found),
    }


def _verdict(found: LevelChange | None) -> str:
    if found is None:
        return TOO_FEW
    if found.lower > 0:
        return "rose"
    return "fell" if found.upper < 0 else "no clear change"


def _sides(months: pd.Series, event: Any) -> tuple[pd.Series, pd.Series]:  # noqa: ANN401
    """Which months count as before the event and which as after it, or as while it lasted."""
    earliest = pd.Timestamp(months_after(event.first_touched.date(), -MOST))
    is_before = (months >= earliest) & (months < event.first_touched)
    if pd.notna(event.ended_on):
        return is_before, (months >= event.first_touched) & (months <= event.last_touched)
    latest = pd.Timestamp(months_after(event.first_whole.date(), MOST))
    return is_before, (months >= event.first_whole) & (months < latest)


def _taken_out(months: pd.Series, event: Any, other: Any) -> pd.Series:  # noqa: ANN401
    """Which months another event takes out of the comparison.

    One that lasts or rebases: all that lie on its other side, its own month too. One that ended:
    the months that it touched.
    """
    has_ended = pd.notna(other.ended_on)
    touched = (months >= other.first_touched) & (months <= other.last_touched)
    if has_ended and not other.is_rebasing:
        return touched
    if (other.happened_on, other.event) < (event.happened_on, event.event):
        beyond = months < other.first_whole
    else:
        beyond = months >= other.first_touched
    return beyond | touched if has_ended else beyond


TABLE = Table("measure.event_effects", EventEffects, QUERIES, made=made, is_history=True)
