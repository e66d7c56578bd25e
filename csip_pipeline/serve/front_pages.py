"""The first page, with the latest pack in one click, and the page of each cycle."""

import csv
import io
from dataclasses import dataclass

from starlette.responses import Response

from csip_pipeline.publish.revisions import NAME as REVISIONS
from csip_pipeline.serve import rendering
from csip_pipeline.serve.roles import May, Zone
from csip_pipeline.serve.shelves import Edition, File, Shelved
from csip_pipeline.serve.site import given
from csip_pipeline.serve.visits import NotFoundError, Visit

MOST_SHOWN = 50


@dataclass(frozen=True)
class Status:
    """Where an edition stands, in words and as the colour of its tag."""

    words: str
    tone: str


@dataclass(frozen=True)
class Ledger:
    """Every figure that a revision changed, as far as the page shows it."""

    heads: list[str]
    rows: list[list[str]]
    total: int
    file: File


def home(visit: Visit) -> Response:
    """The latest pack and all cycles, to whoever may read them; to everybody what they may do."""
    may_read = visit.may(May.READ, Zone.PUBLIC)
    cycles = given(visit.site.public).cycles() if may_read else []
    latest = cycles[0] if cycles else None
    return rendering.page(
        visit,
        "home",
        may_read=may_read,
        cycles=[(one, status(one, one.editions[0])) for one in cycles],
        latest=latest,
        edition=latest.editions[0] if latest else None,
        standing=status(latest, latest.editions[0]) if latest else None,
        restricted=_restricted(visit, latest, str(latest.editions[0].revision)) if latest else None,
    )


def cycle(visit: Visit) -> Response:
    """Each edition of a cycle: when, what became of it, what changed, and its files."""
    shelved = given(visit.site.public).cycle(visit.named["cycle"])
    if shelved is None or not shelved.editions:
        raise NotFoundError
    restricted = {
        one.revision: _restricted(visit, shelved, str(one.revision)) for one in shelved.editions
    }
    return rendering.page(
        visit,
        "cycle",
        shelved=shelved,
        editions=[
            (one, status(shelved, one), changed(one), restricted[one.revision])
            for one in shelved.editions
        ],
        ledgers={number: ledger(one) for number, one in restricted.items() if one is not None},
        has_sample=visit.may(May.WATCH, Zone.MEETING) and "sample" in shelved.told,
    )


def status(shelved: Shelved, edition: Edition) -> Status:
    """Whether an edition is the one to read, a correction, or replaced by one."""
    place = shelved.editions.index(edition)
    published = rendering.moment(edition.moment("published_at"))
    if place:
        later = rendering.moment(shelved.editions[place - 1].moment("published_at"))
        return Status(f"Replaced on {later}", "grey")
    if edition.revision > 1:
        return Status(f"Corrected on {published}", "yellow")
    return Status(f"Published on {published}", "green")


def changed(edition: Edition) -> str:
    """What an edition changed, in one sentence."""
    compared = edition.told.get("compared_with")
    if not compared:
        return "Nothing: there is no earlier edition to compare it with."
    figures = int(edition.told.get("figures_changed", 0))
    conclusions = int(edition.told.get("conclusions_changed", 0))
    since = f"{compared[0]}, edition {compared[1]}"
    if not figures:
        return f"No figure, since {since}."
    told = rendering.counted(figures, "figure")
    also = f" and {rendering.counted(conclusions, 'conclusion')}" if conclusions else ""
    return f"{told}{also}, since {since}."


def ledger(edition: Edition) -> Ledger | None:
    """What changed, figure by figure; None where nothing is listed."""
    file = next((one for one in edition.tables if one.path.stem == REVISIONS), None)
    if file is None:
        return None
    lines = list(csv.reader(io.StringIO(file.content().decode("utf-8-sig"))))
    heads, rows = (lines[0], lines[1:]) if lines else ([], [])
    return Ledger(heads, rows[:MOST_SHOWN], len(rows), file)


def _restricted(visit: Visit, shelved: Shelved, revision: str) -> Edition | None:
    """The restricted edition beside a public one, to whoever may read it."""
    if not visit.may(May.COMPARE, Zone.OFFICE):
        return None
    found = given(visit.site.restricted).cycle(shelved.cycle)
    return found.edition(revision) if found is not None else None
