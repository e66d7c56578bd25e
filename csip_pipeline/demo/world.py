"""One month of the force: what every channel's writer needs to know, worked out once."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from csip_pipeline.demo import callers, clock, draws, force, online, people, rota
from csip_pipeline.demo.exchange import Exchange, Leg
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.queues import Queue

RESTART_HOUR = 4
QUEUES_101 = ("switchboard_101", "crime_recording", "enquiries")
ONLINE_BY_CHAT = 0.2  # of the callers who go online
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


@dataclass
class World:
    """A month, for a seed and a scale. Everything in it follows from these three."""

    seed: int
    month: dt.date
    scale: float

    @property
    def starts_at(self) -> int:
        """London midnight at which the month begins."""
        return clock.london(self.month)

    @property
    def ends_at(self) -> int:
        """London midnight at which the month is over."""
        return clock.london(clock.next_month(self.month))

    @cached_property
    def days(self) -> list[dt.date]:
        """The days of the month."""
        return clock.days_between(self.month, last_day(self.month))

    @cached_property
    def people(self) -> people.Population:
        """The residents."""
        return people.population(self.scale)

    @cached_property
    def runs(self) -> tuple[Run, Run]:
        """The exchange's run of this month, and the first hours of its next."""
        following = clock.next_month(self.month)
        return self._run(self.month, None), self._run(following, self.ends_at)

    @cached_property
    def forms(self) -> list[Wish]:
        """Forms of the month in time order, also those of people who gave up on 101."""
        fresh = [w for day in self.days for w in self._forms_on(day)]
        switched = [
            Wish(w.at, w.resident, online.reasons.SERVICE_OF_REASON[w.reason])
            for w in self._gone_online(chat=False)
            if w.reason in online.reasons.SERVICE_OF_REASON
        ]
        return _in_time_order(fresh + switched)

    @cached_property
    def chats(self) -> list[Wish]:
        """Chats of the month in time order, also those of people who gave up on 101."""
        fresh = [wish for day in self.days for wish in self._chats_on(day)]
        return _in_time_order(fresh + self._gone_online(chat=True))

    @cached_property
    def emergencies(self) -> list[Wish]:
        """People who gave up on 101 and dialled 999 in the month."""
        return _in_time_order(self._within([w for run in self.runs for w in run.emergencies]))

    def rng(self, part: str, day: dt.date | None = None) -> draws.np.random.Generator:
        """Chance for a part of the month, or of one day."""
        return draws.generator(self.seed, day or self.month, part)

    def _within(self, wishes: list[Wish]) -> list[Wish]:
        return [wish for wish in wishes if self.starts_at <= wish.at < self.ends_at]

    def _gone_online(self, *, chat: bool) -> list[Wish]:
        """Callers who went online: to the chat, where it is open, or to a form."""
        gone = self._within([wish for run in self.runs for wish in run.online])
        return [wish for wish in gone if _prefers_chat(wish) == chat]

    def _forms_on(self, day: dt.date) -> list[Wish]:
        return online.forms_on(self.seed, day, self.scale, self.people)

    def _chats_on(self, day: dt.date) -> list[Wish]:
        return online.chats_on(self.seed, day, self.scale, self.people)

    def _run(self, month: dt.date, stop_at: int | None) -> Run:
        """The exchange's run that ends in a month, whole or its beginning only."""
        first, last = last_day(clock.month_before(month)), last_day(month)
        starts_at = clock.london(first, RESTART_HOUR)
        if month == force.FIRST_MONTH:
            first, starts_at = month, clock.london(month)
        ends_at = clock.london(last, RESTART_HOUR)
        run = Run(starts_at)
        rng = self.rng("exchange", month)
        exchange = Exchange(
            self._queues(run, first, ends_at),
            callers.endless_chances(rng),
            run.legs.append,
            run.online,
            run.emergencies,
        )
        until = min(ends_at, stop_at or ends_at)
        arrivals = [
            arrival
            for day in clock.days_between(first, clock.london_day(until - 1))
            for arrival in self._callers_on(day)
            if starts_at <= arrival[0] < until
        ]
        exchange.run(arrivals, until, finish=stop_at is None)
        return run

    def _callers_on(self, day: dt.date) -> list[tuple[int, callers.Caller]]:
        wishes = [
            wish
            for tried_on in (day - dt.timedelta(days=1), day)
            for wish in online.then_phone(
                self.seed, tried_on, self._forms_on(tried_on), self._chats_on(tried_on)
            )
            if clock.london_day(wish.at) == day
        ]
        return callers.callers_on(self.seed, day, self.scale, self.people, wishes)

    def _queues(self, run: Run, first: dt.date, ends_at: int) -> dict[str, Queue]:
        """Open the queues with everybody on duty during a run."""
        days = clock.days_between(first - dt.timedelta(days=1), clock.london_day(ends_at))
        queues = {}
        for name in QUEUES_101:
            on_duty = rota.shifts(rota.DESKS[name], days, self.scale)
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


def last_day(month: dt.date) -> dt.date:
    """The last day of a month."""
    return clock.next_month(month) - dt.timedelta(days=1)


def _prefers_chat(wish: Wish) -> bool:
    is_open = online.CHAT_OPENS <= clock.london_hour(wish.at) < online.CHAT_CLOSES
    has_form = wish.reason in online.reasons.SERVICE_OF_REASON
    return is_open and (not has_form or wish.resident % 100 < ONLINE_BY_CHAT * 100)


def _in_time_order(wishes: list[Wish]) -> list[Wish]:
    return sorted(wishes, key=lambda wish: (wish.at, wish.resident))
