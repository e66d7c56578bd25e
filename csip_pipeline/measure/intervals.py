"""How far chance alone could have moved a share or a median: pure functions of counts."""

import math
from math import sqrt
from statistics import NormalDist


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share, as fractions; None where n is 0.

    Source: Wilson (1927), in the form of OHID's Public Health Technical Guidance (proportions):
    (2O + z² ∓ z √(z² + 4Oq)) / 2(n + z²), with O the successes and q = 1 - O/n.
    Raises ValueError unless 0 <= successes <= n. 5 of 90 gives 2.40 % to 12.35 %.
    """
    if not 0 <= successes <= n:
        raise ValueError("successes must lie between 0 and n")
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    spread = z * sqrt(z**2 + 4 * successes * (1 - successes / n))
    below, above = (2 * successes + z**2 - spread, 2 * successes + z**2 + spread)
    divisor = 2 * (n + z**2)
    return max(0.0, below / divisor), min(1.0, above / divisor)


def median_interval(n: int, confidence: float = 0.95) -> tuple[int, int] | None:
    """Return the ranks (from 1) of the ordered values between which the median lies.

    The narrowest symmetric pair whose binomial coverage reaches the confidence; None where n is
    too small for any. It assumes independent values; waits in a queue are not, so call it
    indicative. Source: order statistics of the binomial distribution with p = 1/2 (n 20 gives
    ranks 6 and 15, coverage 95.9 %).
    """
    lower = median_rank(n, confidence)
    return (lower, n + 1 - lower) if lower else None


def median_rank(n: int, confidence: float = 0.95) -> int:
    """Return the lower of median_interval's ranks; 0 where n is too small for any."""
    if n < 1:
        return 0
    from scipy import special  # noqa: PLC0415 - takes a third of a second, which few runs need

    # the largest rank with P(X < rank) <= beyond, for X binomial with n and 1/2
    beyond = (1 - confidence) / 2
    below: int = max(math.floor(float(special.bdtrik(beyond, n, 0.5))), 0) - 1
    while special.bdtr(below + 1, n, 0.5) <= beyond:
        below += 1
    return below + 1


def median_coverage(n: int, lower: int) -> float:
    """Return the chance that the median lies between ranks lower and n + 1 - lower."""
    from scipy import special  # noqa: PLC0415 - as above

    return float(1 - 2 * special.bdtr(lower - 1, n, 0.5))
