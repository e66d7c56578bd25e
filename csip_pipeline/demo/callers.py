"""Callers to 101: who rings when, why, how patient they are and how long they will talk."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from csip_pipeline.demo import draws, force, people, reasons
from csip_pipeline.demo.online import Wish

MENU_SECONDS = (15, 35)
HANGS_UP_IN_MENU = 0.03  # and so never reaches the log
WITHHELD = 0.09
HASTY = (0.13, 100.0)  # share of callers soon out of patience, and after how many seconds
CALM = 4_200.0
BATCH = 256


@dataclass(frozen=True, slots=True)
class Chance:
    """What a call would need of chance on its way through the queues."""

    menu: int
    patience: tuple[int, int]
    ring: tuple[int, int]
    talk: tuple[int, int]
    wrap: tuple[int, int]
    ends: float
    wrapped: float
    after: float
    delay: int
    unanswered: float


@dataclass(frozen=True, slots=True)
class Caller:
    """One call on its way: who, why, and the queue it needs after the switchboard."""

    resident: int
    cli: str
    reason: str
    second_queue: str | None
    attempt: int = 1


def chances(rng: np.random.Generator, n: int) -> list[Chance]:
    """Chance for n calls."""
    menu = rng.integers(*MENU_SECONDS, n, endpoint=True).tolist()
    ring = rng.integers(1, 6, (n, 2), endpoint=True).tolist()
    numbers = rng.random((n, 4)).tolist()
    pairs = (
        zip(draws.patience(rng, n, HASTY, CALM), draws.patience(rng, n, HASTY, CALM), strict=True),
        map(tuple, ring),
        zip(draws.factors(rng, n, 0.5), draws.factors(rng, n, 0.5), strict=True),
        zip(draws.factors(rng, n, 0.6), draws.factors(rng, n, 0.6), strict=True),
    )
    delays = draws.lognormal(rng, n, 1_500, 1.6, 40)
    rows = zip(menu, *pairs, numbers, delays, strict=True)
    return [
        Chance(menu, patience, ring, talk, wrap, x[0], x[1], x[2], min(delay, 86_000), x[3])
        for menu, patience, ring, talk, wrap, x, delay in rows
    ]


def endless_chances(rng: np.random.Generator) -> Iterator[Chance]:
    """Chance for as many calls as anybody asks for, in order."""
    while True:
        yield from chances(rng, BATCH)


def callers_on(
    seed: int, day: dt.date, scale: float, population: people.Population, wishes: list[Wish]
) -> list[tuple[int, Caller]]:
    """Who dials 101 on a day: fresh callers, and the given people whom something else failed."""
    rng = draws.generator(seed, day, "101")
    expected = [x * scale / (1 - HANGS_UP_IN_MENU) for x in force.calls_by_hour("101", day)]
    moments = draws.arrivals(rng, day, expected)
    residents = population.pick(rng, len(moments))
    numbers = rng.random((len(moments) + len(wishes), 5)).tolist()
    moved = force.CAMPAIGN_SHARE * force.campaign(day)
    found = [
        (at, caller(who, reasons.reason_101(x[0]), x))
        for at, who, x in zip(moments, residents, numbers, strict=False)
        if x[3] >= HANGS_UP_IN_MENU
        and not (x[4] < moved and reasons.reason_101(x[0]) == "CRIME_REPORT")
    ]
    after = zip(wishes, numbers[len(moments) :], strict=True)
    return found + [(wish.at, caller(wish.resident, wish.reason, x)) for wish, x in after]


def caller(resident: int, reason: str, numbers: list[float]) -> Caller:
    """A caller, from the numbers that decide what the switchboard and the exchange see."""
    withheld = numbers[1] < WITHHELD
    cli = ("anonymous" if numbers[1] < WITHHELD * 0.8 else "") if withheld else None
    return Caller(
        resident,
        people.phone(resident) if cli is None else cli,
        reason,
        reasons.second_queue(reason, numbers[2]),
    )
