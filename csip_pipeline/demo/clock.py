"""London time for the synthetic force: offsets by rule, so that no time zone database is needed."""

import datetime as dt
import time
from functools import lru_cache

HOUR = 3600
DAY = 24 * HOUR
EXTRACT_HOUR = 5  # UTC, on the day of an extract
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def utc(day: dt.date, hour: int = 0) -> int:
    """The epoch second of an hour of a day in UTC."""
    return (day.toordinal() - 719163) * DAY + hour * HOUR


@lru_cache
def summer_time(year: int) -> tuple[int, int]:
    """When the clocks go forward and back: 01:00 UTC on the last Sundays of March and October."""
    lasts = (dt.date(year, 3, 31), dt.date(year, 10, 31))
    starts, ends = (day - dt.timedelta(days=day.isoweekday() % 7) for day in lasts)
    return utc(starts, 1), utc(ends, 1)


@lru_cache(maxsize=4096)
def _offset_of_hour(hour: int) -> int:
    starts, ends = summer_time(time.gmtime(hour * HOUR).tm_year)
    return HOUR if starts <= hour * HOUR < ends else 0


def offset(epoch: int) -> int:
    """How many seconds London's clock is ahead of UTC."""
    return _offset_of_hour(epoch // HOUR)


def london(day: dt.date, hour: int = 0) -> int:
    """The epoch second at which London's clock shows an hour that happens once that day."""
    there = utc(day, hour)
    return there - offset(there - offset(there))


def hours_of(day: dt.date) -> list[tuple[int, int]]:
    """The 23, 24 or 25 hours of a London day: when each starts, and what its clock shows."""
    starts = range(london(day), london(day + dt.timedelta(days=1)), HOUR)
    return [(start, (start + offset(start)) % DAY // HOUR) for start in starts]


def london_day(epoch: int) -> dt.date:
    """The London date of a moment."""
    return dt.date.fromordinal((epoch + offset(epoch)) // DAY + 719163)


def london_hour(epoch: int) -> int:
    """The hour London's clock shows at a moment."""
    return (epoch + offset(epoch)) % DAY // HOUR


def days_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from first to last, both included."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return (month.replace(day=1) + dt.timedelta(days=31)).replace(day=1)


def month_before(month: dt.date) -> dt.date:
    """The first day of the month before."""
    return (month.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def last_day(month: dt.date) -> dt.date:
    """The last day of a month."""
    return next_month(month) - dt.timedelta(days=1)


def months_up_to(last: dt.date, count: int) -> list[dt.date]:
    """The first days of `count` months in a row, the last of them given."""
    months = [last.replace(day=1)]
    while len(months) < count:
        months.append(month_before(months[-1]))
    return months[::-1][:count] if count > 0 else []


def to_the_second(epoch: int) -> str:
    """A moment as London's clock shows it: DD/MM/YYYY HH:MM:SS."""
    return time.strftime("%d/%m/%Y %H:%M:%S", time.gmtime(epoch + offset(epoch)))


def to_the_minute(epoch: int) -> str:
    """A moment as London's clock shows it: DD/MM/YYYY HH:MM."""
    return to_the_second(epoch)[:-3]


def stamp(day: dt.date) -> str:
    """The declared time of an extract made on a day: 20241001T0500Z."""
    return f"{day:%Y%m%d}T{EXTRACT_HOUR:02d}00Z"
