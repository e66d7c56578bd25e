"""The residents: one number each, from which every contact point of that person follows.

Telephone numbers come only from 07700 900000-900999, which Ofcom keeps for drama, and from 01632,
an area code no area uses. E-mail addresses are at example.org, social authors are numbers.
"""

from dataclasses import dataclass

import numpy as np

from csip_pipeline.demo import force

MOBILES = 1_000
LANDLINES = 800_000  # 01632 200000-999999: local numbers do not start with 0 or 1
FREQUENT_SHARE = 0.13  # of calls, from one resident in four hundred


@dataclass(frozen=True)
class Population:
    """So many residents, the first few of whom ring often."""

    size: int
    frequent: int

    def pick(self, rng: np.random.Generator, n: int) -> list[int]:
        """Return n callers: some of the few who ring often, the rest from everybody."""
        draws = rng.random((n, 2))
        often = draws[:, 0] < FREQUENT_SHARE
        few = np.floor(self.frequent * draws[:, 1] ** 1.6)
        many = np.floor(self.size * draws[:, 1] ** 1.5)
        chosen: list[int] = np.where(often, few, many).astype(np.int64).tolist()
        return chosen


def population(scale: float) -> Population:
    """The residents of a force of a given size."""
    size = min(LANDLINES, max(2_000, round(force.RESIDENTS * scale)))
    return Population(size, max(10, size // 400))


def phone(resident: int) -> str:
    """A resident's telephone number in national digits."""
    if resident < MOBILES:
        return f"07700900{resident * 387 % MOBILES:03d}"
    return f"01632{200_000 + (resident * 618_033 + 271_829) % LANDLINES:06d}"


def phone_as_typed(resident: int, style: int) -> str:
    """A resident's number in one of the ways people and systems write it (style 0, 1, 2 ...)."""
    digits = phone(resident)
    spaced = f"{digits[:5]} {digits[5:]}"
    return (spaced, f"+44{digits[1:]}", digits, spaced, f"+44 {spaced[1:]}")[style % 5]


def email(resident: int) -> str:
    """A resident's e-mail address, always the same one."""
    return f"resident{resident:06d}@example.{'com' if resident % 3 else 'org'}"


def social_id(resident: int) -> str:
    """A resident's author id on social media."""
    return str(2_000_000 + resident * 7 + 3)


def visitor_id(resident: int) -> str:
    """A resident's id as a visitor to the web chat."""
    return str(403_900_000_000 + resident * 11 + 5)
