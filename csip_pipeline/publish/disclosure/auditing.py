"""The proof that nobody can work out what a public edition hides: linear programming on all of it.

For each count that must stay unknown, the least and the greatest value that fits everything that
was ever published (the audit of Duncan, Elliot and Salazar-Gonzalez, Statistical Confidentiality,
2011, chapter 4). It knows nothing of how the hidden figures were chosen.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from csip_pipeline.publish.disclosure.quantities import THRESHOLD, Bounds, Published
from csip_pipeline.publish.disclosure.systems import Component, System, components, system

SLACK = 1e-6
"""How far a solver's answer may be from a whole number that it means."""
SOLVED, UNBOUNDED = 0, 3
"""What linprog says of a program."""


def audit(
    now: Published, before: Sequence[Published] = (), *, threshold: int = THRESHOLD
) -> list[Bounds]:
    """Every count that is not protected, with its bounds, however it could be worked out.

    A small one must look like anything from nought to the threshold; any other that is hidden, like
    any of a range as wide as the threshold. One that this edition shows though it is small, or
    though an earlier edition hides it, is bounded by itself. (What an earlier edition shows is out,
    and no later one can take it back.)
    """
    whole = system(now, before)
    small = whole.small(threshold)
    told = np.flatnonzero(whole.known & ~whole.given & (small | whole.covered)).tolist()
    return [
        *(_bounds(whole, place, whole.values[place], whole.values[place]) for place in told),
        *unprotected(whole, threshold).values(),
    ]


def unprotected(whole: System, threshold: int) -> dict[int, Bounds]:
    """Every unknown, by its place, that the equations bind too tightly."""
    small = whole.small(threshold)
    found = {}
    for component in components(whole):
        for own, place in enumerate(component.places.tolist()):
            if not (small[place] or whole.covered[place]):
                continue
            lower, upper = _end(component, own, 1), _end(component, own, -1)
            is_wide = upper - lower >= threshold - SLACK
            reaches = lower <= SLACK and upper >= threshold - SLACK
            if not (reaches if small[place] else is_wide):
                found[place] = _bounds(whole, place, lower, upper)
    return found


def _bounds(whole: System, place: int, lower: float, upper: float) -> Bounds:
    return Bounds(whole.instances[place][0], float(lower), float(upper))


def _end(component: Component, own: int, direction: int) -> float:
    """The least (1) or greatest (-1) value of one unknown of a component."""
    goal = np.zeros(len(component.places))
    goal[own] = direction
    solved = linprog(goal, A_eq=component.left, b_eq=component.right, method="highs")
    if solved.status == UNBOUNDED:
        return -np.inf * direction
    if solved.status != SOLVED:  # what is true fits, so there is always a solution
        raise ArithmeticError(f"The audit's program was not solved: {solved.message}")
    return float(solved.fun) * direction
