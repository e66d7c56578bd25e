"""The 101 exchange at work: menu, switchboard, the queues behind it, and giving up.

A run of the exchange is from 04:00 on the last day of one month, when it restarts, to 04:00 on
the last day of the next. It goes forward in time, so the beginning of a run is the same however
soon it is stopped: a month's files can be made without making its neighbours'.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from csip_pipeline.demo import force
from csip_pipeline.demo.callers import Caller, Chance
from csip_pipeline.demo.online import Wish
from csip_pipeline.demo.queues import Offer, Queue

SWITCHBOARD = "switchboard_101"
TALK_SECONDS = {SWITCHBOARD: 58, "crime_recording": 430, "enquiries": 205}
WRAP_SECONDS = {SWITCHBOARD: 10, "crime_recording": 190, "enquiries": 75}
LONGEST_WAIT = {"crime_recording": 2_700}
CALLS_AGAIN, THEN_ONLINE, THEN_999 = 0.40, 0.48, 0.50  # running totals
ATTEMPTS = 5
OFFERED_CALLBACK_AFTER, CHOOSES_CALLBACK = 60, 0.4  # seconds in a queue; share of those giving up
DOWN_CALLS_LATER, DOWN_ONLINE, DOWN_999 = 0.60, 0.75, 0.78  # running totals


@dataclass(slots=True)
class Call:
    """A call in the exchange."""

    caller: Caller
    chance: Chance
    uniqueid: str
    leg: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a call: offered to a queue, and what came of it. All times are epoch seconds."""

    call: Call
    queue: str
    entered_at: int
    offer: Offer
    answered_at: int
    talk: int
    bridged: str
    outcome: str
    """connected, transferred, abandoned, timed_out or callback_requested."""


@dataclass
class Exchange:
    """A run of the exchange. Hand it the callers; it hands every leg to `on_leg`."""

    queues: dict[str, Queue]
    spare: Iterator[Chance]
    on_leg: Callable[[Leg], None]
    online: list[Wish] = field(default_factory=list)
    emergencies: list[Wish] = field(default_factory=list)
    _events: list[tuple[int, int, str, Call | Caller]] = field(default_factory=list)
    _order: int = 0
    _channels: int = 0

    def run(self, arrivals: Iterable[tuple[int, Caller]], until: int, *, finish: bool) -> None:
        """Work through the callers up to a moment; `finish` sees the calls then in it through."""
        for at, who in sorted(arrivals, key=lambda arrival: arrival[0]):
            self._later(at, "", who)
        while self._events:
            at, _, queue, what = heapq.heappop(self._events)
            if at >= until and not (finish and queue):
                continue
            if isinstance(what, Caller):
                self._dial(at, what)
            else:
                self._enter(at, queue, what)

    def _later(self, at: int, queue: str, what: Call | Caller) -> None:
        self._order += 1
        heapq.heappush(self._events, (at, self._order, queue, what))

    def _channel(self, at: int) -> str:
        self._channels += 1
        return f"{at}.{self._channels}"

    def _dial(self, at: int, who: Caller) -> None:
        chance = next(self.spare)
        if force.OUTAGE[0] <= at < force.OUTAGE[1]:
            self._find_101_down(at, who, chance)
            return
        call = Call(who, chance, self._channel(at))
        self._later(at + chance.menu, SWITCHBOARD, call)

    def _find_101_down(self, at: int, who: Caller, chance: Chance) -> None:
        if chance.after < DOWN_CALLS_LATER:
            self._later(force.OUTAGE[1] + chance.delay, "", who)
        elif chance.after < DOWN_ONLINE:
            self.online.append(Wish(at + 300, who.resident, who.reason))
        elif chance.after < DOWN_999:
            self.emergencies.append(Wish(at + 60, who.resident, who.reason))

    def _enter(self, at: int, queue: str, call: Call) -> None:
        chance, leg = call.chance, call.leg
        talk = max(8, TALK_SECONDS[queue] * chance.talk[leg] // 1000)
        wrap = WRAP_SECONDS[queue] * chance.wrap[leg] // 1000
        longest = LONGEST_WAIT.get(queue, chance.patience[leg])
        ring = chance.ring[leg]
        patience = min(chance.patience[leg], longest)
        offer = self.queues[queue].offer(at, patience, ring + talk + wrap)
        if offer.agent is None:
            if chance.patience[leg] > longest:
                self._give_up(at, queue, call, offer, "timed_out")
            elif _asks_to_be_called_back(at, queue, call, offer):
                left_at = int(offer.left_at)
                self.on_leg(Leg(call, queue, at, offer, left_at, 0, "", "callback_requested"))
            else:
                self._give_up(at, queue, call, offer, "abandoned")
            return
        answered_at = int(offer.left_at) + ring
        onward = call.caller.second_queue if leg == 0 else None
        outcome = "transferred" if onward else "connected"
        bridged = self._channel(int(offer.left_at))
        self.on_leg(Leg(call, queue, at, offer, answered_at, talk, bridged, outcome))
        if onward:
            self._later(answered_at + talk + 1, onward, replace(call, leg=1))

    def _give_up(self, at: int, queue: str, call: Call, offer: Offer, outcome: str) -> None:
        left_at = int(offer.left_at)
        self.on_leg(Leg(call, queue, at, offer, left_at, 0, "", outcome))
        who, after, again_at = call.caller, call.chance.after, left_at + call.chance.delay
        if after < CALLS_AGAIN and who.attempt < ATTEMPTS:
            self._later(again_at, "", replace(who, attempt=who.attempt + 1))
        elif CALLS_AGAIN <= after < THEN_ONLINE:
            self.online.append(Wish(again_at, who.resident, who.reason))
        elif THEN_ONLINE <= after < THEN_999:
            wish = Wish(left_at + min(call.chance.delay, 900), who.resident, who.reason)
            self.emergencies.append(wish)


def _asks_to_be_called_back(at: int, queue: str, call: Call, offer: Offer) -> bool:
    is_offered = at >= force.CALLBACKS_FROM and queue != SWITCHBOARD
    waited = int(offer.left_at) - at
    return is_offered and waited >= OFFERED_CALLBACK_AFTER and call.chance.ends < CHOOSES_CALLBACK
