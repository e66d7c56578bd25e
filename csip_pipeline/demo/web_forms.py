"""The website's extract: the month's forms, and what had become of each when it was made."""

from dataclasses import dataclass

from csip_pipeline.demo import clock, draws, force, people
from csip_pipeline.demo.hours import Hours
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.quoting import cell
from csip_pipeline.demo.world import World

HEADER = "Form ID,Service,Started,Submitted,First reply,Resolved,Email,Phone,Crime reference"
DESK = Hours(8, 20)
FILLING_IN = (380, 0.7)  # median seconds and spread
REPLY, REPLY_SHORT_OF_STAFF = (3 * clock.HOUR, 1.05), (int(4.6 * clock.HOUR), 1.05)
RESOLUTION_DAYS = {"lost_property": 1.5, "request_an_update": 1.0, "firearms_licensing": 9.0}
OTHER_DAYS, RESOLUTION_SPREAD = 4.0, 0.8
NO_START, NO_REPLY, NEVER_RESOLVED = 0.05, 0.012, 0.06
ONLY_EMAIL, BOTH = 0.40, 0.45  # of senders; the others give only a telephone number
QUOTES_REFERENCE = {"request_an_update": 0.80, "lost_property": 0.10}
STYLES = (
    "DF/{0:06d}/{1:02d}",
    "DF/{0:06d}/{1:02d}",
    "DF{1:02d}-{0:06d}",
    "{0} of 20{1:02d} \N{EN DASH} see my earlier report",  # a word processor's dash
    "DF/{0:06d}/{1:02d}, I\N{RIGHT SINGLE QUOTATION MARK}m not sure",
)


@dataclass(frozen=True, slots=True)
class Form:
    """A submitted form with its chance."""

    wish: Wish
    filling_in: int
    reply: int
    factor: int
    start: float
    fate: float
    contact: float
    reference: float
    style: int


def rows(world: World, known_until: int) -> list[str]:
    """A row for each form of the month, with the answers given by a moment."""
    return [
        _row(f"F{world.month:%y%m}-{number:06d}", form, known_until)
        for number, form in enumerate(_forms(world), 1)
    ]


def _forms(world: World) -> list[Form]:
    rng, n = world.rng("forms file"), len(world.forms)
    usual = draws.lognormal(rng, n, *REPLY, 120)
    slow = draws.lognormal(rng, n, *REPLY_SHORT_OF_STAFF, 120)
    short = [force.is_short_of_staff(clock.london_day(wish.at)) for wish in world.forms]
    columns = (
        draws.lognormal(rng, n, *FILLING_IN, 40),
        [
            late if is_short else soon
            for soon, late, is_short in zip(usual, slow, short, strict=True)
        ],
        draws.factors(rng, n, RESOLUTION_SPREAD),
        *rng.random((4, n)).tolist(),
        rng.integers(0, 60, n).tolist(),
    )
    return [Form(*form) for form in zip(world.forms, *columns, strict=True)]


def _row(form_id: str, form: Form, known_until: int) -> str:
    submitted, service = form.wish.at, form.wish.reason
    started = "" if form.start < NO_START else clock.to_the_minute(submitted - form.filling_in)
    replied, resolved = _answers(form)
    clocks = (
        clock.to_the_minute(moment) if moment is not None and moment < known_until else ""
        for moment in (submitted, replied, resolved)
    )
    return ",".join((form_id, service, started, *clocks, *_contact(form), _reference(form)))


def _answers(form: Form) -> tuple[int | None, int | None]:
    """When the form was first answered, and when it was resolved."""
    if form.fate < NO_REPLY:
        return None, None
    replied = DESK.after(form.wish.at, form.reply)
    if form.fate < NO_REPLY + NEVER_RESOLVED:
        return replied, None
    days = RESOLUTION_DAYS.get(form.wish.reason, OTHER_DAYS)
    working = int(days * (DESK.closes - DESK.opens) * clock.HOUR)
    return replied, DESK.after(replied, working * form.factor // 1000)


def _contact(form: Form) -> tuple[str, str]:
    """The e-mail address and the telephone number given: one of them, or both."""
    who = form.wish.resident
    email = people.email(who) if not ONLY_EMAIL <= form.contact < 1 - BOTH else ""
    phone = people.phone_as_typed(who, form.style) if form.contact >= ONLY_EMAIL else ""
    return email, phone


def _reference(form: Form) -> str:
    if form.reference >= QUOTES_REFERENCE.get(form.wish.reason, 0.02):
        return ""
    number = 1_000 + form.wish.resident * 7 % 90_000
    style = STYLES[form.style // len(STYLES) % len(STYLES)]
    return cell(style.format(number, clock.london_day(form.wish.at).year % 100))
