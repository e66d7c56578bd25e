"""What somebody who has every edition can write down: unknown counts, and equations between them.

The attacker is the worst one: whatever did not change between two editions they take to be
unchanged. So an unknown is a quantity with its true value, whichever editions it stands in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from csip_pipeline.publish.disclosure.quantities import Published, Quantity

Instance = tuple[Quantity, int]
"""A quantity and its true value: of two editions with the same value, it is one unknown."""
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class System:
    """All instances of all editions; one row of `sums` an equation: its parts less its total are 0.

    `given` are those that an earlier edition shows, for good; `concealed` those that one hides;
    `newest` those of the newest edition. `shown` is where each quantity stands that the newest
    edition shows, unless it is in `hidden`.
    """

    instances: list[Instance]
    values: Numbers
    sums: csr_array
    given: Flags
    concealed: Flags
    newest: Flags
    shown: dict[Quantity, int]
    hidden: frozenset[Quantity]

    @cached_property
    def known(self) -> Flags:
        """Which instances somebody can read in some edition."""
        known = self.given.copy()
        known[[place for quantity, place in self.shown.items() if quantity not in self.hidden]] = (
            True
        )
        return known

    @cached_property
    def covered(self) -> Flags:
        """Which instances are [c] in some edition."""
        covered = self.concealed.copy()
        covered[[self.shown[quantity] for quantity in self.hidden]] = True
        return covered

    def small(self, threshold: int) -> Flags:
        """Which instances are small: below the threshold, and not nought."""
        return np.asarray((self.values > 0) & (self.values < threshold))


@dataclass(frozen=True)
class Component:
    """Unknowns that are bound to each other, and to no other: `left` x = `right`, x >= 0."""

    places: Places
    left: csr_array
    right: Numbers

    @property
    def key(self) -> bytes:
        """Alike for components alike."""
        return b"|".join((self.places.tobytes(), self.left.indices.tobytes(), self.right.tobytes()))


def system(now: Published, before: Sequence[Published] = ()) -> System:
    """Everything that follows from an edition and all that came before it."""
    instances: dict[Instance, int] = {}
    rows: dict[tuple[int, tuple[int, ...]], None] = {}
    given: set[int] = set()
    concealed: set[int] = set()
    newest: set[int] = set()
    shown: dict[Quantity, int] = {}
    for edition in (*before, now):
        said = edition.statement
        own = {
            quantity: instances.setdefault((quantity, value), len(instances))
            for quantity, value in sorted(said.values.items())
        }
        rows |= {
            (own[one.total], tuple(sorted(own[part] for part in one.parts))): None
            for one in said.sums
        }
        if edition is now:
            newest.update(own.values())
            shown = {quantity: own[quantity] for quantity in sorted(said.shown)}
        else:
            given.update(own[quantity] for quantity in said.shown - edition.hidden)
            concealed.update(own[quantity] for quantity in said.shown & edition.hidden)
    return System(
        list(instances),
        np.array([value for _, value in instances], dtype="float64"),
        _matrix(list(rows), len(instances)),
        _flags(given, len(instances)),
        _flags(concealed, len(instances)),
        _flags(newest, len(instances)),
        shown,
        now.hidden & now.statement.shown,
    )


def components(whole: System) -> Iterator[Component]:
    """The unknowns in their groups, of those of which the newest edition says anything.

    One that no equation binds can be anything, and is left out; so is a group of earlier editions
    alone, which was audited with them.
    """
    is_new = abs(whole.sums) @ whole.newest.astype("float64") > 0
    unknown = np.flatnonzero(~whole.known)
    left = whole.sums[:, unknown]
    right = -(whole.sums[:, np.flatnonzero(whole.known)] @ whole.values[whole.known])
    for columns, rows in groups(left):
        if is_new[rows].any():
            yield Component(unknown[columns], left[rows][:, columns], right[rows])


def groups(matrix: csr_array) -> list[tuple[Places, Places]]:
    """The columns, with the rows, of each part of a matrix that nothing ties to the rest of it."""
    height, width = matrix.shape
    edges = matrix.tocoo()
    graph = csr_array(
        (np.ones(edges.nnz), (edges.row, height + edges.col)), shape=(height + width,) * 2
    )
    _, label = connected_components(graph, directed=False)
    row_label, column_label = label[:height], label[height:]
    bound = np.flatnonzero(np.diff(matrix.tocsc().indptr))
    rows = _by_label(row_label, np.arange(height))
    return [(columns, rows[key]) for key, columns in _by_label(column_label[bound], bound).items()]


def _by_label(labels: Places, places: Places) -> dict[int, Places]:
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return {int(labels[own[0]]): places[own] for own in np.split(order, cuts) if len(own)}


def _flags(places: set[int], size: int) -> Flags:
    flags = np.zeros(size, dtype=bool)
    flags[list(places)] = True
    return flags


def _matrix(rows: list[tuple[int, tuple[int, ...]]], width: int) -> csr_array:
    entries = [
        (row, place, factor)
        for row, (total, parts) in enumerate(rows)
        for place, factor in [(total, -1.0), *((part, 1.0) for part in parts)]
    ]
    at, places, factors = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csr_array((factors, (at, places)), shape=(len(rows), width), dtype="float64")
    matrix.eliminate_zeros()
    return matrix
