"""The proof that nobody can work out what a public edition hides: linear programming on all of it.

For each count that must stay unknown, the least and the greatest value that fits everything that
was ever published (the audit of Duncan, Elliot and Salazar-Gonzalez, Statistical Confidentiality,
2011, chapter 4). It knows nothing of how the hidden figures were chosen.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from csip_pipeline.publish.disclosure.programs import Program
from csip_pipeline.publish.disclosure.quantities import THRESHOLD, Bounds, Published
from csip_pipeline.publish.disclosure.systems import (
    Component,
    Flags,
    Numbers,
    System,
    components,
    system,
)

SLACK = 1e-6
"""How far a solver's answer may be from a whole number that it means."""
WORTH_A_SUM = 4
"""With more unknowns than this, the least and the greatest sum of them all spare many programs."""
Audited = dict[bytes, dict[int, Bounds]]
"""What was found of each component, by its key."""


def audit(
    now: Published, before: Sequence[Published] = (), *, threshold: int = THRESHOLD
) -> list[Bounds]:
    """Every count that is not protected, with its bounds, however it could be worked out.

    A small one must look like anything from nought to the threshold; any other that is hidden, like
    any of a range as wide as the threshold. One that this edition shows though it is small, or
    though an earlier edition hides it, is bounded by itself. What earlier editions give away
    between them is out, whatever this one shows, and no later one can take it back.
    """
    whole = system(now, before)
    small = whole.small(threshold)
    told = np.flatnonzero(whole.known & ~whole.given & (small | whole.covered)).tolist()
    found = unprotected(whole, threshold)
    out = unprotected(silent(whole), threshold).keys() if before and found else ()
    return [
        *(_bounds(whole, place, whole.values[place], whole.values[place]) for place in told),
        *(bounds for place, bounds in found.items() if place not in out),
    ]


def silent(whole: System) -> System:
    """The same editions, had the newest one shown nothing."""
    return replace(whole, hidden=frozenset(whole.shown))


def unprotected(whole: System, threshold: int, known: Audited | None = None) -> dict[int, Bounds]:
    """Every unknown, by its place, that the equations bind too tightly.

    `known` remembers what was found of a component, for whoever asks again of a system that shares
    it.
    """
    found: dict[int, Bounds] = {}
    known = {} if known is None else known
    for component in components(whole):
        if component.key not in known:
            known[component.key] = _exposed(whole, component, threshold)
        found |= known[component.key]
    return found


def _exposed(whole: System, component: Component, threshold: int) -> dict[int, Bounds]:
    """The unknowns of one component that are bound too tightly.

    Every solution found on the way is one more table that fits: what it shows of the other unknowns
    need not be asked again. Whatever stands alone in an equation is known without asking.
    """
    small = whole.small(threshold)[component.places]
    asked = np.flatnonzero(small | whole.covered[component.places])
    seen = _Seen(component, whole.values[component.places], small, threshold)
    size = len(component.places)
    alone = np.flatnonzero(np.diff(component.left.indptr) == 1)
    known = np.isin(asked, component.left.indices[component.left.indptr[alone]])
    left = [own for own in asked[~known].tolist() if not seen.reaches(own)]
    is_shrinking = True
    while is_shrinking and len(left) > WORTH_A_SUM:
        seen.solve(np.isin(np.arange(size), left).astype("float64"), within=threshold)
        before, left = left, [own for own in left if not seen.reaches(own)]
        is_shrinking = len(left) < len(before)
    for own in left:
        if not seen.reaches(own):
            seen.solve(np.eye(1, size, own)[0])
    return {
        place: _bounds(whole, place, seen.least[own], seen.most[own])
        for own, place in zip(asked.tolist(), component.places[asked].tolist(), strict=True)
        if not seen.reaches(own)
    }


class _Seen:
    """The least and the greatest value of each unknown, in tables that fit: first the true one."""

    def __init__(self, component: Component, values: Numbers, small: Flags, threshold: int) -> None:
        self._component = component
        self.values, self.least, self.most = values, values.copy(), values.copy()
        self.small, self.threshold = small, threshold

    def reaches(self, own: int) -> bool:
        """Whether an unknown was seen as nought and as the threshold, or as far apart if larger."""
        least, most = self.least[own], self.most[own]
        if self.small[own]:
            return bool(least <= SLACK and most >= self.threshold - SLACK)
        return bool(most - least >= self.threshold - SLACK)

    @cached_property
    def _program(self) -> Program:
        return Program(self._component.left, self._component.right)

    def solve(self, goal: Numbers, within: float = np.inf) -> None:
        """Find the least and the greatest value of one unknown, or of the sum of several.

        `within` keeps each near what it is, so that many of a sum move and not one of them far.
        """
        lower, upper = np.maximum(self.values - within, 0), self.values + within
        for direction in (1, -1):
            answer = self._program.least(goal * direction, lower, upper)
            if answer.solution is not None:
                self.least = np.minimum(self.least, answer.solution)
                self.most = np.maximum(self.most, answer.solution)
            elif not answer.is_unbounded:  # what is true fits, so there is always a solution
                raise ArithmeticError("The audit's program was not solved.")
            elif goal.sum() == 1:
                self.most[int(goal.argmax())] = np.inf


def _bounds(whole: System, place: int, lower: float, upper: float) -> Bounds:
    return Bounds(whole.instances[place][0], float(lower), float(upper))
