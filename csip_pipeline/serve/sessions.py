"""Sessions that end: after half an hour without a request, after eight hours, or when asked to."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

IDLE_SECONDS, LONGEST_SECONDS = 30 * 60, 8 * 60 * 60
MOST_OF_ONE = 5
"""Sessions of one account; the oldest ends when another begins."""


@dataclass
class _Session:
    name: str
    proof: str
    begun_at: float
    seen_at: float


class Sessions:
    """Who is signed in. Only hashes of the ids are held, and only in memory."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Sessions by the clock `now`, in seconds."""
        self._now = now
        self._held: dict[str, _Session] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, proof: str) -> str:
        """A new session's id, known to nobody before. `proof` is what must not change meanwhile."""
        session_id = secrets.token_urlsafe(32)
        now = self._now()
        with self._lock:
            self._sweep(now)
            own = [key for key, one in self._held.items() if one.name == name]
            for key in own[: max(0, len(own) - MOST_OF_ONE + 1)]:
                del self._held[key]
            self._held[_hashed(session_id)] = _Session(name, proof, now, now)
        return session_id

    def find(self, session_id: str) -> tuple[str, str] | None:
        """Whose session it is and its proof, if it has not ended; that counts as a request."""
        now, key = self._now(), _hashed(session_id)
        with self._lock:
            session = self._held.get(key)
            if session is None:
                return None
            if _has_ended(session, now):
                del self._held[key]
                return None
            session.seen_at = now
            return session.name, session.proof

    def end(self, session_id: str) -> None:
        """End a session."""
        with self._lock:
            self._held.pop(_hashed(session_id), None)

    def end_all(self, name: str) -> None:
        """End every session of an account."""
        with self._lock:
            for key in [key for key, one in self._held.items() if one.name == name]:
                del self._held[key]

    def _sweep(self, now: float) -> None:
        for key in [key for key, one in self._held.items() if _has_ended(one, now)]:
            del self._held[key]


def _has_ended(session: _Session, now: float) -> bool:
    return now - session.seen_at > IDLE_SECONDS or now - session.begun_at > LONGEST_SECONDS


def _hashed(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
