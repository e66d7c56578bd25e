"""The marks of erased contact points: keyed hashes by which intake knows what to leave out.

restricted/erased.jsonl has a line for each, chained with a key, and the log of erasures says how
many there were: a mark that was changed or taken away is noticed. A mark says nothing of whom it
stands for, and is no person_key.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csip_pipeline import durable
from csip_pipeline.pseudonyms import Purpose, pseudonym, purpose_key
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.written_forms import Point


@dataclass(frozen=True)
class Marks:
    """The marks of a data folder, and the secret they are keyed with; empty where nobody was."""

    key: bytes
    held: frozenset[str]

    def are_of(self, point: Point) -> bool:
        """Whether a contact point is marked."""
        return _mark(self.key, point) in self.held


NONE = Marks(b"", frozenset())


def load(settings: Settings) -> Marks:
    """The marks of a data folder. Raises RefusedError where they are not as they were left."""
    if not settings.erased.exists() and not settings.erasures.exists():
        return NONE
    key = settings.pseudonym_key()
    return Marks(key, frozenset(_read(settings, key)))


def add(settings: Settings, points: set[Point]) -> int:
    """Mark contact points for good, and return how many were not marked before."""
    settings.make_restricted()
    key = settings.pseudonym_key()
    held = _read(settings, key)
    new = sorted({_mark(key, point) for point in points} - set(held))
    lines = [json.dumps(one) for one in _chained(key, [*held, *new])]
    if new:
        durable.put(settings.erased, "".join(f"{line}\n" for line in lines).encode())
    return len(new)


def _mark(key: bytes, point: Point) -> str:
    return pseudonym(key, point.kind, point.point, Purpose.ERASED)


def _read(settings: Settings, key: bytes) -> list[str]:
    path = settings.erased
    try:
        lines = _lines(path)
        held = [str(line["mark"]) for line in lines]
        logged = max((line.get("marks", 0) for line in _lines(settings.erasures)), default=0)
        is_whole = lines == _chained(key, held) and len(held) >= logged
    except (ValueError, KeyError, TypeError, AttributeError):
        is_whole = False
    if not is_whole:
        raise RefusedError(
            f"restricted/{path.name} is not as csip left it, or the pseudonym key is another. It "
            "keeps erased people from coming back, so no file is read. Restore it from a backup."
        )
    return held


def _lines(path: Path) -> list[Any]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _chained(key: bytes, marks: list[str]) -> list[dict[str, str]]:
    """A line for each mark, linked to the line before."""
    own, link, lines = purpose_key(key, Purpose.ERASED), "", []
    for mark in marks:
        link = hmac.digest(own, f"{link}\x1f{mark}".encode(), hashlib.sha256).hex()
        lines.append({"mark": mark, "link": link})
    return lines
