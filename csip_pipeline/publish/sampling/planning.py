"""How many calls the panel must hear for its shares to be as exact as it wants them."""

import math
from dataclasses import asdict, dataclass
from statistics import NormalDist

HALF = 0.5


@dataclass(frozen=True)
class Plan:
    """How many calls, and what that asks of the panel."""

    calls: int
    half_width_points: float
    """Half the interval that so many calls give, in points."""
    hours: float | None
    calls_in_the_hours: int | None
    half_width_in_the_hours: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        """The plan for a script."""
        return asdict(self)


def plan(  # noqa: PLR0913 - what a panel may say of its plans
    half_width: float,
    *,
    share: float = HALF,
    confidence: float = 0.95,
    frame: int | None = None,
    minutes_per_call: float | None = None,
    hours: float | None = None,
) -> Plan:
    """The fewest calls whose Wilson interval is no wider than `half_width` to either side.

    `half_width`, `share` and `confidence` are fractions; a share of a half needs the most calls.
    Of a `frame` of N calls fewer are enough: n / (1 + (n - 1) / N), the finite population
    correction (Cochran, Sampling Techniques, 1977, 4.4). Raises ValueError for what cannot be, such
    as a half_width that is not between 0 and 1/2. 10 points at a half need 93.
    """
    possible = {
        "the half-width must be between 0 and 50 points": 0 < half_width < HALF,
        "the share must be between 0 and 100 per cent": 0 <= share <= 1,
        "the confidence must be between 0 and 100 per cent": 0 < confidence < 1,
        "a call must take some minutes": minutes_per_call is None
        or 0 < minutes_per_call < math.inf,
        "the hours must be a number from 0": hours is None or 0 <= hours < math.inf,
    }
    for what, holds in possible.items():
        if not holds:
            raise ValueError(what)
    most = 1
    while reach(most, share, confidence) > half_width:
        most *= 2
    fewest = most // 2
    while most - fewest > 1:
        middle = (fewest + most) // 2
        if reach(middle, share, confidence) > half_width:
            fewest = middle
        else:
            most = middle
    calls = most if frame is None else min(math.ceil(most / (1 + (most - 1) / frame)), frame)
    can = None
    if hours is not None and minutes_per_call:
        can = math.floor(hours * 60 / minutes_per_call)
    return Plan(
        calls=calls,
        half_width_points=round(100 * reach(most, share, confidence), 2),
        hours=round(calls * minutes_per_call / 60, 1) if minutes_per_call else None,
        calls_in_the_hours=can,
        half_width_in_the_hours=round(100 * reach(can, share, confidence), 2) if can else None,
    )


def reach(calls: int, share: float, confidence: float) -> float:
    """Half the width of the Wilson interval of a share of so many calls.

    As in intervals.wilson, of a share that need not be a whole number of calls.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return z * math.sqrt(z**2 + 4 * calls * share * (1 - share)) / (2 * (calls + z**2))
