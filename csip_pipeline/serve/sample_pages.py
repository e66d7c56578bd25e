"""The call sample in the meeting: the frozen frame, the chair's dice, the result, and its proof."""

from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from csip_pipeline.publish.sampling.drawing import SHORTEST_SEED
from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import pack_files, rendering
from csip_pipeline.serve.headers import NO_STORE
from csip_pipeline.serve.meetings import Sample
from csip_pipeline.serve.roles import May, Zone
from csip_pipeline.serve.site import given
from csip_pipeline.serve.visits import NotFoundError, Visit

LONGEST_SEED, MOST_CALLS = 200, 10_000
GROUP = 5
BETWEEN_DICE = " ,.-\t\r\n"


def samples(visit: Visit) -> Response:
    """Every cycle of which calls are, or can be, drawn."""
    return rendering.page(visit, "samples", samples=given(visit.site.meetings).frozen())


def sample(visit: Visit) -> Response:
    """A cycle's sample."""
    return _page(visit, _sample(visit))


def dice(visit: Visit) -> Response:
    """Take the dice: first shown as they were read, then, once confirmed, drawn with for good."""
    found = _sample(visit)
    digits = "".join(one for one in visit.fields.get("seed", "") if one not in BETWEEN_DICE)
    size = visit.fields.get("size", "").strip()
    faults = _faults(digits, size, int(found.frame["rows"]))
    if faults or visit.fields.get("step") != "draw":
        is_ready = not faults and visit.fields.get("step") == "check"
        return _page(visit, found, faults, is_ready=is_ready)
    visit.log("draw", found.cycle)
    try:
        given(visit.site.meetings).draw(found.cycle, digits, int(size))
    except RefusedError as refusal:
        visit.log("draw", found.cycle, "failed")
        return _page(visit, found, {"seed": str(refusal)})
    return RedirectResponse(f"/sample/{found.cycle}", status_code=HTTPStatus.SEE_OTHER)


def file(visit: Visit) -> Response:
    """The frame or the manifest, by which anybody can draw again."""
    found = given(visit.site.meetings).file(visit.named["cycle"], visit.named["file"])
    if found is None:
        raise NotFoundError
    return pack_files.sent(visit, found, "download", NO_STORE)


def grouped(digits: str) -> str:
    """Digits in groups of five, as people read them to each other."""
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def _sample(visit: Visit) -> Sample:
    found = given(visit.site.meetings).sample(visit.named["cycle"])
    if found is None:
        raise NotFoundError
    return found


def _page(
    visit: Visit,
    found: Sample,
    faults: dict[str, str] | None = None,
    *,
    is_ready: bool = False,
) -> Response:
    digits = "".join(one for one in visit.fields.get("seed", "") if one not in BETWEEN_DICE)
    return rendering.page(
        visit,
        "sample",
        status=422 if faults else 200,
        sample=found,
        faults=faults or {},
        is_ready=is_ready,
        may_draw=visit.may(May.DRAW, Zone.MEETING) and found.draw is None,
        digits=digits[:LONGEST_SEED],
        shown=grouped(digits[:LONGEST_SEED]),
        seed=grouped(found.draw["seed"]) if found.draw else "",
        size=visit.fields.get("size", "").strip()[:6],
        shortest=SHORTEST_SEED,
    )


def _faults(digits: str, size: str, calls: int) -> dict[str, str]:
    faults = {}
    if not (digits.isascii() and digits.isdigit()):
        faults["seed"] = "Enter the digits that the dice showed, and nothing else"
    elif not SHORTEST_SEED <= len(digits) <= LONGEST_SEED:
        faults["seed"] = (
            f"Enter at least {SHORTEST_SEED} digits: {len(digits)} were given. With fewer, "
            "somebody could try them all"
        )
    is_number = size.isascii() and size.isdigit() and len(size) < len(str(MOST_CALLS))
    if not is_number or not 1 <= int(size) <= calls:
        faults["size"] = f"Enter how many calls the panel hears, from 1 to {calls:,}"
    return faults
