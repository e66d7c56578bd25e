"""What the control charts of a pack, and its ledger of revisions, give away."""

import datetime as dt
from collections.abc import Callable

from csip_pipeline.publish.disclosure.declaring import Declaration, month_key
from csip_pipeline.publish.disclosure.quantities import Quantity
from csip_pipeline.publish.disclosure.sayings import UNTOLD, Sayings
from csip_pipeline.publish.pack_control import FOLLOWING, PREFIX
from csip_pipeline.publish.pack_subjects import ALL, LINES
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.workbook import Table

Counts = Callable[[str, str], tuple[Quantity, ...]]
"""The counts that a measure of a month and subject is of."""

OF_ALL_MONTHS = ("mean", "lower", "upper", "meaning", "against")
CHARTED = tuple(sorted(FOLLOWING))
"""Columns that rest on every month of a chart."""
OF_A_POINT = ("month", "part", "whole")


def _of(*names: str) -> Counts:
    return lambda month, subject: tuple((name, month, _titled(subject)) for name in names)


def _titled(subject: str) -> str:
    """A subject of the control charts as the other tables name it."""
    if subject == "all":
        return ALL
    if subject in LINES:
        return f"{subject} calls"
    return CHANNEL_TITLES.get(subject, f"service {subject}")


MEASURES: dict[str, Counts] = {
    "service_level": _of("answered_within", "offered"),
    "abandoned_share": _of("abandoned", "offered"),
    "lost_share": _of("lost", "offered"),
    "median_wait_seconds": _of("answered"),
    "p90_wait_seconds": _of("answered"),
    "offered": _of("offered"),
    "contacts": _of("contacts"),
    "digital_share": _of("digital", "contacts"),
    "digital_takeup": _of("completed_online", "completed"),
    "telephoned_72h_share": _of("telephoned_72h", "people"),
    "avoidable_share": _of("avoidable", "reason_known"),
    "repeat_share_28": lambda month, subject: (
        ("repeats", month, _titled(subject), "28 days"),
        ("judged", month, _titled(subject), "28 days"),
    ),
    "kept_share": lambda month, subject: (
        ("kept", month, subject),
        ("judged to keep", month, subject),
    ),
}


def trends(sayings: Sayings, table: Table) -> None:
    """The last month of each chart, with limits that rest on every month of it.

    Of a month of an earlier pack that is hidden there, they would be one more equation.
    """
    for place, row in enumerate(table.rows.to_dict("records")):
        own = _counts(sayings, row["measure"], month_key(row["month"]), row["subject"])
        limits = [(place, column) for column in OF_ALL_MONTHS]
        sayings.gives(table.name, [(place, "value"), *limits], *own)
    of_every_month(*OF_ALL_MONTHS)(sayings, table)


def of_every_month(*columns: str) -> Callable[[Sayings, Table], None]:
    """Columns that rest on every month of a row's measure and subject, in this pack or before."""

    def tell(sayings: Sayings, table: Table) -> None:
        periods = {quantity[1] for quantity in (*sayings.known, *sayings.concealed)}
        months = sorted(period for period in periods if period[:1].isdigit())
        for place, row in enumerate(table.rows.to_dict("records")):
            if not isinstance(row["measure"], str):
                continue
            every = [
                each for month in months for each in _named(row["measure"], month, row["subject"])
            ]
            cells = [(place, column) for column in columns]
            sayings.gives(table.name, cells, *(each for each in every if each in sayings.known))
            if not sayings.concealed.isdisjoint(every):
                sayings.gives_untold(table.name, cells)

    return tell


def control(sayings: Sayings, table: Table) -> None:
    """Every month of one chart: its mean and limits are of all of them together."""
    rows = table.rows.to_dict("records")
    points = [
        _point(sayings, row["measure"], row["subject"], tuple(map(row.get, OF_A_POINT)))
        for row in rows
    ]
    together = _together(points)
    for place, own in enumerate(points):
        sayings.gives(table.name, [(place, "value")], *own)
        sayings.gives(table.name, [(place, column) for column in CHARTED], *together)


def revisions(sayings: Sayings, table: Table) -> None:
    """A revised figure tells what its cell tells; of one that is gone nobody can say."""
    for place, (name, row, column) in enumerate(table.rows["cell"]):
        own = [(place, each) for each in ("before", "after", "difference")]
        if row is None:
            sayings.gives_untold(table.name, own)
        else:
            given = sayings.cells.get(name, {}).get((row, column), [])
            sayings.gives(table.name, own, *given)


def _point(
    sayings: Sayings, measure: str, subject: str, told: tuple[dt.date, object, object]
) -> tuple[Quantity, ...]:
    """The counts that one point gives away; one that is always hidden where they are not known."""
    month, *counted = told
    counts = _named(measure, month_key(month), subject)
    known = [sayings.count(*each) for each in zip(counts, counted[-len(counts) :], strict=True)]
    if not all(known):
        sayings.count(UNTOLD, 1)
        return (UNTOLD,)
    if len(counts) > 1:
        sayings.bind(counts[1], counts[:1])
    return counts


def _counts(sayings: Sayings, measure: str, month: str, subject: str) -> tuple[Quantity, ...]:
    found = _named(measure, month, subject)
    return tuple(quantity for quantity in found if quantity in sayings.known)


def _named(measure: str, month: str, subject: str) -> tuple[Quantity, ...]:
    if measure not in MEASURES:
        raise LookupError(f"The measure {measure} is charted, but what it gives away is not said.")
    return MEASURES[measure](month, subject)


def _together(points: list[tuple[Quantity, ...]]) -> tuple[Quantity, ...]:
    return tuple(dict.fromkeys(quantity for given in points for quantity in given))


TRENDS: dict[str, Declaration] = {
    "trends_of_share": Declaration(trends),
    "trends_of_seconds": Declaration(trends),
    "trends_of_contacts": Declaration(trends),
    "event_effects": Declaration(of_every_month("words")),
    "recommendations": Declaration(of_every_month("effect", "now"), why="words, posts and days"),
    "revisions": Declaration(revisions),
}
CONTROL, CONTROL_PREFIX = Declaration(control), PREFIX
"""What the tables of control charts tell, and how their names begin."""
