"""How the tables of a pack about calls and chats are traced."""

from dataclasses import replace

from csip_pipeline.publish.pack_giving_up import FATES
from csip_pipeline.publish.pack_waits import BANDS
from csip_pipeline.publish.tracing.declaring import EVERY_CHANNEL, Traced
from csip_pipeline.publish.tracing.figures_of import (
    Behind,
    Figure,
    answered,
    behind,
    gave_up,
    met_with,
    of_level,
    of_subject,
    of_title,
    offered,
)
from csip_pipeline.publish.tracing.selections import (
    ANSWERED,
    GAVE_UP,
    OFFERED,
    STAYS,
    TRANSFERRED,
    Selection,
)

LEVELS, PACKED = "measure.service_levels", "publish/pack_service_levels"
GAVE_UP_MEASURE, GAVE_UP_PACKED = "measure.abandonment", "publish/pack_abandonment"
WAITED: dict[str, tuple[float | None, float | None]] = {
    "waits_under_10_seconds": (None, 10),
    "waits_10_to_60_seconds": (10, 60),
    "waits_1_to_5_minutes": (60, 300),
    "waits_5_to_10_minutes": (300, 600),
    "waits_10_to_20_minutes": (600, 1200),
    "waits_20_minutes_or_more": (1200, None),
}
"""From how many seconds a band of waits reaches, and below how many."""
OF_OFFERED = frozenset({"abandoned_share", "median_wait_of_offered_seconds"})
WAYS = {
    "abandoned": ("abandoned", "abandoned_share"),
    "abandoned_after": ("abandoned_after", "abandoned_after_share"),
    "abandoned_net": ("abandoned", "abandoned_net_of_callback_share"),
    "lost": ("lost", "lost_share"),
    "lost_at_most": ("lost", "lost_share_at_most"),
}
"""Each way of counting who gave up: the measured columns of its count and of its share."""
LOST = {"lost": ("lost",), "lost_at_most": ("lost", "unknown")}
OF_STAFFING = (
    "A model worked it out from how many call in that hour, how long calls take and how patient "
    "callers are: it is a number of agents, and counts no contacts."
)


def _by_answer(figure: Figure) -> Behind:
    """A count of those answered or of those who gave up is of them; all else of those offered."""
    where = of_level(figure)
    if figure.column in ("answered", "service_level_answered_only"):
        return answered(where)
    return gave_up(where) if figure.column == "abandoned" else offered(where)


def _waits(figure: Figure) -> Behind:
    where = of_level(figure)
    return offered(where) if figure.column in OF_OFFERED else answered(where)


def _band(figure: Figure) -> Behind:
    """Whoever waited so long."""
    told = answered(of_level(figure))
    titles = dict(BANDS)
    if figure.column not in titles:
        return told
    least, below = WAITED.get(figure.column, (None, None))
    (where,) = told.selections
    own = replace(
        where,
        is_wait_known=figure.column in WAITED,
        waited_from=least,
        waited_below=below,
    )
    return behind(f"those answered, of a wait: {titles[figure.column].lower()}", own)


def _stays(figure: Figure) -> Behind:
    """Each stay in the queue; one that ended in a transfer was answered."""
    taken = (*ANSWERED, TRANSFERRED)
    outcomes = {
        "answered": taken,
        "service_level_answered_only": taken,
        "median_wait_seconds": taken,
        "longest_wait_seconds": taken,
        "abandoned": GAVE_UP,
    }.get(figure.column, (*OFFERED, TRANSFERRED))
    where = replace(of_level(figure), query=STAYS, outcomes=outcomes)
    return behind("those who stood in the queue, each stay counted", where)


def _way(figure: Figure) -> Behind:
    """Who gave up, in the way that the row counts; a share is of everybody offered."""
    where, way = of_subject(figure), str(figure.row["counted"])
    if figure.column != "people":
        return offered(where)
    if way in LOST:
        return met_with(where, "those who gave up and are counted as lost", *LOST[way])
    if way == "abandoned":
        return gave_up(where)
    return replace(gave_up(where), whom="those who gave up, among whom it counts")


def _way_column(figure: Figure) -> str:
    way = str(figure.row["counted"])
    count, share = WAYS[way]
    if way == "lost_at_most" and figure.column in ("lower", "upper"):
        return share  # which has no interval: it is an end of one itself
    return {
        "people": count,
        "share": share,
        "lower": f"{share}_lower",
        "upper": f"{share}_upper",
    }.get(figure.column, figure.column)


def _fate(figure: Figure) -> Behind:
    where, titles = of_level(figure), dict(FATES)
    if figure.column not in titles:
        return gave_up(where)
    whom = f"those who gave up, of the fate: {titles[figure.column].lower()}"
    return met_with(where, whom, figure.column)


def _hour(figure: Figure) -> Behind:
    """Everybody offered in one hour of the week, in all weeks of the cycle."""
    where = replace(of_subject(figure), hour=int(str(figure.row["hour"])[:2]))
    if not figure.column.isdigit():
        return offered(where)
    return offered(replace(where, weekday=int(figure.column)))


def _performance(figure: Figure) -> Behind:
    return offered(_performance_of(figure))


def _performance_of(figure: Figure) -> Selection:
    """Whom a column is about: its title is that of the line, whose subject stands beside it."""
    subjects = {title: subject for title, subject, *_ in figure.row["counts"]}
    return of_title(figure, str(subjects.get(figure.column, figure.column)))


def _answers(figure: Figure) -> Selection:
    return replace(of_level(figure), clock="answer")


def _answers_of_subject(figure: Figure) -> Selection:
    return replace(of_subject(figure), clock="answer")


CALLS: dict[str, Traced] = {
    "answer_performance": Traced(
        LEVELS,
        "service_level",
        _performance,
        PACKED,
        column=lambda _: "service_level",
        standards=lambda figure: replace(_performance_of(figure), clock="answer"),
    ),
    "service_levels": Traced(LEVELS, "service_level", _by_answer, PACKED, standards=_answers),
    "service_level_variants": Traced(
        LEVELS, "service_level", _by_answer, PACKED, standards=_answers
    ),
    "waits": Traced(
        LEVELS,
        "waits_of_answered",
        _waits,
        PACKED,
        definitions={"abandoned_share": "abandonment"},
    ),
    "median_waits": Traced(
        LEVELS,
        "waits_of_answered",
        _waits,
        PACKED,
        definitions={
            "abandoned_share": "abandonment",
            "median_wait_of_offered_seconds": "waits_of_offered",
        },
    ),
    "wait_bands": Traced(LEVELS, "wait_bands", _band, PACKED),
    "hidden_waits": Traced(LEVELS, "wait", _waits, PACKED),
    "queues": Traced(
        LEVELS,
        "service_level",
        _stays,
        PACKED,
        definitions=dict.fromkeys(
            ("median_wait_seconds", "longest_wait_seconds"), "waits_of_answered"
        ),
        standards=_answers,
    ),
    "abandonment": Traced(
        GAVE_UP_MEASURE,
        "abandonment",
        _way,
        GAVE_UP_PACKED,
        column=_way_column,
        standards=_answers_of_subject,
        feeds=(*EVERY_CHANNEL, "callback_outcomes"),
    ),
    "abandoned_fates": Traced(
        GAVE_UP_MEASURE,
        "abandoned_fates",
        _fate,
        GAVE_UP_PACKED,
        feeds=EVERY_CHANNEL,
    ),
    "hours_of_the_week": Traced(
        LEVELS, "hours_of_week", _hour, "publish/pack_hours", column=lambda _: "offered"
    ),
    "hours_in_time": Traced(
        LEVELS,
        "hours_of_week",
        _hour,
        "publish/pack_hours",
        column=lambda _: "service_level",
        standards=_answers_of_subject,
    ),
    **{
        f"staffing_{model}": Traced(
            "measure.staffing",
            "staffing",
            OF_STAFFING,
            "publish/pack_staffing",
            column=lambda _, model=model: f"agents_{model}",  # type: ignore[misc]
            standards=_answers_of_subject,
            feeds=("telephony",),
        )
        for model in ("erlang_a", "erlang_c")
    },
}
"""By table: those of answering, of giving up, and of the hours of the week."""
