"""What people do online before any call: forms and chats by day, and who then telephones."""

import datetime as dt
from dataclasses import dataclass

from csip_pipeline.demo import draws, force, reasons
from csip_pipeline.demo.people import Population

CHAT_OPENS, CHAT_CLOSES = 8, 22
FORM_THEN_PHONE, CHAT_THEN_PHONE = 0.05, 0.45
OUTAGE_RUSH = 2.2  # times as many go online while 101 is down


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who turns to the Force at a moment, and why."""

    at: int
    resident: int
    reason: str
    gives_up: bool = False
    """A visitor to the chat who leaves before an agent joins."""


def forms_on(seed: int, day: dt.date, scale: float, people: Population) -> list[Wish]:
    """Forms submitted on a day by people who did not call first; `reason` holds the service."""
    rng = draws.generator(seed, day, "forms")
    expected = [x * scale for x in force.online_by_hour(force.forms_a_month(day), day)]
    moments = draws.arrivals(rng, day, _rushed(expected, day))
    services = rng.random(len(moments)).tolist()
    residents = people.pick(rng, len(moments))
    return [
        Wish(at, who, reasons.service(x))
        for at, who, x in zip(moments, residents, services, strict=True)
    ]


def chats_on(seed: int, day: dt.date, scale: float, people: Population) -> list[Wish]:
    """Chats requested on a day by people who did not call first."""
    rng = draws.generator(seed, day, "chats")
    by_hour = force.online_by_hour(force.chats_a_month(day), day)
    opened = [x if CHAT_OPENS <= hour < CHAT_CLOSES else 0.0 for hour, x in enumerate(by_hour)]
    made_up = sum(force.SHARE_OF_WEEK["online"][0]) / sum(
        force.SHARE_OF_WEEK["online"][0][CHAT_OPENS:CHAT_CLOSES]
    )
    moments = draws.arrivals(rng, day, _rushed([x * scale * made_up for x in opened], day))
    residents = people.pick(rng, len(moments))
    share = 0.15 if force.is_short_of_staff(day) else 0.08
    numbers = rng.random((len(moments), 2)).tolist()
    return [
        Wish(at, who, reasons.reason_101(why), leaves < share)
        for at, who, (why, leaves) in zip(moments, residents, numbers, strict=True)
    ]


def then_phone(seed: int, day: dt.date, forms: list[Wish], chats: list[Wish]) -> list[Wish]:
    """Calls to 101 within 24 hours by people whom a day's form or chat did not help."""
    rng = draws.generator(seed, day, "online then telephone")
    tried = [
        *((form, FORM_THEN_PHONE * (2 if force.is_short_of_staff(day) else 1)) for form in forms),
        *((chat, CHAT_THEN_PHONE if chat.gives_up else 0.02) for chat in chats),
    ]
    numbers = rng.random(len(tried)).tolist()
    delays = draws.lognormal(rng, len(tried), 5_400, 1.3, 60)
    return [
        Wish(wish.at + min(delay, 86_000), wish.resident, _reason_after(wish.reason))
        for (wish, share), number, delay in zip(tried, numbers, delays, strict=True)
        if number < share
    ]


def _reason_after(wish: str) -> str:
    """People who sent a form ring to chase it; a visitor to the chat still has their reason."""
    return "CRIME_UPDATE" if wish in reasons.SERVICES else wish


def _rushed(by_hour: list[float], day: dt.date) -> list[float]:
    if day != force.EVENTS["outage"].starts_on:
        return by_hour
    return [
        x * (OUTAGE_RUSH if hour in force.OUTAGE_HOURS else 1.0) for hour, x in enumerate(by_hour)
    ]
