"""The control charts of a pack's headline measures, month by month: their tables.

Only a few measures have one: a panel that is shown forty charts reads none.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from csip_pipeline.measure.headlines import COUNTS
from csip_pipeline.publish import pack_control_charts, pack_trends
from csip_pipeline.publish.pack_control_charts import BY_MONTH
from csip_pipeline.publish.pack_control_words import KINDS, TITLED
from csip_pipeline.publish.pack_drafts import Drawn
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import ALL
from csip_pipeline.publish.pack_tables import MONTH
from csip_pipeline.publish.pack_trend_limits import charts
from csip_pipeline.publish.pack_trend_words import FIRM
from csip_pipeline.publish.workbook import Column, Table

PREFIX = "control_"
"""How the names of these tables begin."""
FOLLOWING = frozenset({"mean", "lower", "upper", "words", *KINDS})
"""Columns that follow from the values of all months."""
FEWEST = 2
"""Months without which there is nothing to chart."""
NOT_IN_A_NAME = re.compile("[^a-z0-9]+")


class Charted(NamedTuple):
    """A measure and subject that has a chart, and what its two worksheets go by."""

    measure: str
    subject: str
    name: str

    @property
    def table(self) -> str:
        """The name of its table."""
        return f"{PREFIX}{self.measure}_{NOT_IN_A_NAME.sub('_', self.subject.casefold())}"


CHARTED = (
    Charted("service_level", "101", "101 in time"),
    Charted("service_level", "999", "999 in time"),
    Charted("median_wait_seconds", "101", "101 median wait"),
    Charted("abandoned_share", "101", "101 gave up"),
    Charted("digital_share", "all", "Digital share"),
    Charted("avoidable_share", "all", "Avoidable demand"),
    Charted("repeat_share_28", "all", "Repeat contact"),
    Charted("kept_share", "telephone callback", "Callbacks kept"),
)


def items(figures: Figures) -> tuple[Table | Drawn, ...]:
    """Each chart, then its table; nothing of a measure without months enough up to the cycle."""
    return tuple(
        item
        for table in tables(figures)
        for item in (Drawn(table.name, pack_control_charts.chart), table)
    )


def tables(figures: Figures) -> list[Table]:
    """The months of each measure that is charted, in the order in which they are declared."""
    wanted = [(one.measure, one.subject) for one in CHARTED]
    found = {
        (chart["measure"].iloc[0], chart["subject"].iloc[0]): chart
        for chart in charts(figures, wanted)
    }
    known = [(one, found.get(about)) for one, about in zip(CHARTED, wanted, strict=True)]
    return [
        _table(one, pack_trends.titled(rows), figures)
        for one, rows in known
        if rows is not None and len(rows) >= FEWEST and len(figures.of_the_cycle(rows.tail(1)))
    ]


def _table(charted: Charted, rows: pd.DataFrame, figures: Figures) -> Table:
    _, kind = pack_trends.UNITS[str(rows["unit"].iloc[0])]
    measure, subject = str(rows["measure_title"].iloc[0]), str(rows["subject_title"].iloc[0])
    of = "all contact" if subject == ALL else subject
    return Table(
        name=charted.table,
        sheet=f"{charted.name}{BY_MONTH}",
        title=f"{measure}, {of}{TITLED}",
        intro=(
            "Each month, beside what the months of its chart lead to expect.",
            pack_trends.WITHIN,
            "The last columns repeat each value under what it shows: the chart's markers.",
            *_starts(rows, figures),
        ),
        columns=(
            MONTH,
            Column("value", "Value", kind),
            Column("mean", "Mean", kind),
            Column("lower", "Lower limit", kind, missing="[z]"),
            Column("upper", "Upper limit", kind, missing="[z]"),
            *([Column("target", "Target", kind, missing="[z]")] if _has_target(rows) else []),
            Column("words", "What it shows", notes=("limits",), width=48),
            *(Column(name, one.heading, kind, missing="[z]") for name, one in KINDS.items()),
        ),
        rows=_with_markers(rows),
        notes=("markers",),
        key_columns=1,
    )


def _has_target(rows: pd.DataFrame) -> bool:
    return bool(rows["target"].notna().any())


def _with_markers(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with each value once more in the column of what it shows."""
    kept = rows[
        [
            *("measure", "subject", "measure_title", "subject_title", "month", "value", "segment"),
            *("mean", "lower", "upper", "target", "meaning", "against", *COUNTS),
        ]
    ]
    markers = {
        name: rows["value"].where(rows["point_type"].isin(one.point_types))
        for name, one in KINDS.items()
    }
    return kept.assign(words=rows["shows"], **markers)


def _starts(rows: pd.DataFrame, figures: Figures) -> list[str]:
    """When limits start afresh, at which events, and which rest on few months."""
    events = figures.dated_events.reindex(columns=["event", "title"])
    titles = dict(events.itertuples(index=False, name=None))
    return [line for _, months in rows.groupby("segment") for line in _start(months, titles)]


def _start(months: pd.DataFrame, titles: dict[str, str]) -> Iterator[str]:
    """The same of one segment."""
    since, rebased_by = f"{months['month'].iloc[0]:%B %Y}", months["rebased_by"].iloc[0]
    if isinstance(rebased_by, str):
        named = ", ".join(titles.get(event, event) for event in rebased_by.split(", "))
        yield f"Limits start afresh in {since}: {named}."
    if len(months) < FIRM:
        number = "1 month" if len(months) == 1 else f"{len(months)} months"
        yield f"Limits from {since} rest on {number} only."
