"""The town on any one day: who turns to the Force online and by telephone, and when."""

import datetime as dt
from dataclasses import dataclass

from csip_pipeline.demo import callers, clock, online, people
from csip_pipeline.demo.online import Wish


@dataclass(frozen=True)
class Town:
    """The residents and their wishes, which follow from a seed and a scale alone."""

    seed: int
    scale: float

    @property
    def people(self) -> people.Population:
        """The residents."""
        return people.population(self.scale)

    def forms_on(self, day: dt.date) -> list[Wish]:
        """Forms of a day by people who did not call first."""
        return online.forms_on(self.seed, day, self.scale, self.people)

    def chats_on(self, day: dt.date) -> list[Wish]:
        """Chats of a day by people who did not call first."""
        return online.chats_on(self.seed, day, self.scale, self.people)

    def callers_on(self, day: dt.date) -> list[tuple[int, callers.Caller]]:
        """Callers to 101 on a day, also those whom a form or a chat did not help."""
        wishes = [
            wish
            for tried_on in (day - dt.timedelta(days=1), day)
            for wish in online.then_phone(
                self.seed, tried_on, self.forms_on(tried_on), self.chats_on(tried_on)
            )
            if clock.london_day(wish.at) == day
        ]
        return callers.callers_on(self.seed, day, self.scale, self.people, wishes)
