"""Guessing made slow: after a few failures, each further one doubles the wait."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

FREE_FAILURES = {"account": 3, "address": 10}
"""Failures before anybody waits. Many people may come from one address."""
LONGEST_WAIT = 15 * 60
FORGOTTEN_AFTER = 24 * 60 * 60
MOST_REMEMBERED = 10_000

Key = tuple[str, str]


class Throttle:
    """Failures to sign in, by account and by address, by the clock `now` in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Nobody has failed yet."""
        self._now = now
        self._failures: OrderedDict[Key, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def attempt(self, account: str, address: str) -> int:
        """Whole seconds until this account, from this address, may try; 0: now.

        An attempt that may be made counts as a failure until it has succeeded, so that many at
        once are no way past.
        """
        now = self._now()
        with self._lock:
            wait = math.ceil(max(self._left(key, now) for key in _keys(account, address)))
            if wait == 0:
                self._count(account, address, now)
            return wait

    def succeeded(self, account: str, address: str) -> None:
        """Forget an account's failures, and of its address this attempt: it may try others too."""
        mine, from_there = _keys(account, address)
        with self._lock:
            self._failures.pop(mine, None)
            count, last = self._failures.get(from_there, (1, self._now()))
            self._failures[from_there] = (count - 1, last)

    def _count(self, account: str, address: str, now: float) -> None:
        for key in _keys(account, address):
            count, last = self._failures.pop(key, (0, now))
            count = 0 if now - last > FORGOTTEN_AFTER else count
            self._failures[key] = (count + 1, now)
        while len(self._failures) > MOST_REMEMBERED:
            self._failures.popitem(last=False)

    def _left(self, key: Key, now: float) -> float:
        count, last = self._failures.get(key, (0, 0.0))
        beyond = count - FREE_FAILURES[key[0]]
        if beyond < 0:
            return 0
        wait = min(2.0 ** min(beyond, 20), LONGEST_WAIT)
        return max(0.0, last + wait - now)


def _keys(account: str, address: str) -> tuple[Key, Key]:
    return ("account", account.casefold()), ("address", address)
