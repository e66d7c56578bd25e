"""How far two panellists who heard the same call agree: pure functions of their answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_CALLS = 2
"""Below this there is no coefficient: one call says nothing of chance."""


@dataclass(frozen=True)
class Agreement:
    """Calls that two panellists answered, in how many they agree, and Gwet's AC1."""

    calls: int
    agreed: int
    ac1: float | None


def agreement(pairs: Sequence[tuple[str, str]], categories: int) -> Agreement:
    """Return how far pairs of answers agree, on a scale of so many categories.

    AC1 = (pa - pe) / (1 - pe), with pa the share of calls on which both agree and pe =
    sum(pi_q (1 - pi_q)) / (Q - 1), where pi_q is the mean of the two panellists' shares of answers
    that are q and Q the number of categories: those of the scale, whether used or not. 1 is full
    agreement and 0 what chance would give. Source: Gwet (2008), British Journal of Mathematical
    and Statistical Psychology 61:29-48; it does not fall to nought, as Cohen's kappa does, where
    nearly every answer is the same. None under 2 calls. Raises ValueError where the scale has
    fewer than 2 categories, or fewer than were answered.
    """
    answered = Counter(answer for pair in pairs for answer in pair)
    if categories < 2 or len(answered) > categories:  # noqa: PLR2004 - nothing to choose between
        raise ValueError("a scale needs two categories or more, and each that is answered")
    calls = len(pairs)
    agreed = sum(first == second for first, second in pairs)
    if calls < FEWEST_CALLS:
        return Agreement(calls, agreed, None)
    shares = [count / (2 * calls) for count in answered.values()]
    by_chance = sum(share * (1 - share) for share in shares) / (categories - 1)
    return Agreement(calls, agreed, (agreed / calls - by_chance) / (1 - by_chance))
