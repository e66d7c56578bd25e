"""People of the synthetic force who must not simply be called, as somebody there keeps the list."""

import os
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.demo import people

HEADER = "kind,contact_point,flag,until_on,safe_time"


@dataclass(frozen=True)
class Flagged:
    """A resident, and what the force knows of calling them."""

    resident: int
    flag: str
    kind: str = "phone"
    until_on: str = ""
    safe_time: str = ""


FLAGGED = (
    Flagged(2, "do_not_contact"),
    Flagged(3, "do_not_contact", until_on="2025-12-31"),  # it is over
    Flagged(4, "domestic_abuse"),
    Flagged(5, "domestic_abuse", safe_time="weekdays 10:00 to 12:00"),
    Flagged(6, "under_18", until_on="2027-08-14"),
    Flagged(7, "no_safe_time"),
    Flagged(8, "no_safe_time", safe_time="weekdays 10:00 to 12:00"),
    Flagged(9, "safeguarding"),
    Flagged(10, "vulnerable"),
    Flagged(11, "vulnerable"),
    Flagged(12, "do_not_contact", kind="email"),
    Flagged(1_200, "domestic_abuse"),  # by a landline
)
"""Most are among the few who ring often, so that the gate has something to do every month."""


def write(path: Path) -> None:
    """Write the list, readable by its owner alone, unless there is one already."""
    rows = [HEADER, *(_row(person, style) for style, person in enumerate(FLAGGED))]
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(rows) + "\n")


def _row(person: Flagged, style: int) -> str:
    """A row, with the telephone number in one of the ways in which people write it."""
    point = (
        people.phone_as_typed(person.resident, style)
        if person.kind == "phone"
        else people.email(person.resident)
    )
    return f"{person.kind},{point},{person.flag},{person.until_on},{person.safe_time}"
