"""Which panellist hears which call of a sample: evenly shared, some twice, by the chair's dice."""

import hashlib
from collections.abc import Mapping, Sequence

from csip_pipeline.publish.sampling import drawing
from csip_pipeline.publish.sampling.manifested import Told


def shared(
    told: Told, targeted: Sequence[int], panellists: Sequence[str], overlap: int
) -> dict[str, list[int]]:
    """The numbers of the calls that each panellist hears, in order.

    Calls drawn by lot come in an order that the dice decide, and go round the panellists in turn;
    the first `overlap` of them to two each. A reserve has the place of the call it stands for, so
    that nobody else's calls change. Targeted calls follow, one panellist each.
    """
    in_turn = [
        number
        for place, number in enumerate(_by_dice(told))
        for _ in range(2 if place < overlap else 1)
    ]
    found: dict[str, list[int]] = {panellist: [] for panellist in panellists}
    for turn, number in enumerate([*in_turn, *targeted]):
        found[panellists[turn % len(panellists)]].append(number)
    return {panellist: sorted(numbers) for panellist, numbers in found.items()}


def _by_dice(told: Told) -> list[int]:
    """The calls that are heard, in the order of a hash of the seed and the number first drawn."""
    states = drawing.standing(told)
    seed = told["draw"]["seed"]
    heard = [number for number, (state, _) in states.items() if state == "sampled"]

    def lot(number: int) -> str:
        return hashlib.sha256(f"{seed}/sheets/{_first(states, number)}".encode()).hexdigest()

    return sorted(heard, key=lot)


def _first(states: Mapping[int, tuple[str, int | None]], number: int) -> int:
    """The call in whose place this one is heard, through every withdrawal."""
    stands_for = states[number][1]
    return number if stands_for is None else _first(states, stands_for)
