"""Chance: one generator for each part of each day, so that any month can be made alone.

Durations are rounded as soon as they are drawn, so that the last digit of a machine's logarithm
cannot reach a file.
"""

import datetime as dt
import zlib

import numpy as np

from csip_pipeline.demo import clock


def generator(seed: int, day: dt.date, part: str) -> np.random.Generator:
    """Chance for one part of one day, the same whatever else is made."""
    words = [seed, day.toordinal(), zlib.crc32(part.encode())]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def arrivals(rng: np.random.Generator, day: dt.date, by_hour: list[float]) -> list[int]:
    """Arrivals in a London day: Poisson by hour, so the repeated hour has its callers twice.

    by_hour gives the number expected in each hour of the clock.
    """
    hours = clock.hours_of(day)
    counts = rng.poisson([by_hour[shown] for _, shown in hours])
    starts = np.repeat([start for start, _ in hours], counts)
    moments = starts + rng.integers(0, clock.HOUR, len(starts))
    in_order: list[int] = np.sort(moments).tolist()
    return in_order


def lognormal(
    rng: np.random.Generator, n: int, median: float, sigma: float, least: int = 1
) -> list[int]:
    """Durations in whole seconds with a given median and spread."""
    seconds = np.rint(median * np.exp(sigma * rng.standard_normal(n)))
    whole: list[int] = np.maximum(seconds, least).astype(np.int64).tolist()
    return whole


def factors(rng: np.random.Generator, n: int, sigma: float) -> list[int]:
    """Lognormal multipliers around 1, in thousandths."""
    return lognormal(rng, n, 1000, sigma)


def patience(
    rng: np.random.Generator, n: int, hasty: tuple[float, float], calm: float
) -> list[int]:
    """How long each of n callers will wait, in seconds.

    hasty is the share of callers who give up soon and their mean; calm is the mean of the others.
    """
    share, soon = hasty
    mean = np.where(rng.random(n) < share, soon, calm)
    seconds: list[int] = np.rint(mean * rng.standard_exponential(n)).astype(np.int64).tolist()
    return seconds
