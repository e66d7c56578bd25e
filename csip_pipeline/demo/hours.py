"""Hours in which a team works: what it has not done by closing time, it does the next day."""

from dataclasses import dataclass

from csip_pipeline.demo import clock


@dataclass(frozen=True)
class Hours:
    """The hours of London's clock in which a team works, every day of the week."""

    opens: int
    closes: int

    def after(self, at: int, seconds: int) -> int:
        """The moment when so much working time has passed since another moment."""
        a_day = (self.closes - self.opens) * clock.HOUR
        midnight, into_day = divmod(at + clock.offset(at), clock.DAY)
        worked = min(max(into_day - self.opens * clock.HOUR, 0), a_day)
        days, rest = divmod(worked + seconds, a_day)
        there = (midnight + days) * clock.DAY + self.opens * clock.HOUR + rest
        return there - clock.offset(there - clock.offset(there))
