"""A queue of callers: first come first served, many agents on shifts, callers who give up."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

Shift = tuple[float, float, int]
"""When an agent starts and ends, and the agent's number."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What became of a caller offered to a queue."""

    position: int
    agent: int | None
    """None where the caller left before anybody was free."""
    left_at: float
    """When the caller stopped waiting: for an agent, or for good."""
    position_left: int


class Queue:
    """One queue. Callers must be offered in the order they come."""

    def __init__(self, shifts: Iterable[Shift]) -> None:
        """Open the queue with all the shifts that will ever serve it."""
        self._free = list(shifts)
        heapq.heapify(self._free)
        self._leaving: list[float] = []

    def offer(self, at: float, patience: float, busy: float) -> Offer:
        """Offer a caller who will wait `patience` and keep an agent `busy` for so long.

        Because agents take callers in order, the next caller's agent is always the one free
        first, and is known as soon as the caller comes.
        """
        while self._leaving and self._leaving[0] <= at:
            heapq.heappop(self._leaving)
        position = len(self._leaving) + 1
        starts_at = self._next_start(at)
        if starts_at - at > patience:
            left_at = at + patience
            ahead = sum(leaving > left_at for leaving in self._leaving)
            heapq.heappush(self._leaving, left_at)
            return Offer(position, None, left_at, ahead + 1)
        _, ends_at, agent = self._free[0]
        heapq.heapreplace(self._free, (starts_at + busy, ends_at, agent))
        if starts_at > at:
            heapq.heappush(self._leaving, starts_at)
        return Offer(position, agent, starts_at, 1)

    def _next_start(self, at: float) -> float:
        """When somebody on shift is next free, dropping agents whose shift is over."""
        while self._free:
            free_at, ends_at, _ = self._free[0]
            starts_at = max(at, free_at)
            if starts_at < ends_at:
                return starts_at
            heapq.heappop(self._free)
        return float("inf")
