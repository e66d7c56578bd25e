"""How late each source's extract of a month is, in London's days and in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from csip_pipeline import calendars
from csip_pipeline.calendars import LONDON
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.sources import Source
from csip_pipeline.warehouse import Connection

COLUMNS = "month, feed, source, due_on, first_extracted_at, status, files"
OF_A_MONTH = f"select {COLUMNS} from extract.arrivals where month = $month order by feed, source"
OVERDUE = f"""
select {COLUMNS} from extract.arrivals
where status in ('late', 'missing') order by month, feed, source
"""


@dataclass(frozen=True)
class Arrival:
    """One source's extract of a month: when it was due, and when the first was made, if any."""

    month: dt.date
    feed: str
    source: str
    due_on: dt.date | None
    first_extracted_at: dt.datetime | None
    status: str
    files: int = 0
    """Those that the month rests on."""

    def days_late(self, today: dt.date) -> int:
        """Days after the day it was due: until it was made, or until today; 0 where in time."""
        if self.due_on is None:
            return 0
        made = self.first_extracted_at
        until = today if made is None else made.astimezone(ZoneInfo(LONDON)).date()
        return max((until - self.due_on).days, 0)

    def as_text(self, today: dt.date) -> str:
        """The source's state in a sentence: telephony for October 2026 is 3 days late."""
        what = self.source if self.feed in self.source else f"{self.source} ({self.feed})"
        subject = f"{what} for {self.month:%B %Y}"
        late = self.days_late(today)
        days = "1 day" if late == 1 else f"{late} days"
        if self.status == "refused":
            return f"{subject} was refused, and keeps what it had."
        if self.first_extracted_at is not None:
            return f"{subject} came {days} late." if late else f"{subject} came in time."
        if self.due_on is None:
            return f"{subject} has not come, and nothing says when it is due."
        due = f"{self.due_on.day} {self.due_on:%B}"
        return f"{subject} is {days} late." if late else f"{subject} has not come; it is due {due}."


def arrivals(con: Connection, month: dt.date) -> list[Arrival]:
    """What is said of the month's sources in extract.arrivals."""
    return [Arrival(*row) for row in con.execute(OF_A_MONTH, {"month": month}).fetchall()]


def months(con: Connection) -> set[dt.date]:
    """The months of which anything is said in extract.arrivals."""
    found = con.execute("select distinct month from extract.arrivals").fetchall()
    return {month for (month,) in found}


def overdue(con: Connection) -> list[Arrival]:
    """Whatever came late or has not come, of every month that was run."""
    return [Arrival(*row) for row in con.execute(OVERDUE).fetchall()]


def of_no_run(
    sources: Iterable[Source], deliveries: Iterable[Delivery], month: dt.date
) -> list[Arrival]:
    """What extract.arrivals would say of a month that was not run, from the files alone."""
    first = calendars.months_after(month, 1)
    found = []
    for source in sources:
        if source.due_day == 0:
            continue
        due_on = first + dt.timedelta(days=source.due_day - 1)
        own = [one for one in deliveries if one.source.name == source.name and month in one.months]
        made = min((one.extracted_at for one in own), default=None)
        status = "missing" if made is None else "on_time"
        if made is not None and made.astimezone(ZoneInfo(LONDON)).date() > due_on:
            status = "late"
        feed = source.feed.name
        found.append(Arrival(month, feed, source.name, due_on, made, status, len(own)))
    return found


def today() -> dt.date:
    """The day in London."""
    return dt.datetime.now(tz=ZoneInfo(LONDON)).date()
