"""Bringing a file: score sheets from panellists, worked lists from the contact team."""

from dataclasses import dataclass

from starlette.responses import Response

from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import rendering
from csip_pipeline.serve.site import given
from csip_pipeline.serve.uploads import Intake, Taken, stem_of
from csip_pipeline.serve.visits import Visit

FIELD = "file"
MOST_FAULTS = 50


@dataclass(frozen=True)
class Asked:
    """What a page for bringing a file is about."""

    address: str
    title: str
    lead: str
    hint: str
    after: str


SCORES = Asked(
    "/upload/scores",
    "Upload a score sheet",
    "One row for each call and question, answered from the list, or N/A where it does not apply.",
    "Your own score sheet, filled in.",
    "Your scores count from the next run on. If you change your mind, upload the sheet again: the "
    "newest score of each call counts.",
)
CALLBACKS = Asked(
    "/upload/callbacks",
    "Give a callback list back",
    "Upload a list as often as you like while it is worked: what is new counts.",
    "The list with its outcomes filled in, under its own name.",
    "The outcomes are taken in within minutes where that is automatic, else by the next run.",
)


def scores(visit: Visit) -> Response:
    """The form for a score sheet."""
    return _form(visit, given(visit.site.scores), SCORES)


def take_scores(visit: Visit) -> Response:
    """A score sheet, checked at once."""
    return _take(visit, given(visit.site.scores), SCORES, "scores")


def callbacks(visit: Visit) -> Response:
    """The form for a worked list."""
    return _form(visit, given(visit.site.returned), CALLBACKS)


def take_callbacks(visit: Visit) -> Response:
    """A worked list, checked at once."""
    upload = visit.uploads.get(FIELD)
    known = (one.stem for one in given(visit.site.lists).all())
    stem = stem_of(upload, known, "callbacks") if upload else ""
    return _take(visit, given(visit.site.returned), CALLBACKS, stem)


def _take(visit: Visit, intake: Intake, asked: Asked, stem: str) -> Response:
    upload = visit.uploads.get(FIELD)
    if upload is None:
        return _form(visit, intake, asked, fault="Choose a file")
    try:
        taken = intake.take(upload, stem)
    except RefusedError as refusal:
        visit.log("upload", intake.feed, "refused")
        return _form(visit, intake, asked, fault=str(refusal))
    outcome = "has faults" if taken.faults else "done"
    visit.log("upload", f"{intake.feed}/{taken.name}", outcome, taken.sha256)
    return _form(visit, intake, asked, taken=taken)


def _form(
    visit: Visit,
    intake: Intake,
    asked: Asked,
    *,
    fault: str | None = None,
    taken: Taken | None = None,
) -> Response:
    has_faults = fault is not None or (taken is not None and bool(taken.faults))
    return rendering.page(
        visit,
        "upload",
        status=422 if has_faults else 200,
        asked=asked,
        fault=fault,
        taken=taken,
        rows=len({each["row"] for each in taken.faults}) if taken else 0,
        most=MOST_FAULTS,
        accept=",".join(intake.suffixes),
        endings=" or ".join(intake.suffixes),
    )
