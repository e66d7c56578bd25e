"""Which figures a public edition hides: the small ones, and as few others as keep those unknown.

For each count that could be worked out, the cheapest way in which others could make up for its
being another is a linear program (Kelly, Golden and Assad, Cell suppression: disclosure protection
for sensitive tabular data, Networks 22, 1992; Fischetti and Salazar-Gonzalez, Management Science
47, 2001, for tables with any linear relations). Whatever takes part in it is hidden: then nobody
can tell the true figures from the shifted ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, hstack

from csip_pipeline.publish.disclosure.auditing import Audited, silent, unprotected
from csip_pipeline.publish.disclosure.programs import Program
from csip_pipeline.publish.disclosure.quantities import (
    THRESHOLD,
    Published,
    Quantity,
    Statement,
)
from csip_pipeline.publish.disclosure.systems import Numbers, Places, System, groups, system
from csip_pipeline.refusals import RefusedError

MOVED = 1e-7
HARDLY = 1e-3
"""What it costs to move a count that is hidden anyway: little, but not nothing."""


def hide(
    now: Statement,
    before: Sequence[Published] = (),
    *,
    threshold: int = THRESHOLD,
    cells: Mapping[Quantity, int] | None = None,
) -> frozenset[Quantity]:
    """The quantities to hide of those that an edition shows.

    Small ones; ones that an earlier edition hides; and whatever would tell them. (What earlier
    editions give away between them is out, and nothing helps.) `cells` says how many cells of the
    edition each would take with it, if not one. The same statement always gives the
    same answer. Raises RefusedError where nothing that is hidden would do.
    """
    small = {quantity for quantity in now.shown if 0 < now.values[quantity] < threshold}
    kept = {quantity for edition in before for quantity in edition.hidden & now.shown}
    whole = system(Published(now, frozenset(small | kept)), before)
    shifts = _Shifts(whole, cells or {})
    audited: Audited = {}
    out: set[int] = set()
    while exposed := unprotected(whole, threshold, audited).keys() - out:
        hidden = whole.hidden
        for place in sorted(exposed, key=lambda each: (whole.values[each], each)):
            hidden, reached = shifts.apart(place, threshold, hidden)
            if not reached:
                out.add(place)
        if hidden == whole.hidden and not exposed & out:
            raise _helpless(len(exposed))
        whole = replace(whole, hidden=hidden)
    stuck = unprotected(whole, threshold, audited).keys() & out
    if stuck - (unprotected(silent(whole), threshold).keys() if before else set()):
        raise _helpless(len(stuck))
    return whole.hidden


@dataclass(frozen=True)
class _Part:
    """Instances that sums bind together, of those that may still move; and those sums."""

    places: Places
    sums: csr_array

    @cached_property
    def program(self) -> Program:
        """What each may go up by, then what each may go down by, with every sum as it is."""
        both = hstack([self.sums, -self.sums]).tocsr()
        return Program(both, np.zeros(self.sums.shape[0]))


class _Shifts:
    """Finds what has to move so that one count can be another and every sum still holds."""

    def __init__(self, whole: System, cells: Mapping[Quantity, int]) -> None:
        """Split the instances, without those that earlier editions show for good."""
        self._whole, self._cells = whole, cells
        self._quantities = {place: quantity for quantity, place in whole.shown.items()}
        movable = np.flatnonzero(~whole.given)
        left = whole.sums[:, movable]
        self._part_of: dict[int, _Part] = {}
        for columns, rows in groups(left):
            part = _Part(movable[columns], left[rows][:, columns])
            self._part_of |= dict.fromkeys(part.places.tolist(), part)

    def apart(
        self, place: int, threshold: int, hidden: frozenset[Quantity]
    ) -> tuple[frozenset[Quantity], bool]:
        """What to hide for one instance to look like each end of the range it should have.

        A small one: the threshold, and nought. Another: more than it is; or less, where what
        earlier editions show does not let it be more. Says whether that can be had at all.
        """
        value = int(self._whole.values[place])
        upwards = (up for up in range(threshold, -1, -1) if value + up >= threshold)
        ways = [(up, up - threshold) for up in upwards]
        if 0 < value < threshold:
            ways = [(threshold - value, -value)]
        for way in ways:
            more, reached = hidden, True
            for shift in filter(None, way):
                needed = self.needed(place, shift, more)
                more, reached = more | (needed or set()), reached and needed is not None
            if reached:
                break
        return more, reached

    def needed(
        self, place: int, shift: int, hidden: frozenset[Quantity]
    ) -> frozenset[Quantity] | None:
        """What must be hidden beside `hidden` for one instance to look `shift` more than it is.

        None where nothing would do.
        """
        part = self._part_of[place]
        values, costs = self._whole.values[part.places], self._costs(part, hidden)
        count, own = len(part.places), int(np.searchsorted(part.places, place))
        fixed = np.zeros(2 * count)
        fixed[own], fixed[count + own] = max(shift, 0), max(-shift, 0)
        upper = np.concatenate([np.full(count, np.inf), values])
        lower = np.zeros(2 * count)
        for at in (own, count + own):
            lower[at] = upper[at] = fixed[at]
        cheapest = part.program.least(np.concatenate([costs, costs]), lower, upper).solution
        if cheapest is None:
            return None
        moved = (cheapest[:count] > MOVED) | (cheapest[count:] > MOVED)
        places = part.places[moved].tolist()
        return frozenset(self._quantities[each] for each in places if each in self._quantities)

    def _costs(self, part: _Part, hidden: frozenset[Quantity]) -> Numbers:
        """Large figures tell more than small ones, charts more than one cell: dearer to lose."""
        return np.array([self._cost(place, hidden) for place in part.places.tolist()])

    def _cost(self, place: int, hidden: frozenset[Quantity]) -> float:
        quantity = self._quantities.get(place)
        if quantity is None or quantity in hidden:
            return HARDLY
        return self._cells.get(quantity, 1) * float(1 + np.log2(1 + self._whole.values[place]))


def _helpless(count: int) -> RefusedError:
    return RefusedError(
        f"{count} small number(s) of the public edition could be worked out whatever it hides, so "
        "nothing was published. Report it to the data team: a table must be left out."
    )
