"""What an edition says, as quantities and the sums that bind them: where an attacker would start.

A quantity is one count of contacts or people, whichever worksheets show it, under whatever name. A
share gives away its numerator and its denominator, so a cell that shows one shows both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

THRESHOLD = 5
"""Counts below this, other than nought, are small."""

Quantity = tuple[str, ...]
"""What is counted, and of what: ("offered", "2026-07", "101 calls")."""


@dataclass(frozen=True)
class Sum:
    """A total that is the sum of its parts, which any reader knows."""

    total: Quantity
    parts: tuple[Quantity, ...]


@dataclass(frozen=True)
class Statement:
    """An edition before anything is hidden.

    `values` are the true counts of every quantity in any sum or cell, shown or not; `shown` are
    those that stand in some cell. One that no cell shows (offered less answered in time, say) is
    in `values` and `sums` alone: it cannot be hidden, and must not be worked out if it is small.
    """

    values: Mapping[Quantity, int]
    shown: frozenset[Quantity]
    sums: tuple[Sum, ...]


@dataclass(frozen=True)
class Published:
    """An edition that is out: what it could have said, and which of its quantities it hides."""

    statement: Statement
    hidden: frozenset[Quantity]


@dataclass(frozen=True)
class Bounds:
    """How close somebody can come to a quantity that is hidden: it lies from `lower` to `upper`."""

    quantity: Quantity
    lower: float
    upper: float
