"""Shares of a whole, put together from the shares of its parts: pure functions of counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from csip_pipeline.measure.intervals import wilson


@dataclass(frozen=True)
class Part:
    """A part of the whole: its weight, and in how many of the calls heard of it something held."""

    weight: float
    successes: int
    heard: int


@dataclass(frozen=True)
class Estimate:
    """A share with its interval, as fractions."""

    share: float
    lower: float
    upper: float


def weighted(parts: Iterable[Part], confidence: float = 0.95) -> Estimate | None:
    """Return the weighted sum of the parts' shares, with its interval.

    The weights are taken as known. The interval is MOVER: each part's Wilson interval, recovered
    as variance and summed, so that of one part with weight 1 it is Wilson's own and that of two
    with weights 1 and -1 is Newcombe's difference (1998, method 10). Sources: Zou and Donner
    (2008), Statistics in Medicine 27:1693-1702; Newcombe (2001), Biometrical Journal 43:1. A part
    of weight 0 counts for nothing. None where a part with weight has no call heard, or there is no
    part.
    """
    share = below = above = 0.0
    own = [part for part in parts if part.weight]
    for part in own:
        interval = wilson(part.successes, part.heard, confidence)
        if interval is None:
            return None
        found = part.successes / part.heard
        ends = sorted(part.weight * end for end in interval)
        share += part.weight * found
        below += (part.weight * found - ends[0]) ** 2
        above += (ends[1] - part.weight * found) ** 2
    return Estimate(share, share - sqrt(below), share + sqrt(above)) if own else None


def post_stratified(counts: Sequence[tuple[int, int, int]]) -> Estimate | None:
    """Return a share of all calls, from calls of each class (all, heard, of which it held).

    Double sampling: the class of every call is known (how the handler coded it), the truth only of
    those heard. The share is the sum over the classes of their share of all calls times the share
    found among those heard. Sources: Cochran, Sampling Techniques (1977), 5A.9 and chapter 12;
    Tenenbein (1970), Journal of the American Statistical Association 65:1350. 700 calls of which
    10 of 40 heard, and 300 of which 15 of 20, give 0.7 x 0.25 + 0.3 x 0.75 = 40 %. None where a
    class that has calls had none heard.
    """
    total = sum(calls for calls, _, _ in counts)
    found = weighted(
        Part(calls / total if total else 0.0, held, heard) for calls, heard, held in counts
    )
    return found and Estimate(found.share, max(found.lower, 0.0), min(found.upper, 1.0))


def stratified(strata: Sequence[tuple[int, int, int, int]]) -> Estimate | None:
    """Return a share of the calls to which an item applies, over strata that were drawn apart.

    Each stratum is (all its calls, heard, to which it applies, of which it held). A stratum's
    weight is its calls times the share of those heard to which the item applies, taken as known
    (Cochran 1977, 5A.14, for a domain within strata). Where the frame was not divided it is the
    plain share with Wilson's interval. None where a stratum had no call heard, or the item applies
    to none.
    """
    if any(calls and not heard for calls, heard, _, _ in strata):
        return None
    sizes = [calls * applies / heard if heard else 0.0 for calls, heard, applies, _ in strata]
    total = sum(sizes)
    if not total:
        return None
    found = weighted(
        Part(size / total, held, applies)
        for size, (_, _, applies, held) in zip(sizes, strata, strict=True)
    )
    return found and Estimate(found.share, max(found.lower, 0.0), min(found.upper, 1.0))
