"""The 101 exchange's extract: Asterisk's queue_log, with the lines that its dial plan adds.

WRAPCODE after most calls, and CALLEDBACK for callers who asked to be called back and were reached.
"""

from operator import itemgetter

from csip_pipeline.demo import clock, force
from csip_pipeline.demo.exchange import Leg
from csip_pipeline.demo.runs import Run
from csip_pipeline.demo.world import World

WRAPPED = 0.92
CALLER_ENDS = 0.45  # of calls; the agent ends the others
NOT_PICKED_UP, RINGS_FOR = 0.01, 15
CALLBACK_KEY, CALLBACK_AGENT = "1", 900
REACHED, CALLED_BACK_AFTER, CALLED_BACK_WITHIN = 0.9, 300, 3 * clock.HOUR
TRANSFERS = {"crime_recording": "7002", "enquiries": "7003"}

Line = tuple[int, str]


def queue_log(world: World) -> list[str]:
    """The lines of a month's queue_log, from London midnight to London midnight.

    A call in progress when the log is cut has its last lines in the next month's.
    """
    lines = [line for run in world.runs for line in _lines_of(run)]
    first, last = world.starts_at, world.ends_at
    down, up = force.OUTAGE
    lines = [line for line in lines if first <= line[0] < last and not down <= line[0] < up]
    if first <= up < last:
        lines.insert(0, (up, f"{up}|NONE|NONE|NONE|QUEUESTART|"))
    lines.sort(key=itemgetter(0))
    return [text for _, text in lines]


def _lines_of(run: Run) -> list[Line]:
    start = run.starts_at
    lines = [(start, f"{start}|NONE|NONE|NONE|QUEUESTART|")]
    lines += [
        (start, f"{start}|MANAGER|{queue}|Agent/{agent}|ADDMEMBER|") for queue, agent in run.members
    ]
    for starts, ends, agent, queue in run.breaks:
        lines.append((starts, f"{starts}|NONE|{queue}|Agent/{agent}|PAUSE|Break"))
        lines.append((ends, f"{ends}|NONE|{queue}|Agent/{agent}|UNPAUSE|"))
    for leg in run.legs:
        lines += _lines_of_leg(leg)
    return lines


def _lines_of_leg(leg: Leg) -> list[Line]:
    entered, position = leg.entered_at, leg.offer.position
    call = f"{leg.call.uniqueid}|{leg.queue}"
    cli = leg.call.caller.cli
    lines = [(entered, f"{entered}|{call}|NONE|ENTERQUEUE||{cli}|{position}")]
    if leg.outcome == "callback_requested":
        return lines + _called_back(leg, call)
    if leg.offer.agent is None:
        event = "ABANDON" if leg.outcome == "abandoned" else "EXITWITHTIMEOUT"
        left = leg.answered_at
        where = f"{leg.offer.position_left}|{position}|{left - entered}"
        return [*lines, (left, f"{left}|{call}|NONE|{event}|{where}")]
    return lines + _answered(leg, call)


def _called_back(leg: Leg, call: str) -> list[Line]:
    """The caller presses the key; most are reached later on, by an agent of no queue."""
    left, chance, position = leg.answered_at, leg.call.chance, leg.offer.position
    waited = left - leg.entered_at
    where = f"{CALLBACK_KEY}|{leg.offer.position_left}|{position}|{waited}"
    lines = [(left, f"{left}|{call}|NONE|EXITWITHKEY|{where}")]
    if chance.wrapped < REACHED:
        reached = left + min(CALLED_BACK_AFTER + chance.delay, CALLED_BACK_WITHIN)
        agent = f"{call}|Agent/{CALLBACK_AGENT}"
        lines.append((reached, f"{reached}|{agent}|CALLEDBACK|{reached - left}"))
        coded = reached + 300
        lines.append((coded, f"{coded}|{agent}|WRAPCODE|{leg.call.caller.reason}"))
    return lines


def _answered(leg: Leg, call: str) -> list[Line]:
    chance, which = leg.call.chance, leg.call.leg
    at, hold, talk = leg.answered_at, leg.answered_at - leg.entered_at, leg.talk
    agent = f"{call}|Agent/{leg.offer.agent}"
    rang = chance.ring[which]
    lines = []
    if chance.unanswered < NOT_PICKED_UP and hold - rang >= RINGS_FOR:
        other = f"{call}|Agent/{(leg.offer.agent or 0) + 1}"
        lines.append((at - rang, f"{at - rang}|{other}|RINGNOANSWER|{RINGS_FOR * 1000}"))
    lines.append((at, f"{at}|{agent}|CONNECT|{hold}|{leg.bridged}|{rang}"))
    end, position = at + talk, leg.offer.position
    if leg.outcome == "transferred":
        to = TRANSFERS[leg.call.caller.second_queue or ""]
        data = f"{to}|from-internal|{hold}|{talk}|{position}"
        return [*lines, (end, f"{end}|{agent}|BLINDTRANSFER|{data}")]
    event = "COMPLETECALLER" if chance.ends < CALLER_ENDS else "COMPLETEAGENT"
    lines.append((end, f"{end}|{agent}|{event}|{hold}|{talk}|{position}"))
    if chance.wrapped < WRAPPED:
        coded = end + 1 + int(chance.ends * 20)
        lines.append((coded, f"{coded}|{agent}|WRAPCODE|{leg.call.caller.reason}"))
    return lines
