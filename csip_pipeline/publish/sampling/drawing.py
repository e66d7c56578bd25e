"""Draw from a frozen frame, replace calls that cannot be heard, and keep targeted ones apart."""

import json
import math
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from csip_pipeline.calendars import Cycle
from csip_pipeline.publish import manifests
from csip_pipeline.publish.call_sample import ALGORITHM, selection
from csip_pipeline.publish.sampling import freezing, manifested
from csip_pipeline.publish.sampling.manifested import FrameRow, Told
from csip_pipeline.publish.sampling.tables import WHOLE_FRAME
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

SHORTEST_SEED = 20
FEWEST_RESERVES = 5
FIRST_TARGETED = 1001


def draw(
    here: Settings, cycle: Cycle, seed: str, size: int, reserves: int | None = None
) -> dict[str, Any]:
    """Draw the sample with the chair's dice digits, and return what the manifest says of it.

    It happens once: the same again changes nothing, another is refused.
    """
    if not (seed.isascii() and seed.isdigit()) or len(seed) < SHORTEST_SEED:
        raise RefusedError(
            f"The seed must be at least {SHORTEST_SEED} digits and nothing else, as the chair's "
            "dice show them: with fewer, somebody could try them all until the calls suit them."
        )
    folder = here.published / cycle.cycle
    told = _frozen(folder, cycle)
    spare = max(FEWEST_RESERVES, math.ceil(size / 2)) if reserves is None else reserves
    rows = manifested.read_frame(folder, told)
    if size < 1 or size + spare > len(rows):
        raise RefusedError(
            f"{size} calls and {spare} reserves cannot be drawn from a frame of {len(rows):,}."
        )
    _fits(size, spare, strata=len(told["frame"]["strata"]))
    drawn = {
        "seed": seed,
        "size": size,
        "reserves": spare,
        "algorithm": ALGORITHM,
        "rows": drawn_rows(rows, seed, size, spare),
    }

    def once(sample: Told) -> Told:
        if sample.get("draw", drawn) != drawn:
            raise RefusedError(
                f"The sample of {cycle.cycle} is drawn already. A draw happens once: drawing again "
                "until the calls suit would be no draw. See it with: csip sample verify"
            )
        return {**sample, "draw": drawn}

    _update(folder, cycle, once)
    return drawn


def _fits(size: int, spare: int, *, strata: int) -> None:
    if size < strata:
        raise RefusedError(
            f"{size} calls are too few for {strata} strata, of which each gives at least one. Draw "
            "more, or freeze the frame undivided before the dice are thrown again."
        )
    if size + spare >= FIRST_TARGETED:
        raise RefusedError(
            f"{size} calls and {spare} reserves are too many: the numbers from {FIRST_TARGETED} "
            "belong to calls that somebody chose on purpose."
        )


def drawn_rows(rows: list[FrameRow], seed: str, size: int, reserves: int) -> list[dict[str, Any]]:
    """The calls drawn, then the reserves, each numbered as the panel knows it."""
    strata = manifested.by_stratum(rows)
    counts = {stratum: len(own) for stratum, own in strata.items()}
    sizes, spares = shared_out(size, counts), shared_out(reserves, counts)
    first: list[tuple[str, int, FrameRow]] = []
    later: list[tuple[str, int, FrameRow]] = []
    for stratum, own in strata.items():
        its_seed = seed if stratum == WHOLE_FRAME else f"{seed}/{stratum}"
        taken = min(sizes[stratum] + spares[stratum], len(own))
        for place, row in enumerate(islice(selection(its_seed, len(own)), taken), start=1):
            where = first if place <= sizes[stratum] else later
            where.append((stratum, place, own[row - 1]))
    return [
        {
            "sample_no": number,
            "stratum": stratum,
            "draw_no": place,
            "row": row.row,
            "reference": row.reference,
        }
        for number, (stratum, place, row) in enumerate([*first, *later], start=1)
    ]


def shared_out(size: int, counts: dict[str, int]) -> dict[str, int]:
    """How many of `size` each stratum gets: in proportion, by largest remainder.

    Each gets at least one, unless there are more strata than there is to share out.
    """
    total = sum(counts.values())
    least = 1 if size >= len(counts) else 0
    given = {stratum: max(size * count // total, least) for stratum, count in counts.items()}

    def excess(stratum: str) -> tuple[int, str]:
        return given[stratum] * total - size * counts[stratum], stratum

    while sum(given.values()) < size:
        given[min(counts, key=excess)] += 1
    while sum(given.values()) > size:
        given[max((each for each in counts if given[each] > least), key=excess)] -= 1
    return given


def withdraw(here: Settings, cycle: Cycle, sample_no: int, because: str) -> dict[str, Any]:
    """Take a drawn call out for a reason, and put the next reserve of its stratum in its place."""
    folder = here.published / cycle.cycle
    _refuse_undrawn(folder, cycle)

    def replaced(sample: Told) -> Told:
        by = _next_reserve(sample, cycle, sample_no)
        entry = {"sample_no": sample_no, "because": because, "replaced_by": by}
        return {**sample, "withdrawn": [*sample.get("withdrawn", []), entry]}

    return dict(_update(folder, cycle, replaced)["withdrawn"][-1])


def _next_reserve(told: Told, cycle: Cycle, sample_no: int) -> int:
    states = standing(told)
    if states.get(sample_no, ("reserve", None))[0] != "sampled":
        raise RefusedError(
            f"Call {sample_no} of {cycle.cycle} is not in the sample, so it cannot be withdrawn."
        )
    strata = {int(row["sample_no"]): row["stratum"] for row in told["draw"]["rows"]}
    for number, stratum in strata.items():
        if stratum == strata[sample_no] and states[number][0] == "reserve":
            return number
    raise RefusedError(
        f"No reserve is left to take the place of call {sample_no} of {cycle.cycle}. The panel "
        "hears one call fewer; its interval says what that costs. Leave the call in the list, "
        "and give it no scores."
    )


def standing(told: Told) -> dict[int, tuple[str, int | None]]:
    """Each drawn call's state (sampled, reserve, withdrawn) and for which one it stands in."""
    size = told["draw"]["size"]
    states: dict[int, tuple[str, int | None]] = {
        row["sample_no"]: ("sampled" if row["sample_no"] <= size else "reserve", None)
        for row in told["draw"]["rows"]
    }
    for entry in told.get("withdrawn", []):
        states[entry["sample_no"]] = ("withdrawn", states[entry["sample_no"]][1])
        states[entry["replaced_by"]] = ("sampled", entry["sample_no"])
    return states


def target(here: Settings, cycle: Cycle, contacts: list[str], because: str) -> list[dict[str, Any]]:
    """Add calls that somebody chose on purpose: heard apart, and never part of an estimate."""
    folder = here.published / cycle.cycle
    _frozen(folder, cycle)
    freezing.make_samples(here)
    path = targeted_file(here, cycle.cycle)
    before = targeted(here, cycle.cycle)
    known = {each["contact_id"] for each in before}
    new = [contact for contact in dict.fromkeys(contacts) if contact not in known]
    after = [
        *before,
        *(
            {"sample_no": number, "contact_id": contact, "because": because}
            for number, contact in enumerate(new, start=FIRST_TARGETED + len(before))
        ),
    ]
    put(path, json.dumps(after, indent=2).encode())
    path.chmod(0o600)
    _update(folder, cycle, lambda sample: {**sample, "targeted": len(after)})
    return after


def targeted(here: Settings, cycle: str) -> list[dict[str, Any]]:
    """The calls that somebody chose on purpose."""
    path = targeted_file(here, cycle)
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def targeted_file(here: Settings, cycle: str) -> Path:
    """Where targeted calls are kept."""
    return here.samples / f"{cycle}_targeted.json"


def _frozen(folder: Path, cycle: Cycle) -> Told:
    told = manifested.read(folder)
    if "frame" not in told:
        raise RefusedError(
            f"No frame of {cycle.cycle} is frozen. Freeze it before anybody throws a dice: "
            f"csip sample freeze --cycle {cycle.cycle}"
        )
    return told


def _refuse_undrawn(folder: Path, cycle: Cycle) -> None:
    if "draw" not in _frozen(folder, cycle):
        raise RefusedError(f"The sample of {cycle.cycle} is not drawn yet: csip sample draw")


def _update(folder: Path, cycle: Cycle, change: Callable[[Told], Told]) -> Told:
    """Let `change` judge what the manifest tells at that moment, with nobody else writing it."""
    manifest = manifests.update(
        folder, cycle, lambda before: {**before, "sample": change(before["sample"])}
    )
    return dict(manifest["sample"])
