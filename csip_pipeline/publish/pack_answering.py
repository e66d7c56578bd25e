"""The tables of a pack that say how calls and chats were answered."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import with_subjects
from csip_pipeline.publish.pack_tables import INTERVAL, MONTH
from csip_pipeline.publish.workbook import Column, Table

OFFERED = (
    Column("offered", "Offered", "count", notes=("offered",)),
    Column("answered", "Answered", "count"),
    Column("abandoned", "Gave up", "count"),
)


def service_levels(figures: Figures) -> Table:
    """The headline service level by month and line, with its interval and its target."""
    rows = _levels(figures, clock="end_to_end")
    return Table(
        name="service_levels",
        sheet="Service levels",
        title="Service levels: callers answered within the standard",
        intro=(
            "Counts calls and web chats, each with its whole wait: the menu and every queue.",
            "The service level is those answered in time out of everybody offered.",
        ),
        columns=(
            MONTH,
            Column("title", "Line or channel"),
            *OFFERED,
            Column("answered_within", "Answered in time", "count"),
            Column("within_seconds", "Standard", "duration"),
            Column("service_level", "Service level", "share", notes=("service_level",)),
            Column("service_level_lower", "At least", "share", notes=INTERVAL),
            Column("service_level_upper", "At most", "share", notes=INTERVAL),
            Column("target_share", "Target", "share"),
        ),
        rows=rows,
        notes=("boundary",),
    )


def service_level_variants(figures: Figures) -> Table:
    """The same months under every formula in daily use."""
    return Table(
        name="service_level_variants",
        sheet="Other formulas",
        title="Service levels under the five formulas in daily use",
        intro=("Suppliers and forces count differently; the first column is this pack's own.",),
        columns=(
            MONTH,
            Column("title", "Line or channel"),
            Column("service_level", "Of all offered", "share"),
            Column("service_level_answered_only", "Of those answered", "share"),
            Column(
                "service_level_crediting_early_abandons", "Early hang-ups as successes", "share"
            ),
            Column("service_level_ignoring_early_abandons", "Early hang-ups left out", "share"),
            Column("service_level_ignoring_short_abandons", "Short hang-ups left out", "share"),
        ),
        rows=_levels(figures, clock="end_to_end"),
        notes=("variants",),
    )


def queues(figures: Figures) -> Table:
    """What the switch itself counts: each stay in a queue."""
    rows = _levels(figures, clock="queue", level="queue")
    return Table(
        name="queues",
        sheet="Queues",
        title="Queues: each stay in a queue, as the switch counts it",
        intro=(
            "A call that is passed on stands in two queues and is counted twice here.",
            "The wait starts again in each queue, so these waits are shorter than the caller's.",
        ),
        columns=(
            MONTH,
            Column("title", "Queue"),
            *OFFERED,
            Column("service_level", "In time, of all offered", "share"),
            Column("service_level_answered_only", "In time, of those answered", "share"),
            Column("median_wait_seconds", "Median wait", "duration"),
            Column("longest_wait_seconds", "Longest wait", "duration"),
        ),
        rows=rows,
        notes=("median",),
    )


def answer_performance(figures: Figures) -> Table:
    """The headline service level of each line over the months, as its chart draws it."""
    levels = _lines(figures.service_levels, "end_to_end")
    titles = sorted(levels["title"].unique())
    wide = levels.pivot(index="month", columns="title", values="service_level")
    wide["counts"] = _counts(levels).reindex(wide.index)
    return Table(
        name="answer_performance",
        sheet="Answer performance",
        title="Answer performance by month: service level of each line and channel",
        intro=("Each line is held to its own standard; the standards are in Response times.",),
        columns=(MONTH, *(Column(title, title, "share") for title in titles)),
        rows=wide.reset_index(),
        notes=("service_level",),
    )


def _counts(levels: pd.DataFrame) -> pd.Series:
    """What the levels of each month are of: title, subject, answered in time and offered."""
    told = with_subjects(levels)[["title", "subject", "answered_within", "offered"]]
    each = pd.Series(list(told.itertuples(index=False, name=None)), index=levels.index)
    return each.groupby(levels["month"]).agg(tuple)


def _levels(figures: Figures, *, clock: str, level: str | None = None) -> pd.DataFrame:
    rows = figures.of_the_cycle(figures.service_levels)
    if level is None:
        return _lines(rows, clock)
    return rows[(rows["clock"] == clock) & (rows["level"] == level)].assign(
        title=lambda queue: queue["title"].fillna(queue["queue"])
    )


def _lines(rows: pd.DataFrame, clock: str) -> pd.DataFrame:
    """One row a month for each telephone line, and for each channel that has no lines."""
    has_lines = rows["channel"] == "telephone"
    is_line = (rows["level"] == "line") & has_lines
    is_channel = (rows["level"] == "channel") & ~has_lines
    return rows[(rows["clock"] == clock) & (is_line | is_channel)]
