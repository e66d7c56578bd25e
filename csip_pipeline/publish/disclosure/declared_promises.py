"""What the tables of a pack about promises, reasons and what the pack says in words give away."""

from collections.abc import Mapping
from typing import Any

from csip_pipeline.publish.disclosure.declaring import (
    Declaration,
    Long,
    added,
    alike,
    interval,
    month_key,
    nothing,
)
from csip_pipeline.publish.disclosure.sayings import Sayings
from csip_pipeline.publish.pack_demand import REASON_TITLES
from csip_pipeline.publish.pack_subjects import subject_of
from csip_pipeline.publish.workbook import Table

WHOLES = ("contacts", "offered")
"""Counts of people that a file may have a row for each of."""
OWED = ("explained", "tried", "unsafe", "not_contactable", "waiting", "held", "expired")


def _standard(row: Mapping[str, Any]) -> str:
    return f"standard {row['standard_id']}"


def _promise(row: Mapping[str, Any]) -> str:
    return f"{row['channel']}, {row['promise']}"


def _subject(row: Mapping[str, Any]) -> str:
    return str(row["subject"])


def _reasons(sayings: Sayings, table: Table) -> None:
    """A row for each reason of a line: its share of all, and of those whose reason is recorded."""
    groups = {title: group for group, title in REASON_TITLES.items()}
    told: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for place, row in enumerate(table.rows.to_dict("records")):
        month, subject = month_key(row["month"]), row["subject"]
        part = (f"reason {groups[row['reason_group']]}", month, subject)
        whole, known = ("contacts", month, subject), ("reason_known", month, subject)
        if not sayings.count(part, row["contacts"]):
            continue
        sayings.count(whole, row["contacts_in_all"])
        told.setdefault((month, subject), []).append(part)
        own = [(place, column) for column in ("share", "share_lower", "share_upper")]
        sayings.gives(table.name, [(place, "contacts"), *own], part)
        sayings.gives(table.name, own, whole)
        sayings.gives(table.name, [(place, "share_of_known")], part)
        if known in sayings.known:
            sayings.gives(table.name, [(place, "share_of_known")], known)
    for (month, subject), parts in told.items():
        whole = ("contacts", month, subject)
        recorded = [part for part in parts if part[0] != "reason unknown"]
        sayings.count(
            ("reason_known", month, subject), sum(sayings.known[part] for part in recorded)
        )
        sayings.bind(whole, parts)
        sayings.bind(("reason_known", month, subject), recorded)
        avoidable = [part for part in recorded if part[0] != "reason police_matter"]
        if avoidable:
            sayings.count(
                ("avoidable", month, subject), sum(sayings.known[part] for part in avoidable)
            )
            sayings.bind(("avoidable", month, subject), avoidable)


def _headlines(sayings: Sayings, table: Table) -> None:
    """A sentence tells counts of the whole cycle."""
    for place, row in enumerate(table.rows.to_dict("records")):
        for name, subject, value in row["counts"]:
            quantity = (name, sayings.cycle, subject)
            if sayings.count(quantity, value):
                sayings.gives(table.name, [(place, "sentence")], quantity)


def _bridge(sayings: Sayings, table: Table) -> None:
    """A month's figure under each rule, and what follows from the two."""
    changes = ("change_points", "rule_points", "real_points")
    for place, row in enumerate(table.rows.to_dict("records")):
        for side in ("old", "new"):
            about = (month_key(row["month"]), f"{row[f'{side}_standard_id']} {row['queue']}")
            part, whole = (f"kept under {side}", *about), (f"judged under {side}", *about)
            share, judged = row[f"value_under_{side}"], row[f"judged_under_{side}"]
            if sayings.count(whole, judged) and sayings.count(part, share * judged):
                own = [(place, column) for column in (f"value_under_{side}", *changes)]
                sayings.gives(table.name, own, part, whole)
                sayings.bind(whole, [part])


def _intake(sayings: Sayings, table: Table) -> None:
    """Rows are no people, but a file, or a feed in a month, may have just a row for each contact.

    Where they are as many, they tell how many contacts there were; so does what rows were received.
    """
    wholes: dict[tuple[str, int], list[tuple[str, ...]]] = {}
    for quantity, value in sayings.known.items():
        if quantity[0] in WHOLES:
            wholes.setdefault((quantity[1], value), []).append(quantity)
    rows = table.rows.assign(place=range(len(table.rows))).dropna(subset=["accepted"])
    for month, of_a_month in rows.groupby("month"):
        feeds = [own for _, own in of_a_month.groupby("feed")]
        files = [
            one for own in feeds for one in (own[place : place + 1] for place in range(len(own)))
        ]
        for own in (*files, *feeds):
            told = wholes.get((month_key(month), int(own["accepted"].sum())), ())
            cells = [(place, name) for place in own["place"] for name in ("received", "accepted")]
            sayings.gives(table.name, cells, *told)


STANDARDS = Long(
    _standard,
    counts={
        "contacts": "promised",
        **{name: name for name in ("met", "missed", "pending", "excluded")},
    },
    shares=alike(interval("met_share"), ("met", "judged")),
    rests={"median_seconds": "judged"},
    of={"judged": added("met", "missed"), "promised": lambda row: row["contacts"]},
    sums=(
        ("promised", ("met", "missed", "pending", "excluded")),
        ("judged", ("met", "missed")),
    ),
)


def _response_times(sayings: Sayings, table: Table) -> None:
    """A row for each standard; those of one channel and clock are charted together."""
    STANDARDS.tell(sayings, table)
    together: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in table.rows.to_dict("records"):
        month, clock = month_key(row["month"]), f"{row['channel_code']} {row['clock']}"
        own = (month, _standard(row))
        together.setdefault((month, clock), []).append(own)
        if row["clock"] == "answer":
            line = (month, subject_of(row["channel_code"], row["line"]))
            sayings.bind(("answered_within", *line), [("met", *own)])
            sayings.bind(("contacts", *line), [("promised", *own)])
    for about, standards in together.items():
        for name, part in (("kept", "met"), ("judged to keep", "judged")):
            parts = [(part, *standard) for standard in standards]
            sayings.count((name, *about), sum(sayings.known[each] for each in parts))
            sayings.bind((name, *about), parts)
        sayings.bind(("judged to keep", *about), [("kept", *about)])


PROMISES: dict[str, Declaration] = {
    "headlines": Declaration(_headlines),
    "response_times": Declaration(_response_times, STANDARDS.declared().columns),
    "breaches": Long(
        _standard,
        counts={
            name: name for name in ("missed", "people", "people_held", "without_contact_point")
        },
        sums=(("people", ("people_held",)), ("missed", ("without_contact_point",))),
    ).declared(),
    "explanations": Long(
        _promise,
        counts={"notices": "notices", **{name: name for name in OWED}, "late": "late"},
        shares=alike(interval("explained_in_time_share"), ("explained_in_time", "judged")),
        rests={"median_days": "explained"},
        sums=(
            ("notices", OWED),
            ("notices", ("late",)),
            ("notices", ("judged",)),
            ("judged", ("explained_in_time",)),
            ("explained", ("explained_in_time",)),
        ),
    ).declared(),
    "avoidable_demand": Declaration(_reasons),
    "repeat_contacts": Long(
        _subject,
        counts={"contacts": "contacts", "judged": "judged", "repeats": "repeats"},
        shares={
            **alike(interval("repeat_share"), ("repeats", "judged")),
            "without_person_share": ("without_person", "contacts"),
        },
        by={"judged": "window", "repeats": "window", "over_the_cap": "window"},
        sums=(("contacts", ("judged", "without_person", "over_the_cap")),),
    ).declared(),
    "definition_bridge": Declaration(_bridge),
    "data_quality": Declaration(_intake, why="rows of files, but for those that are as many"),
    "arrivals": nothing("files, and when they came"),
    "missing_hours": nothing("hours in which a system logged nothing, and what is usual in them"),
    "definitions": nothing("words"),
    "call_sample": nothing("calls drawn by lot: who is among them is not known"),
    "panel_scores": nothing("calls drawn by lot: who is among them is not known"),
    "panel_agreement": nothing("calls drawn by lot: who is among them is not known"),
    "unnecessary_calls": nothing("calls drawn by lot: who is among them is not known"),
}
"""By table: those of promises and explanations, of reasons, and those that tell no figure."""
