"""Queue models: what so many agents do for so many calls. Pure functions over numpy arrays.

The load is in erlangs: calls a second times the mean seconds that one call keeps an agent busy.
Arguments broadcast; results have their shape. Every share is of the calls offered, as a fraction.

* Erlang B: who finds every agent busy is lost. Erlang C (M/M/n): they wait for ever.
* Erlang A (M/M/n+M, Palm): they hang up after an exponential time with the mean `patience`.

Sources: Garnett, Mandelbaum & Reiman (2002), "Designing a call center with impatient customers",
M&SOM 4(3); Mandelbaum & Zeltyn (2007), "Service engineering in action: the Palm/Erlang-A queue".
No library is used: pyworkforce has Erlang A, in Python loops that take seconds for an hour with a
few hundred calls, never with fewer agents than erlangs, and not beyond a few hundred agents; its
figures are among the tests.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, gammaincc, gammaln

Floats = NDArray[Any]
LEAST = 1e-280
"""Below it an incomplete gamma function is taken from its series: it is about to underflow."""
SHORTEST_PATIENCE = 1e-6
"""Seconds. Who has no patience at all is taken to have this much."""


class ErlangA(NamedTuple):
    """What becomes of the calls offered, as fractions: the service level is those in time."""

    waiting: Floats
    abandoned: Floats
    service_level: Floats


def erlang_b(load: ArrayLike, agents: ArrayLike) -> Floats:
    """The share of calls that find every agent busy and are lost (Erlang 1917).

    123 erlangs and 132 agents give 0.0312.
    """
    load, agents = _broadcast(load, agents)
    return np.exp(-_log_of_one_in_lost(load, agents))


def erlang_c(load: ArrayLike, agents: ArrayLike) -> Floats:
    """The share of calls that wait, if nobody hangs up; 1 where the agents are not more than load.

    123 erlangs and 132 agents give 0.3211.
    """
    load, agents = _broadcast(load, agents)
    lost = erlang_b(load, agents)
    spare = agents - load
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spare > 0, agents * lost / (spare + load * lost), 1.0)


def service_level_c(
    load: ArrayLike, agents: ArrayLike, handling: ArrayLike, within: ArrayLike
) -> Floats:
    """The share answered within so many seconds, if nobody hangs up.

    0 where the agents are not more than the load: the queue then grows without end.
    """
    load, agents, handling, within = _broadcast(load, agents, handling, within)
    spare = np.maximum(agents - load, 0)
    answered = 1 - erlang_c(load, agents) * np.exp(-spare * within / handling)
    return np.where(spare > 0, answered, 0.0)


def erlang_a(
    load: ArrayLike,
    agents: ArrayLike,
    handling: ArrayLike,
    patience: ArrayLike,
    within: ArrayLike,
) -> ErlangA:
    """The shares that wait, hang up, and are answered within so many seconds.

    With calls a second l, agents n, handling 1/m and patience 1/h, a caller who never hangs up
    would wait t > 0 with the density l p exp((l/h)(1 - exp(-ht)) - nmt), where p is the
    probability that n - 1 agents are busy; exp(-ht) of those callers are still there. Both
    integrals are incomplete gamma functions. An infinite patience gives Erlang C.
    """
    load, agents, handling, patience, within = _broadcast(load, agents, handling, patience, within)
    is_patient = np.isinf(patience)
    patience = np.maximum(np.where(is_patient, handling, patience), SHORTEST_PATIENCE)
    is_served = (agents > 0) & (load > 0)
    n, a = np.where(is_served, agents, 1.0), np.where(is_served, load, 1.0)

    calls, answers = a * patience / handling, n * patience / handling  # l/h and nm/h
    left = np.exp(-within / patience)
    passed = -calls * np.expm1(-within / patience) - n * within / handling
    # everything in units of p, as logarithms
    at_once = _log_of_one_in_lost(a, n - 1)
    waited = np.log(calls) + _log_lower(answers, calls)
    served = np.log(calls) + _log_lower(answers + 1, calls)
    with np.errstate(divide="ignore"):
        served_late = passed + np.log(calls * left) + _log_lower(answers + 1, calls * left)
    whole = np.logaddexp(at_once, waited)
    waiting = np.exp(waited - whole)
    late = np.exp(served_late - whole)
    answered = np.exp(at_once - whole) + np.exp(served - whole)

    # without agents nobody is answered; without load everybody would be; NaN stays NaN
    waiting = np.where(is_served, waiting, np.where(load > 0, 1.0, load))
    answered = np.where(is_served, answered, np.where(load > 0, 0.0, 1 - load))
    in_time = np.clip(answered - np.where(is_served, late, 0.0), 0, 1)
    return ErlangA(
        np.where(is_patient, erlang_c(load, agents), waiting),
        np.where(is_patient, 0.0, np.clip(1 - answered, 0, 1)),
        np.where(is_patient, service_level_c(load, agents, handling, within), in_time),
    )


def agents_needed(
    load: ArrayLike,
    handling: ArrayLike,
    patience: ArrayLike,
    within: ArrayLike,
    target: ArrayLike,
) -> Floats:
    """The smallest number of agents whose service level reaches the target.

    Erlang A's, or Erlang C's where the patience is infinite. 0 where there is no load. NaN where
    an argument is, and where the target is 1: no number of agents answers everybody in time.
    """
    load, handling, patience, within, target = _broadcast(load, handling, patience, within, target)
    known = ~np.isnan(load + handling + patience + within + target) & (target < 1)
    needed = np.where(known, 0.0, np.nan)
    sought = known & (load > 0) & (target > 0)
    if not sought.any():
        return needed
    one = [given[sought] for given in (load, handling, patience, within, target)]
    needed[sought] = _smallest(*one)
    return needed


def _smallest(
    load: Floats, handling: Floats, patience: Floats, within: Floats, target: Floats
) -> Floats:
    """By halving: more agents never answer fewer in time."""

    def is_reached(agents: Floats) -> NDArray[np.bool_]:
        found = erlang_a(load, agents, handling, patience, within).service_level
        return np.asarray(found >= target)

    too_few, step = np.zeros_like(load), np.ceil(np.sqrt(load))
    enough = np.ceil(load) + step
    while not (reached := is_reached(enough)).all():
        too_few = np.where(reached, too_few, enough)
        step = np.where(reached, step, 2 * step)
        enough = np.where(reached, enough, enough + step)
    while (enough - too_few > 1).any():
        middle = np.floor((too_few + enough) / 2)
        reached = is_reached(middle)
        enough = np.where(reached, middle, enough)
        too_few = np.where(reached, too_few, middle)
    return enough


def _broadcast(*given: ArrayLike) -> list[Floats]:
    return [np.array(one, dtype=float) for one in np.broadcast_arrays(*given)]


def _log_of_one_in_lost(load: Floats, agents: Floats) -> Floats:
    """The logarithm of 1/B: that of exp(a) a^-n times the upper incomplete gamma of n + 1 and a."""
    with np.errstate(divide="ignore", invalid="ignore"):
        upper = gammaincc(agents + 1, load)
        found = load - agents * np.log(load) + gammaln(agents + 1) + np.log(upper)
    found = np.array(np.where(load > 0, found, np.where(agents > 0, np.inf, 0.0)))
    tiny = (load > 0) & (upper < LEAST)
    if tiny.any():  # far fewer agents than load: 1 + n/a + n(n - 1)/a² + ...
        found[tiny] = np.log(_series(lambda k: np.maximum(agents[tiny] - k, 0) / load[tiny]))
    return found


def _log_lower(order: Floats, x: Floats) -> Floats:
    """The logarithm of exp(x) x^-c times the lower incomplete gamma function of c and x."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = gammainc(order, x)
        found = np.array(x - order * np.log(x) + gammaln(order) + np.log(lower))
    tiny = lower < LEAST
    if tiny.any():  # x is far below c: (1 + x/(c + 1) + x²/(c + 1)(c + 2) + ...) / c
        c, below = order[tiny], x[tiny]
        found[tiny] = np.log(_series(lambda k: below / (c + k + 1)) / c)
    return found


def _series(ratio: Any) -> Floats:  # noqa: ANN401 - a function of the term's place
    """1 + r0 + r0 r1 + ..., until the terms no longer count; every ratio is below 1."""
    term = ratio(0)
    total, place = 1 + term, 1
    while (term > total * 1e-17).any():
        term = term * ratio(place)
        total, place = total + term, place + 1
    return np.asarray(total)
