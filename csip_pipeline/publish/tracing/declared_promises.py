"""How the tables of a pack about promises, and what changed with a rule, are traced."""

from dataclasses import replace

import pandas as pd

from csip_pipeline import calendars
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.tracing.declaring import EVERY_CHANNEL, Traced
from csip_pipeline.publish.tracing.figures_of import Behind, Figure, clocked, offered
from csip_pipeline.publish.tracing.selections import Selection

STATUSES = ("met", "missed", "pending", "excluded")
CHANGES = frozenset({"change_points", "rule_points", "real_points"})
BROKEN = {
    "people": "publish.callback_list.person_key",
    "people_held": "publish.callback_list.state",
    "without_contact_point": "measure.breaches.person_key",
    "missed": "measure.breaches.contact_id",
}
OF_NOTICES = (
    "It counts notices, one for each person and kind of promise, however many contacts each is "
    "about: csip callbacks status NOTICE lists those of one."
)


def _clocks(figure: Figure) -> Behind:
    """The clocks of a standard: all, those of one status, or those that were judged."""
    where = replace(_standard(figure), channels=(str(figure.row["channel_code"]),))
    if figure.column == "contacts":
        return clocked(where, "contacts of the standard")
    if figure.column in STATUSES:
        return clocked(where, f"contacts of the standard, {figure.column}", figure.column)
    return clocked(where, "contacts of the standard that were judged", "met", "missed")


def _clock_column(figure: Figure) -> str:
    return "clock_seconds" if figure.column == "median_seconds" else "status"


def _missed(figure: Figure) -> Behind:
    return clocked(_standard(figure), "contacts whose standard was missed", "missed")


def _standard(figure: Figure) -> Selection:
    return Selection(months=figure.months, standards=(str(figure.row["standard_id"]),))


def _promise(figure: Figure) -> Selection:
    """The promises of a row: of a channel and clock, or of all."""
    codes = {title: channel for channel, title in CHANNEL_TITLES.items()}
    channel = codes.get(str(figure.row["channel"]))
    return Selection(
        months=figure.months,
        channels=None if channel is None else (channel,),
        clock=figure.text("clock"),
    )


def _explained_column(figure: Figure) -> str:
    return {
        "waiting": "due + issued",
        "median_days": "median_seconds_to_explanation",
    }.get(figure.column, figure.column)


def _bridged(figure: Figure) -> Behind:
    """Whoever is judged by the standard that changed; for a change, in both months."""
    months, channel = figure.months, str(figure.row["channel"])
    other = figure.row["compared_with_month"]
    if figure.column in CHANGES and pd.notna(other):
        months = (*months, pd.Timestamp(other).date())
    line, clock = figure.text("line"), str(figure.row["clock"])
    where = Selection(
        months=months,
        channels=(channel,),
        places=None if line is None else (f"{channel} {line}",),
        queue=figure.text("queue"),
    )
    if clock == "answer":
        return offered(where)
    return clocked(
        replace(where, clock=clock), "contacts that the standard judges", "met", "missed"
    )


def _both_standards(figure: Figure) -> Selection:
    """The new standard, and the old one, which judged somebody in the month before the change."""
    names = ("old_standard_id", "new_standard_id")
    changed = calendars.month_of(pd.Timestamp(figure.row["changed_on"]).date())
    return Selection(
        months=(*figure.months, changed, calendars.months_after(changed, -1)),
        standards=tuple(str(figure.row[name]) for name in names),
    )


PROMISES: dict[str, Traced] = {
    "response_times": Traced(
        "measure.response_times",
        "response_times",
        _clocks,
        "publish/pack_response_times",
        column=_clock_column,
        standards=_standard,
    ),
    "breaches": Traced(
        "measure.breaches",
        "breaches",
        _missed,
        "publish/pack_breaches",
        column=lambda figure: BROKEN.get(figure.column, figure.column),
        standards=_standard,
        feeds=("callback_outcomes",),
    ),
    "explanations": Traced(
        "measure.callbacks",
        "callbacks",
        OF_NOTICES,
        "publish/pack_callbacks",
        column=_explained_column,
        standards=_promise,
        feeds=(*EVERY_CHANNEL, "callback_outcomes"),
    ),
    "definition_bridge": Traced(
        "measure.definition_bridge",
        "definition_bridge",
        _bridged,
        "publish/pack_definition_bridge",
        standards=_both_standards,
    ),
}
"""By table: those of the standards, of what was missed, and of what people are owed."""
