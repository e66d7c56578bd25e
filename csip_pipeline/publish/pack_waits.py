"""The tables of a pack that say how long callers waited."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import SUBJECT, lines_and_channels
from csip_pipeline.publish.pack_tables import MONTH
from csip_pipeline.publish.workbook import Column, Table

BANDS = (
    ("waits_under_10_seconds", "Under 10 seconds"),
    ("waits_10_to_60_seconds", "10 seconds to 1 minute"),
    ("waits_1_to_5_minutes", "1 to 5 minutes"),
    ("waits_5_to_10_minutes", "5 to 10 minutes"),
    ("waits_10_to_20_minutes", "10 to 20 minutes"),
    ("waits_20_minutes_or_more", "20 minutes or more"),
    ("waits_unknown", "Not known"),
)
ANSWERED = Column("answered", "Answered", "count")
GAVE_UP = Column("abandoned_share", "Gave up", "share", notes=("abandoned",))


def waits(figures: Figures) -> Table:
    """How long those answered waited."""
    return Table(
        name="waits",
        sheet="Waits",
        title="Waits of those who were answered",
        intro=("An average over those answered looks better when more people give up.",),
        columns=(
            MONTH,
            SUBJECT,
            ANSWERED,
            Column("mean_wait_seconds", "Mean", "duration"),
            Column("median_wait_seconds", "Median", "duration"),
            Column("p90_wait_seconds", "9 in 10 waited less than", "duration"),
            Column("p95_wait_seconds", "19 in 20 waited less than", "duration"),
            Column("longest_wait_seconds", "Longest", "duration"),
            GAVE_UP,
        ),
        rows=_answering(figures),
        notes=("median",),
    )


def median_waits(figures: Figures) -> Table:
    """The median with its interval, and beside it that of everybody offered."""
    return Table(
        name="median_waits",
        sheet="Median waits",
        title="Median waits: of those answered, and of everybody offered",
        columns=(
            MONTH,
            SUBJECT,
            ANSWERED,
            Column("median_wait_seconds", "Median of those answered", "duration"),
            Column("median_wait_seconds_lower", "At least", "duration"),
            Column("median_wait_seconds_upper", "At most", "duration"),
            Column("median_wait_of_offered_seconds", "Median of all offered", "duration"),
            GAVE_UP,
        ),
        rows=_answering(figures),
        notes=("median", "median_interval", "kaplan_meier"),
    )


def wait_bands(figures: Figures) -> Table:
    """How many of those answered waited how long."""
    return Table(
        name="wait_bands",
        sheet="Wait bands",
        title="Wait bands: how many of those answered waited how long",
        intro=("A wait of exactly a minute counts among those of 1 to 5 minutes, and so on.",),
        columns=(
            MONTH,
            SUBJECT,
            *(Column(name, heading, "count") for name, heading in BANDS),
            Column("answered", "All answered", "count"),
        ),
        rows=_answering(figures),
    )


def hidden_waits(figures: Figures) -> Table:
    """How much of the wait the switch does not report."""
    return Table(
        name="hidden_waits",
        sheet="Hidden wait",
        title="Hidden wait: what callers wait beyond the first queue",
        columns=(
            MONTH,
            SUBJECT,
            ANSWERED,
            Column("mean_wait_seconds", "Mean wait, whole", "duration"),
            Column("mean_first_queue_wait_seconds", "Mean in the first queue", "duration"),
            Column("mean_hidden_wait_seconds", "Mean hidden wait", "duration"),
            Column("hidden_wait_share", "Hidden, of the whole", "share"),
        ),
        rows=_answering(figures),
        notes=("hidden_wait",),
    )


def _answering(figures: Figures) -> pd.DataFrame:
    rows = figures.of_the_cycle(figures.service_levels)
    return lines_and_channels(rows[rows["clock"] == "end_to_end"])
