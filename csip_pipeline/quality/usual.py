"""What is usual of a figure, learnt from the months before: limits as of a control chart."""

from dataclasses import dataclass

import pandas as pd

from csip_pipeline.quality.figures import MONTHS_BEFORE

FEWEST = 6
"""Months from which limits are learnt at least; with fewer, any value is as good as another."""
XMR = 2.66
"""Natural process limits: the mean, and so many mean moving ranges either side (Shewhart)."""
LEAST_OF_LEVEL, LEAST_OF_SHARE = 0.1, 0.02
"""How far a figure may always move: a tenth of its level, or two points of a share."""
WHOLE = 100
"""From here on a number is told without decimals."""


@dataclass(frozen=True)
class Usual:
    """A figure's limits, and from how many months they were learnt."""

    figure: str
    lower: float
    upper: float
    mean: float
    months: int

    @property
    def scale(self) -> int:
        """By what the site multiplies the figure: a share is in percent."""
        return 100 if "share" in self.figure else 1

    @property
    def why(self) -> str:
        """The limits and where they are from, as the site says it."""
        lower, upper = shown(self.figure, self.lower), shown(self.figure, self.upper)
        mean = shown(self.figure, self.mean)
        return (
            f"{lower} to {upper}. Learnt from the {self.months} months before: {mean} on average."
        )


def shown(figure: str, value: float) -> str:
    """A figure as people read it: a share in percent, seconds and counts as numbers."""
    if "share" in figure:
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:,.1f}".removesuffix(".0")


def learnt(before: pd.DataFrame) -> list[Usual]:
    """The limits of every figure that has enough months before, a row each, oldest first."""
    found = []
    for name in before.columns:
        values = before[name].dropna().tail(MONTHS_BEFORE)
        if len(values) >= FEWEST:
            found.append(_usual(str(name), values))
    return found


def _usual(name: str, values: pd.Series) -> Usual:
    is_share = "share" in name
    mean = float(values.mean())
    spread = XMR * float(values.diff().abs().mean())
    least = LEAST_OF_SHARE if is_share else LEAST_OF_LEVEL * abs(mean)
    reach = max(spread, least)
    highest = 1.0 if is_share else float("inf")
    return Usual(name, max(mean - reach, 0.0), min(mean + reach, highest), mean, len(values))
