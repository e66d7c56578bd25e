"""Runs of the 101 exchange: from 04:00 on the last day of a month to 04:00 a month later."""

import datetime as dt
from dataclasses import dataclass, field

from csip_pipeline.demo import callers, clock, draws, force, rota
from csip_pipeline.demo.exchange import Exchange, Leg
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.queues import Queue
from csip_pipeline.demo.town import Town

RESTART_HOUR = 4
QUEUES_101 = ("switchboard_101", "crime_recording", "enquiries")
SERVICE_LINGER = 6 * clock.HOUR  # calls in progress at a restart are still seen to


@dataclass
class Run:
    """A run of the exchange: its legs, its breaks, and who went elsewhere."""

    starts_at: int
    legs: list[Leg] = field(default_factory=list)
    breaks: list[tuple[int, int, int, str]] = field(default_factory=list)
    members: list[tuple[str, int]] = field(default_factory=list)
    online: list[Wish] = field(default_factory=list)
    emergencies: list[Wish] = field(default_factory=list)


def run_of(town: Town, month: dt.date, stop_at: int | None) -> Run:
    """The run that ends in a month: whole, or only its beginning where it is stopped."""
    first, last = clock.last_day(clock.month_before(month)), clock.last_day(month)
    starts_at, ends_at = clock.london(first, RESTART_HOUR), clock.london(last, RESTART_HOUR)
    if month == force.FIRST_MONTH:
        first, starts_at = month, clock.london(month)
    run = Run(starts_at)
    exchange = Exchange(
        _queues(town, run, first, ends_at),
        callers.endless_chances(draws.generator(town.seed, month, "exchange")),
        run.legs.append,
        run.online,
        run.emergencies,
    )
    until = min(ends_at, stop_at or ends_at)
    arrivals = [
        arrival
        for day in clock.days_between(first, clock.london_day(until - 1))
        for arrival in town.callers_on(day)
        if starts_at <= arrival[0] < until
    ]
    exchange.run(arrivals, until, finish=stop_at is None)
    return run


def _queues(town: Town, run: Run, first: dt.date, ends_at: int) -> dict[str, Queue]:
    """Open the queues with everybody on duty during a run."""
    days = clock.days_between(first - dt.timedelta(days=1), clock.london_day(ends_at))
    queues = {}
    for name in QUEUES_101:
        on_duty = rota.shifts(rota.DESKS[name], days, town.scale)
        until = ends_at + SERVICE_LINGER
        clipped = [
            (max(starts, run.starts_at), min(ends, until), agent)
            for starts, ends, agent in on_duty
            if ends > run.starts_at and starts < until
        ]
        queues[name] = Queue(clipped)
        run.members += [(name, agent) for agent in sorted({shift[2] for shift in clipped})]
        run.breaks += [
            (starts, ends, agent, name)
            for starts, ends, agent in rota.breaks(on_duty)
            if run.starts_at <= starts < ends_at
        ]
    return queues
