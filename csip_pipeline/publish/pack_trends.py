"""The tables of a pack that say which changes are more than chance.

A pack is of its cycle: limits and effects rest on the months up to its end, so that a month that
comes in later restates nothing that is published.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from csip_pipeline.measure import event_effects
from csip_pipeline.measure.headlines import Headline
from csip_pipeline.measure.level_changes import FEWEST
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import ALL
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES, MONTH
from csip_pipeline.publish.pack_trend_limits import LIMITS, charts
from csip_pipeline.publish.pack_trend_words import CLOCK_TITLES, MEASURE_TITLES
from csip_pipeline.publish.workbook import Column, Table
from csip_pipeline.publish.workbook_parts import Kind

UNITS: dict[str, tuple[str, Kind]] = {
    "share": ("Trends in shares", "share"),
    "seconds": ("Trends in waits", "duration"),
    "contacts": ("Trends in counts", "count"),
}
MEASURE = Column("measure_title", "Measure")
SUBJECT = Column("subject_title", "Of")
WITHIN = "A limit below nought is shown as nought, and one of a share above 100% as 100%."
EFFECT_COLUMNS = ["measure_title", "subject_title", "words"]


def trends(latest: pd.DataFrame) -> list[Table]:
    """The cycle's last month of each headline measure, on a sheet for each unit."""
    return [
        _trend_table(latest[latest["unit"] == unit].reset_index(drop=True), unit) for unit in UNITS
    ]


def effects(figures: Figures) -> Table:
    """The level before and after each event, in words."""
    columns = ["title", "happened_on", "measure", "subject", *EFFECT_COLUMNS]
    rows = pd.DataFrame(told_effects(figures), columns=columns)
    return Table(
        name="event_effects",
        sheet="Effects of events",
        title="Effects of events: the level of each measure before and after",
        intro=("It says what changed at the time, and not what caused it.",),
        columns=(
            Column("title", "Event", width=26),
            Column("happened_on", "On", "date"),
            MEASURE,
            SUBJECT,
            Column("words", "What changed", width=70),
        ),
        rows=rows,
        notes=("effects",),
    )


def _trend_table(rows: pd.DataFrame, unit: str) -> Table:
    sheet, kind = UNITS[unit]
    return Table(
        name=f"trends_of_{unit}",
        sheet=sheet,
        title=f"{sheet}: whether each has changed more than chance does",
        intro=(
            "Each in its last month of the cycle, beside what its other months lead to expect.",
            WITHIN,
        ),
        columns=(
            MEASURE,
            SUBJECT,
            MONTH,
            Column("value", "Value", kind),
            Column("mean", "Mean", kind),
            Column("lower", "Lower limit", kind),
            Column("upper", "Upper limit", kind),
            Column("meaning", "What it shows", width=40),
            *(
                (
                    Column("target", "Target", kind, missing="[z]"),
                    Column("against", "Against its target", missing="[z]", width=24),
                )
                if rows["target"].notna().any()
                else ()
            ),
        ),
        rows=rows,
        notes=("limits",),
    )


def latest(figures: Figures) -> pd.DataFrame:
    """The last month of each chart as it stood at the cycle's end, if it is one of the cycle's."""
    ends = [chart.tail(1) for chart in charts(figures)]
    empty = figures.trends.assign(**dict.fromkeys(LIMITS))
    return titled(figures.of_the_cycle(pd.concat([empty.iloc[:0], *ends]).reset_index(drop=True)))


def told_effects(figures: Figures) -> Iterator[dict[str, object]]:
    """Each event's effect as far as the cycle's end; none that can say nothing yet."""
    bears = figures.event_effects.groupby(["measure", "subject"])["event"].agg(set)
    charted = titled(figures.trends.drop_duplicates(["measure", "subject"]))
    for title in charted.itertuples(index=False):
        own = (figures.trends["measure"] == title.measure) & (
            figures.trends["subject"] == title.subject
        )
        rows = figures.trends[own].reset_index(drop=True)
        names = bears.get((title.measure, title.subject), set())
        events = figures.dated_events[figures.dated_events["event"].isin(names)]
        headline = Headline(
            title.measure, title.subject, title.unit, title.improvement, rows, events
        )
        for event in events.itertuples(index=False):
            if not _may_tell(rows["month"], event):
                continue
            row = event_effects.effect(headline, event)
            if row["verdict"] != event_effects.TOO_FEW:
                named = {
                    "measure_title": title.measure_title,
                    "subject_title": title.subject_title,
                }
                yield {**row, **named}


def _may_tell(months: pd.Series, event: Any) -> bool:  # noqa: ANN401 - a named tuple
    """Whether an event has months enough on both sides, before any are left out."""
    before = int((months < event.first_touched).sum())
    return min(before, len(months) - before) >= FEWEST


def titled(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their measure and subject as the panel knows them, in the order of measures."""
    order = list(MEASURE_TITLES)
    titled = rows.assign(
        measure_title=rows["measure"].map(MEASURE_TITLES).fillna(rows["measure"]),
        subject_title=[
            title if isinstance(title, str) else subject_title(str(subject))
            for subject, title in zip(rows["subject"], rows["title"], strict=True)
        ],
        place=rows["measure"].map(lambda measure: order.index(measure) if measure in order else 99),
    )
    return titled.sort_values(["place", "subject_title"], kind="stable").reset_index(drop=True)


def subject_title(subject: str) -> str:
    """A line, a channel, a channel and its clock, a service, or all."""
    if subject == "all":
        return ALL
    if subject.isdigit():
        return f"{subject} calls"
    channel, _, clock = subject.partition(" ")
    if channel in CHANNEL_TITLES:
        said = f", {CLOCK_TITLES.get(clock, clock)}" if clock else ""
        return f"{CHANNEL_TITLES[channel]}{said}"
    return subject.replace("_", " ").capitalize()
