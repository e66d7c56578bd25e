"""The 999 control room's extract: a tab-separated table in local clock time."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from csip_pipeline.demo import clock, draws, force, people, reasons, rota
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.queues import Offer, Queue
from csip_pipeline.demo.world import World

QUEUE = "emergency_999"
HEADER = (
    "Call Ref	Queue	Call Start	Answered	Call End	Result	Ring Time	Talk Time	CLI	"
    "Operator	Wrap Code"
)
HASTY, CALM = (0.01, 4.0), 2_000.0
RING = (4, 0.42)  # median seconds and spread
TALK, WRAP = (140, 0.7), (40, 0.5)
TEST_CALLS_A_MONTH = 5
WRAPPED = 0.93
SAYS_WITHHELD, BLANK = 3, 1  # of a hundred callers, hide their number


@dataclass(frozen=True, slots=True)
class Call999:
    """A 999 call and its chance."""

    at: int
    resident: int
    reason: str
    is_test: bool
    patience: int
    ring: int
    talk: int
    wrap: int
    style: int
    wrapped: float


def rows(world: World) -> list[str]:
    """The rows of a month's 999 table in time order, without the header."""
    desk = rota.DESKS[QUEUE]
    yesterday = world.month - dt.timedelta(days=1)
    queue = Queue(rota.shifts(desk, [yesterday, *world.days], world.scale))
    found = []
    for number, call in enumerate(_calls(world), 1):
        offer = queue.offer(call.at, call.patience, call.ring + call.talk + call.wrap)
        found.append(_row(f"E{world.month:%y%m}-{number:06d}", call, offer))
    return found


def _calls(world: World) -> list[Call999]:
    calls = [call for day in world.days for call in _calls_on(world, day)]
    calls += _chanced(world.rng("999 after 101"), world.emergencies, is_test=False)
    calls += _test_calls(world)
    return sorted(calls, key=lambda call: (call.at, call.resident))


def _calls_on(world: World, day: dt.date) -> list[Call999]:
    rng = world.rng("999", day)
    expected = [x * world.scale for x in force.calls_by_hour("999", day)]
    moments = draws.arrivals(rng, day, expected)
    residents = world.people.pick(rng, len(moments))
    whys = map(reasons.reason_999, rng.random(len(moments)).tolist())
    return _chanced(rng, list(map(Wish, moments, residents, whys)), is_test=False)


def _test_calls(world: World) -> list[Call999]:
    """Tests of the line, at ten on some mornings."""
    rng = world.rng("test calls")
    days = sorted(rng.choice(len(world.days), TEST_CALLS_A_MONTH, replace=False).tolist())
    wishes = [Wish(clock.london(world.days[n], 10) + 7 * n, n, "OTHER") for n in days]
    return _chanced(rng, wishes, is_test=True)


def _chanced(rng: np.random.Generator, wishes: list[Wish], *, is_test: bool) -> list[Call999]:
    n = len(wishes)
    columns = (
        draws.patience(rng, n, HASTY, CALM),
        draws.lognormal(rng, n, *RING),
        draws.lognormal(rng, n, *TALK, least=4),
        draws.lognormal(rng, n, *WRAP),
        rng.integers(0, 100, n).tolist(),
        rng.random(n).tolist(),
    )
    return [
        Call999(wish.at, wish.resident, wish.reason, is_test, *chance)
        for wish, *chance in zip(wishes, *columns, strict=True)
    ]


def _row(reference: str, call: Call999, offer: Offer) -> str:
    answered_at = int(offer.left_at) + call.ring
    start, cli = clock.to_the_second(call.at), _cli(call)
    if offer.agent is None:
        left_at = int(offer.left_at)
        cells = ("", clock.to_the_second(left_at), "Abandoned", _duration(left_at - call.at))
        return "\t".join((reference, QUEUE, start, *cells, "", cli, "", ""))
    ended_at = answered_at + call.talk
    clocks = (clock.to_the_second(answered_at), clock.to_the_second(ended_at))
    result = "Test call" if call.is_test else "Answered"
    lengths = (_duration(answered_at - call.at), _duration(call.talk))
    code = call.reason if call.wrapped < WRAPPED and not call.is_test else ""
    last = (cli, f"OP{offer.agent}", code)
    return "\t".join((reference, QUEUE, start, *clocks, result, *lengths, *last))


def _duration(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _cli(call: Call999) -> str:
    if call.style < SAYS_WITHHELD + BLANK:
        return "Withheld" if call.style < SAYS_WITHHELD else ""
    return people.phone_as_typed(call.resident, call.style)
