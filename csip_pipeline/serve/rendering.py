"""Pages made of templates: everything from outside is escaped, and a name not given is an error."""

import datetime as dt
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from csip_pipeline.calendars import LONDON
from csip_pipeline.serve.roles import May, Zone
from csip_pipeline.serve.visits import Visit

KILO = 1000
NAVIGATION = (
    ("/", "Packs", May.READ, Zone.PUBLIC),
    ("/sample", "Call sample", May.WATCH, Zone.MEETING),
    ("/upload/scores", "Score sheets", May.SCORE, Zone.SCORES),
    ("/callbacks", "Callback lists", May.CALL, Zone.CALLBACKS),
    ("/upload/callbacks", "Give a list back", May.CALL, Zone.CALLBACKS),
    ("/log", "Access log", May.AUDIT, Zone.ACCESS),
    ("/accounts", "Accounts", May.AUDIT, Zone.ACCESS),
)
"""Address, words, and what somebody must be allowed to do to see it."""


def page(
    visit: Visit,
    template: str,
    /,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **told: object,
) -> HTMLResponse:
    """The page of that template, with what it is told and what every page needs."""
    whole = (
        _templates()
        .get_template(f"{template}.html.jinja")
        .render(
            visit=visit,
            office=visit.site.office,
            navigation=[
                (address, words)
                for address, words, what, zone in NAVIGATION
                if visit.may(what, zone)
            ],
            style_hash=style()[1],
            **told,
        )
    )
    return HTMLResponse(whole, status_code=status, headers=headers)


@cache
def style() -> tuple[bytes, str]:
    """The site's style sheet, and what its address is told apart by once it changes."""
    content = files(__package__).joinpath("style.css").read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def day(given: dt.date | None) -> str:
    """A day as people write it: 3 December 2026."""
    return "not recorded" if given is None else f"{given.day} {given:%B %Y}"


def moment(given: dt.datetime | None, *, to_the_minute: bool = False) -> str:
    """A moment as it was in London: its day, or with the time of day."""
    if given is None:
        return "not recorded"
    local = given.astimezone(ZoneInfo(LONDON))
    return f"{day(local.date())}, {local:%H:%M}" if to_the_minute else day(local.date())


def size(count: int) -> str:
    """How large a file is: 155 KB, 1.2 MB."""
    if count < KILO**2:
        return f"{max(1, round(count / KILO)):,} KB"
    return f"{count / KILO**2:.1f} MB"


def counted(count: int, one: str, several: str | None = None) -> str:
    """How many of something: 1 figure, 12 figures."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


@cache
def _templates() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader(__package__, "pages"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found: dict[str, Any] = {"day": day, "moment": moment, "size": size, "counted": counted}
    environment.filters.update(found)
    return environment
