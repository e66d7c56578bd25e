"""One month of the force: what every channel's writer needs to know, worked out once."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from csip_pipeline.demo import clock, draws, online, people, reasons
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.runs import Run, run_of
from csip_pipeline.demo.town import Town

ONLINE_BY_CHAT = 0.2  # of the callers who go online


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

    @property
    def days(self) -> list[dt.date]:
        """The days of the month."""
        return clock.days_between(self.month, clock.last_day(self.month))

    @property
    def town(self) -> Town:
        """The town in which the month passes."""
        return Town(self.seed, self.scale)

    @cached_property
    def people(self) -> people.Population:
        """The residents."""
        return self.town.people

    @cached_property
    def runs(self) -> tuple[Run, Run]:
        """The exchange's run of this month, and the first hours of its next."""
        following = clock.next_month(self.month)
        return run_of(self.town, self.month, None), run_of(self.town, following, self.ends_at)

    @cached_property
    def forms(self) -> list[Wish]:
        """Forms of the month in time order, also those of people who gave up on 101."""
        fresh = [wish for day in self.days for wish in self.town.forms_on(day)]
        switched = [
            Wish(wish.at, wish.resident, reasons.SERVICE_OF_REASON[wish.reason])
            for wish in self._gone_online(chat=False)
            if wish.reason in reasons.SERVICE_OF_REASON
        ]
        return _in_time_order(fresh + switched)

    @cached_property
    def chats(self) -> list[Wish]:
        """Chats of the month in time order, also those of people who gave up on 101."""
        fresh = [wish for day in self.days for wish in self.town.chats_on(day)]
        return _in_time_order(fresh + self._gone_online(chat=True))

    @cached_property
    def emergencies(self) -> list[Wish]:
        """People who gave up on 101 and dialled 999 in the month."""
        return _in_time_order(self._within([w for run in self.runs for w in run.emergencies]))

    def rng(self, part: str, day: dt.date | None = None) -> np.random.Generator:
        """Chance for a part of the month, or of one day."""
        return draws.generator(self.seed, day or self.month, part)

    def _within(self, wishes: list[Wish]) -> list[Wish]:
        return [wish for wish in wishes if self.starts_at <= wish.at < self.ends_at]

    def _gone_online(self, *, chat: bool) -> list[Wish]:
        """Callers who went online: to the chat, where it is open, or to a form."""
        gone = self._within([wish for run in self.runs for wish in run.online])
        return [wish for wish in gone if _prefers_chat(wish) == chat]


def _prefers_chat(wish: Wish) -> bool:
    is_open = online.CHAT_OPENS <= clock.london_hour(wish.at) < online.CHAT_CLOSES
    has_form = wish.reason in reasons.SERVICE_OF_REASON
    return is_open and (not has_form or wish.resident % 100 < ONLINE_BY_CHAT * 100)


def _in_time_order(wishes: list[Wish]) -> list[Wish]:
    return sorted(wishes, key=lambda wish: (wish.at, wish.resident))
