"""How the tables of a pack about trends, and those without figures of contact, are traced."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from csip_pipeline.publish.pack_control import CHARTED
from csip_pipeline.publish.pack_control_words import KINDS
from csip_pipeline.publish.pack_demand import REASON_TITLES
from csip_pipeline.publish.pack_trends import UNITS
from csip_pipeline.publish.tracing.declared_channels import ONLINE, completed
from csip_pipeline.publish.tracing.declaring import EVERY_CHANNEL, Traced
from csip_pipeline.publish.tracing.figures_of import (
    Behind,
    Figure,
    answered,
    clocked,
    everybody,
    offered,
)
from csip_pipeline.publish.tracing.selections import Selection

Months = tuple[dt.date, ...]
JUDGED = frozenset({"service_level", "kept_share"})
"""Headline measures that a standard judges."""
REGISTERED = {
    "status": "outcome",
    "age_days": "made_on",
    "moves": "measure",
    "effect": "measure.event_effects.words",
    "now": "measure.trends.special_cause",
}


def _subject(months: Months, subject: str) -> Selection:
    """A telephone line by its number, a channel by its name, or all contact."""
    if subject == "all":
        return Selection(months=months)
    if subject.isdigit():
        return Selection(months=months, places=(f"telephone {subject}",))
    return Selection(months=months, channels=(subject,))


def _promise(months: Months, subject: str) -> Selection:
    channel, _, clock = subject.partition(" ")
    return Selection(months=months, channels=(channel,), clock=clock)


def _offered(months: Months, subject: str) -> Behind:
    return offered(_subject(months, subject))


def _answered(months: Months, subject: str) -> Behind:
    return answered(_subject(months, subject))


def _everybody(months: Months, subject: str) -> Behind:
    return everybody(_subject(months, subject))


def _known(months: Months, subject: str) -> Behind:
    known = tuple(group for group in REASON_TITLES if group != "unknown")
    told = everybody(replace(_subject(months, subject), reason_groups=known))
    return replace(told, whom="contacts with a known reason")


def _online(months: Months, subject: str) -> Behind:
    told = everybody(replace(_subject(months, subject), channels=ONLINE))
    return replace(told, whom="contacts online")


MEASURED: dict[str, Callable[[Months, str], Behind]] = {
    "service_level": _offered,
    "abandoned_share": _offered,
    "lost_share": _offered,
    "offered": _offered,
    "median_wait_seconds": _answered,
    "p90_wait_seconds": _answered,
    "contacts": _everybody,
    "digital_share": _everybody,
    "repeat_share_28": _everybody,
    "avoidable_share": _known,
    "telephoned_72h_share": _online,
    "digital_takeup": lambda months, service: completed(months, service, "completed"),
    "kept_share": lambda months, subject: clocked(
        _promise(months, subject), "contacts of the standard that were judged", "met", "missed"
    ),
}
"""By headline measure: who is behind it."""


def _charted(figure: Figure) -> Behind:
    """A value rests on its month; limits, and what they say, on every month of the chart."""
    measure, subject = str(figure.row["measure"]), str(figure.row["subject"])
    if figure.column in ("value", *KINDS):
        return MEASURED[measure](figure.months, subject)
    rows = figure.figures.trends
    own = rows[(rows["measure"] == measure) & (rows["subject"] == subject)]
    return MEASURED[measure](tuple(own["month"].dt.date), subject)


def _judged(figure: Figure) -> Selection | None:
    measure, subject = str(figure.row["measure"]), str(figure.row["subject"])
    if measure not in JUDGED:
        return None
    if measure == "kept_share":
        return _promise(figure.months, subject)
    return replace(_subject(figure.months, subject), clock="answer")


def _charted_column(figure: Figure) -> str:
    return CHARTED_COLUMNS.get(figure.column, figure.column)


CHARTED_COLUMNS = {
    "meaning": "special_cause",
    "words": "special_cause",
    "against": "assurance",
    **dict.fromkeys(KINDS, "value"),
}
"""By column of a pack, the measured one where that goes by another name."""


TRENDS: dict[str, Traced] = {
    **{
        name: Traced(
            "measure.trends",
            "trends",
            _charted,
            "publish/pack_trends",
            column=_charted_column,
            standards=_judged,
        )
        for name in (*(f"trends_of_{unit}" for unit in UNITS), *(one.table for one in CHARTED))
    },
    "event_effects": Traced(
        "measure.event_effects",
        "event_effects",
        "It compares the monthly values of a trend: trace those.",
        "publish/pack_event_effects",
        keys=4,
    ),
    "recommendations": Traced(
        "reference.recommendations",
        None,
        "It is the panel's register: it counts days, and tells what trends say in words.",
        "publish/pack_recommendations",
        column=lambda figure: REGISTERED.get(figure.column, figure.column),
    ),
    "headlines": Traced(
        "",
        None,
        "It sums up other worksheets in words: trace the figures there.",
        queries=("measure/headlines",),
    ),
    "revisions": Traced(
        "", None, "It lists figures of other worksheets that changed: trace those.", keys=3
    ),
    "definitions": Traced("", None, "It says what a measure means, and counts nobody.", keys=2),
    "data_quality": Traced(
        "extract.intake",
        "intake",
        "It counts the rows of a supplier's file, as they were taken in; a contact may have many.",
        "publish/pack_intake",
        queries=("extract/intake",),
    ),
    "arrivals": Traced(
        "extract.arrivals",
        "arrivals",
        "It says which files came, and when; it counts nobody.",
        "publish/pack_arrivals",
        queries=("extract/arrivals",),
        keys=3,
    ),
    "missing_hours": Traced(
        "extract.missing_hours",
        "missing_hours",
        "It says when nothing was logged, so that no contact is behind it.",
        "publish/pack_missing_hours",
        queries=("extract/missing_hours",),
        feeds=EVERY_CHANNEL,
        keys=4,
    ),
}
"""By table: those of trends, and those that hold words, files or rules."""
