"""Who is on duty: three watches a day, as many agents each hour as the expected load needs."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from csip_pipeline.demo import clock, force
from csip_pipeline.demo.queues import Shift

WATCHES = (7, 15, 23)
GOLDEN = 0.618033988749895  # spreads the fractions of an agent evenly over the days
BREAK_SECONDS = 1_800
LONG_SHIFT_HOURS = 6
TEAMS = 5


@dataclass(frozen=True)
class Desk:
    """The agents of one queue: whose calls they take, how long each takes, how many spare."""

    queue: str
    line: str
    share: float
    """Of the line's fresh calls, that reach this queue."""
    seconds: float
    """Mean talking and finishing off, a call."""
    margin: float
    """Agents beyond the load, in square roots of it."""
    first_agent: int


DESKS = {
    desk.queue: desk
    for desk in (
        Desk("switchboard_101", "101", 1.10, 84, 1.15, 1001),
        Desk("crime_recording", "101", 0.30, 760, 0.42, 1201),
        Desk("enquiries", "101", 0.21, 345, 0.50, 1401),
        Desk("emergency_999", "999", 1.0, 225, 2.35, 1601),
    )
}


@lru_cache(maxsize=512)
def agents_wanted(desk: Desk, day: dt.date, scale: float) -> list[float]:
    """Agents planned for each hour of a day; leave is planned for, half of the season is not."""
    season = force.season(day)
    planned = (1 + season) / (2 * season) * (force.staffing(day) if desk.line == "101" else 1.0)
    loads = (
        calls * desk.share * desk.seconds / 3600 for calls in force.calls_by_hour(desk.line, day)
    )
    return [max(1.0, planned * scale * (x + desk.margin * sqrt(x))) for x in loads]


def shifts(desk: Desk, days: list[dt.date], scale: float) -> list[Shift]:
    """Every stretch an agent of a desk is on duty in a row of days, breaks left out."""
    return [
        shift
        for day in days
        for watch in range(len(WATCHES))
        for shift in _watch(desk, day, watch, scale)
    ]


def breaks(on_duty: list[Shift]) -> list[tuple[int, int, int]]:
    """Every break among some shifts: when it starts and ends, and the agent's number."""
    worked = sorted(on_duty, key=lambda shift: (shift[2], shift[0]))
    return [
        (int(ended), int(starts), agent)
        for (_, ended, agent), (starts, _, other) in pairwise(worked)
        if agent == other and starts - ended == BREAK_SECONDS
    ]


def _watch(desk: Desk, day: dt.date, watch: int, scale: float) -> list[Shift]:
    tomorrow = day + dt.timedelta(days=1)
    starts = clock.london(day, WATCHES[watch])
    is_last = watch + 1 == len(WATCHES)
    ends = clock.london(tomorrow, WATCHES[0]) if is_last else clock.london(day, WATCHES[watch + 1])
    dither = (day.toordinal() * 3 + watch) * GOLDEN % 1.0
    hours = range(starts, ends, clock.HOUR)
    on_duty = [
        int(agents_wanted(desk, clock.london_day(hour), scale)[clock.london_hour(hour)] + dither)
        for hour in hours
    ]
    found: list[Shift] = []
    for slot in range(max(on_duty)):
        agent = desk.first_agent + slot * TEAMS + (day.toordinal() * 3 + watch) % TEAMS
        for first, length in _runs([count > slot for count in on_duty]):
            found += _stretch(starts + first * clock.HOUR, length, agent, alone=slot == 0)
    return found


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """Where each run of True starts, and how long it is."""
    edges = [n for n, flag in enumerate([*flags, False]) if flag != (n > 0 and flags[n - 1])]
    return [(first, last - first) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _stretch(starts: int, hours: int, agent: int, *, alone: bool) -> list[Shift]:
    """A stretch on duty, in two parts if it is long and somebody else is there meanwhile."""
    ends = starts + hours * clock.HOUR
    if alone or hours < LONG_SHIFT_HOURS:
        return [(starts, ends, agent)]
    pause = starts + hours * clock.HOUR // 2
    return [(starts, pause, agent), (pause + BREAK_SECONDS, ends, agent)]
