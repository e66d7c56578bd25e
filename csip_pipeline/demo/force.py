"""The story of the synthetic force: its volumes, its staffing and what happened when."""

import datetime as dt
from dataclasses import dataclass

from csip_pipeline.demo import clock

FIRST_MONTH = dt.date(2024, 9, 1)
RESIDENTS = 400_000
CALLS_101_A_MONTH = 20_400  # fresh calls that pass the menu; calling again brings it to 22,500
CALLS_999_A_MONTH = 12_400
FORMS_A_MONTH, FORMS_AFTER_CAMPAIGN = 2_550, 4_100
CHATS_A_MONTH, CHATS_AFTER_CAMPAIGN = 880, 1_680
CONVERSATIONS_A_MONTH = 450
DAYS_IN_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Event:
    """Something that happened to the force, from one London day to another."""

    name: str
    starts_on: dt.date
    ends_on: dt.date | None
    title: str


EVENTS = {
    event.name: event
    for event in (
        Event("short_staffing", dt.date(2025, 6, 2), dt.date(2025, 8, 31), "Short of staff"),
        Event("campaign", dt.date(2025, 10, 6), None, "Campaign: Report it online"),
        Event("new_rota", dt.date(2026, 1, 5), None, "New rota in the contact centre"),
        Event("callback_service", dt.date(2026, 4, 1), None, "Callers to 101 may be called back"),
        Event("outage", dt.date(2026, 2, 17), dt.date(2026, 2, 17), "101 telephony outage"),
    )
}
OUTAGE_HOURS = range(9, 13)
OUTAGE = (
    clock.london(EVENTS["outage"].starts_on, OUTAGE_HOURS.start),
    clock.london(EVENTS["outage"].starts_on, OUTAGE_HOURS.stop),
)
CALLBACKS_FROM = clock.london(EVENTS["callback_service"].starts_on)
CAMPAIGN_DAYS = 91  # how long the campaign takes to reach its full effect
CAMPAIGN_SHARE = 0.12  # of crime reports, moved from the telephone to the website

BANK_HOLIDAYS = frozenset(
    dt.date.fromisoformat(day)
    for day in (
        *("2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05"),
        *("2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03"),
        *("2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28"),
    )
)
SEASON = (0.93, 0.94, 0.96, 0.99, 1.02, 1.08, 1.12, 1.12, 1.04, 1.00, 0.95, 0.94)

# fmt: off
_WEEKDAY_101 = (
    8, 6, 5, 4, 4, 5, 10, 22, 42, 56, 66, 66, 56, 50, 50, 52, 58, 66, 65, 52, 42, 32, 22, 14,
)
_WEEKEND_101 = (
    12, 9, 8, 7, 6, 6, 8, 14, 24, 34, 42, 44, 42, 40, 38, 38, 38, 40, 42, 38, 34, 30, 24, 18,
)
_WEEKDAY_999 = (
    30, 24, 20, 17, 16, 16, 20, 28, 36, 40, 42, 44, 46, 46, 48, 54, 56, 58, 56, 54, 52, 50, 46, 38,
)
_ONLINE = (6, 4, 3, 2, 2, 3, 6, 14, 26, 38, 44, 42, 40, 38, 38, 38, 38, 38, 40, 44, 46, 42, 30, 16)
# fmt: on
_WEEKEND = (5, 6)


def _week(line: str) -> list[list[float]]:
    """Relative demand by weekday (Monday first) and hour."""
    if line == "101":
        return [list(map(float, _WEEKEND_101 if d in _WEEKEND else _WEEKDAY_101)) for d in range(7)]
    if line == "online":
        return [[x * (0.75 if d in _WEEKEND else 1.0) for x in _ONLINE] for d in range(7)]
    night = {(4, h): 1.5 for h in range(20, 24)} | {(5, h): 1.6 for h in range(20, 24)}
    night |= {(d, h): 2.3 for d in _WEEKEND for h in range(4)}
    return [[x * night.get((d, h), 1.0) for h, x in enumerate(_WEEKDAY_999)] for d in range(7)]


def _share_of_week(line: str) -> list[list[float]]:
    week = _week(line)
    total = sum(map(sum, week))
    return [[x / total for x in day] for day in week]


SHARE_OF_WEEK = {line: _share_of_week(line) for line in ("101", "999", "online")}


def season(day: dt.date) -> float:
    """Demand on a day relative to an ordinary one: summer, bank holidays, the turn of the year."""
    holiday = 0.78 if day in BANK_HOLIDAYS else 1.0
    return SEASON[day.month - 1] * holiday


def calls_by_hour(line: str, day: dt.date) -> list[float]:
    """Expected fresh calls to a line in each hour of a London day, at scale 1."""
    a_month = CALLS_101_A_MONTH if line == "101" else CALLS_999_A_MONTH
    a_week = a_month / DAYS_IN_A_MONTH * 7 * season(day)
    return [share * a_week for share in SHARE_OF_WEEK[line][day.weekday()]]


def online_by_hour(a_month: float, day: dt.date) -> list[float]:
    """Expected contacts online in each hour of a London day."""
    a_week = a_month / DAYS_IN_A_MONTH * 7 * season(day)
    return [share * a_week for share in SHARE_OF_WEEK["online"][day.weekday()]]


def campaign(day: dt.date) -> float:
    """How far the campaign has worked: 0 before it, 1 when it has its full effect."""
    return min(1.0, max(0.0, (day - EVENTS["campaign"].starts_on).days / CAMPAIGN_DAYS))


def forms_a_month(day: dt.date) -> float:
    """Web forms a month at the pace of a day."""
    return FORMS_A_MONTH + campaign(day) * (FORMS_AFTER_CAMPAIGN - FORMS_A_MONTH)


def chats_a_month(day: dt.date) -> float:
    """Web chats a month at the pace of a day."""
    return CHATS_A_MONTH + campaign(day) * (CHATS_AFTER_CAMPAIGN - CHATS_A_MONTH)


def is_short_of_staff(day: dt.date) -> bool:
    """Whether a day lies in the summer of too few staff."""
    event = EVENTS["short_staffing"]
    return event.starts_on <= day <= (event.ends_on or day)


def staffing(day: dt.date) -> float:
    """Staff on duty on a day relative to the plan."""
    if is_short_of_staff(day):
        return 0.86
    return 1.07 if day >= EVENTS["new_rota"].starts_on else 1.0
