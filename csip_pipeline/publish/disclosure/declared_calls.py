"""What the tables of a pack about calls and chats give away."""

from collections.abc import Mapping
from typing import Any

from csip_pipeline.publish.disclosure.declaring import (
    Declaration,
    Long,
    added,
    alike,
    interval,
    less,
    month_key,
)
from csip_pipeline.publish.disclosure.sayings import Sayings
from csip_pipeline.publish.pack_giving_up import FATES
from csip_pipeline.publish.pack_hours import WEEKDAYS
from csip_pipeline.publish.pack_subjects import subject_of
from csip_pipeline.publish.pack_waits import BANDS
from csip_pipeline.publish.workbook import Table

ANSWERED_IN_TIME = ("answered_within", "offered")
GAVE_UP = ("abandoned", "offered")
OFFERED = ("offered", ("answered", "abandoned"))


def _line(row: Mapping[str, Any]) -> str:
    return subject_of(row["channel"], row["line"])


def _queue(row: Mapping[str, Any]) -> str:
    return f"queue {row['queue']}"


def _performance(sayings: Sayings, table: Table) -> None:
    """A row a month, a column a line: its service level."""
    for place, row in enumerate(table.rows.to_dict("records")):
        for title, subject, within, offered in row["counts"]:
            names = [(name, month_key(row["month"]), subject) for name in ANSWERED_IN_TIME]
            known = [sayings.count(*told) for told in zip(names, (within, offered), strict=True)]
            if all(known):
                sayings.gives(table.name, [(place, title)], *names)
                sayings.bind(names[1], [names[0]])


def _hours(sayings: Sayings, table: Table) -> None:
    """A row an hour, a column a weekday, of all weeks of the cycle."""
    names = ANSWERED_IN_TIME if table.name == "hours_in_time" else ("offered",)
    cells: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for place, row in enumerate(table.rows.to_dict("records")):
        for day in range(1, len(WEEKDAYS) + 1):
            given = []
            for name in names:
                quantity = (name, sayings.cycle, row["subject"], row["hour"], str(day))
                if sayings.count(quantity, row[f"{name} {day}"]):
                    cells.setdefault((name, row["subject"]), []).append(quantity)
                    given.append(quantity)
            sayings.gives(table.name, [(place, str(day))], *given)
            if len(given) == len(names) > 1:
                sayings.bind(given[1], given[:1])
    for (name, subject), parts in cells.items():
        total = (name, sayings.cycle, subject)
        sayings.count(total, sum(sayings.known[part] for part in parts))
        sayings.bind(total, parts)


def _staffing(sayings: Sayings, table: Table) -> None:
    """The model's agents of an hour rest on how many were offered in it."""
    for place, row in enumerate(table.rows.to_dict("records")):
        for day in range(1, len(WEEKDAYS) + 1):
            quantity = ("offered", sayings.cycle, row["subject"], row["hour"], str(day))
            if quantity in sayings.known:
                sayings.gives(table.name, [(place, str(day))], quantity)


def _ways(sayings: Sayings, table: Table) -> None:
    """A row for each way of counting those who gave up."""
    for place, row in enumerate(table.rows.to_dict("records")):
        month, subject = month_key(row["month"]), row["subject"]
        part, whole = (row["counted"], month, subject), ("offered", month, subject)
        if sayings.count(part, row["people"]) and sayings.count(whole, row["offered"]):
            own = [(place, column) for column in ("people", "share", "lower", "upper")]
            sayings.gives(table.name, own, part, whole)
            sayings.gives(table.name, [(place, "offered")], whole)
            sayings.bind(whole, [part])
            sayings.bind(("abandoned", month, subject), [part])


ANSWERING: dict[str, Declaration] = {
    "answer_performance": Declaration(_performance),
    "service_levels": Long(
        _line,
        counts={name: name for name in ("offered", "answered", "abandoned", "answered_within")},
        shares=alike(interval("service_level"), ANSWERED_IN_TIME),
        sums=(OFFERED, ("contacts", ("offered", "other_outcomes"))),
        of={"contacts": added("offered", "other_outcomes")},
    ).declared(),
    "service_level_variants": Long(
        _line,
        shares={
            "service_level": ANSWERED_IN_TIME,
            "service_level_answered_only": ("answered_within", "answered"),
            "service_level_crediting_early_abandons": ("within_or_early", "offered"),
            "service_level_ignoring_early_abandons": ("answered_within", "offered_not_early"),
            "service_level_ignoring_short_abandons": ("answered_within", "offered_not_short"),
        },
        of={
            "within_or_early": added("answered_within", "abandoned_within"),
            "offered_not_early": less("offered", "abandoned_within"),
            "offered_not_short": less("offered", "abandoned_short"),
        },
        sums=(
            ("within_or_early", ("answered_within", "abandoned_within")),
            ("offered", ("offered_not_early", "abandoned_within")),
            ("offered", ("offered_not_short", "abandoned_short")),
            ("abandoned", ("abandoned_within",)),
            ("abandoned", ("abandoned_short",)),
        ),
    ).declared(),
    "waits": Long(
        _line,
        counts={"answered": "answered"},
        shares={"abandoned_share": GAVE_UP},
        rests=dict.fromkeys(
            (
                "mean_wait_seconds",
                "median_wait_seconds",
                "p90_wait_seconds",
                "p95_wait_seconds",
                "longest_wait_seconds",
            ),
            "answered",
        ),
    ).declared(),
    "median_waits": Long(
        _line,
        counts={"answered": "answered"},
        shares={"abandoned_share": GAVE_UP},
        rests={
            **dict.fromkeys(interval("median_wait_seconds"), "answered"),
            "median_wait_of_offered_seconds": "offered",
        },
    ).declared(),
    "wait_bands": Long(
        _line,
        counts={"answered": "answered", **{name: name for name, _ in BANDS}},
        sums=(("answered", tuple(name for name, _ in BANDS)),),
    ).declared(),
    "hidden_waits": Long(
        _line,
        counts={"answered": "answered"},
        rests=dict.fromkeys(
            (
                "mean_wait_seconds",
                "mean_first_queue_wait_seconds",
                "mean_hidden_wait_seconds",
                "hidden_wait_share",
            ),
            "answered",
        ),
    ).declared(),
    "queues": Long(
        _queue,
        counts={name: name for name in ("offered", "answered", "abandoned")},
        shares={
            "service_level": ANSWERED_IN_TIME,
            "service_level_answered_only": ("answered_within", "answered"),
        },
        rests=dict.fromkeys(("median_wait_seconds", "longest_wait_seconds"), "answered"),
        sums=(OFFERED,),
    ).declared(),
    "abandonment": Declaration(_ways),
    "abandoned_fates": Long(
        _line,
        counts={"abandoned": "abandoned", **{name: name for name, _ in FATES}},
        sums=(
            ("abandoned", tuple(name for name, _ in FATES)),
            ("lost_at_most", ("lost", "unknown")),
            ("abandoned", ("abandoned_net", "called_back", "explained")),
        ),
        of={
            "lost_at_most": added("lost", "unknown"),
            "abandoned_net": less("abandoned", "called_back", "explained"),
        },
    ).declared(),
    "hours_of_the_week": Declaration(_hours),
    "hours_in_time": Declaration(_hours),
    "staffing_erlang_a": Declaration(_staffing),
    "staffing_erlang_c": Declaration(_staffing),
}
"""By table: those of answering, of giving up, and of the hours of the week."""
