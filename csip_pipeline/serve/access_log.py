"""Who read, brought or changed what: a log that is only added to, and shows any edit.

One JSON object a line. Each is linked to the one before it by HMAC-SHA256 with a key that stands
beside the log; the head, a file of its own, says how far the log had got, so that an end that was
cut off shows too. The idea is that of the callback ledger (publish/callbacks/chain.py).
"""

import datetime as dt
import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError

LOG, KEY, HEAD = "access.log", "access.key", "access.head"
FIRST_LINK = ""
FIELDS = ("number", "at", "who", "did", "what", "sha256", "outcome", "link")

Entry = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """The log as it was read: its entries as far as they hold, and what is wrong with it."""

    entries: list[Entry]
    fault: str | None

    @property
    def link(self) -> str:
        """The link of the last entry."""
        return str(self.entries[-1]["link"]) if self.entries else FIRST_LINK


class AccessLog:
    """The access log of one folder. One process writes it."""

    def __init__(self, folder: Path, now: Callable[[], dt.datetime]) -> None:
        """Go on where the log ends. Raises RefusedError where it is not as it was left."""
        self._folder, self._now = folder, now
        self._key = _key(folder / KEY)
        self._lock = threading.Lock()
        kept = self.read()
        if kept.fault is not None:
            raise RefusedError(
                f"{LOG} is not as csip left it: {kept.fault}. Look into it; then move {LOG} and "
                f"{HEAD} away together, keep them, and start again with an empty log."
            )
        self._number, self._link = len(kept.entries), kept.link

    def add(self, who: str, did: str, what: str, outcome: str, sha256: str = "") -> None:
        """Add an entry, on the disk before this returns: what cannot be logged is not served."""
        with self._lock:
            entry: Entry = {
                "number": self._number + 1,
                "at": self._now().astimezone(dt.UTC).isoformat(timespec="seconds"),
                "who": who,
                "did": did,
                "what": what,
                "sha256": sha256,
                "outcome": outcome,
            }
            entry["link"] = _link(self._key, self._link, entry)
            _append(self._folder / LOG, _line(entry))
            self._number, self._link = self._number + 1, entry["link"]
            _write_head(self._folder / HEAD, self._key, self._number, self._link)

    def read(self) -> Kept:
        """Every entry, proved."""
        return read(self._folder, self._key)


def read(folder: Path, key: bytes | None = None) -> Kept:
    """The log in a folder, proved with its key: the entries that hold, and the first fault."""
    key = key if key is not None else _key(folder / KEY)
    path = folder / LOG
    content = path.read_bytes() if path.exists() else b""
    lines = content.split(b"\n")
    entries: list[Entry] = []
    before = FIRST_LINK
    for number, line in enumerate(lines[:-1], start=1):
        entry = _parsed(line)
        if entry is None or entry["number"] != number or entry["link"] != _link(key, before, entry):
            return Kept(entries, f"entry {number} was changed, or one before it is missing")
        entries.append(entry)
        before = entry["link"]
    if lines[-1]:
        return Kept(entries, f"entry {len(lines)} is not whole")
    return Kept(entries, _head_fault(folder / HEAD, key, entries))


def _head_fault(path: Path, key: bytes, entries: list[Entry]) -> str | None:
    if not path.exists():
        return f"{HEAD} is missing" if entries else None
    try:
        number, link, _seal = path.read_bytes().decode("ascii").split(" ")
    except ValueError:
        return f"{HEAD} was changed"
    if path.read_bytes() != _head(key, number, link):
        return f"{HEAD} was changed"
    if int(number) > len(entries) or entries[int(number) - 1]["link"] != link:
        return f"it ends before entry {number}, to which it had got"
    return None


def _write_head(path: Path, key: bytes, number: int, link: str) -> None:
    put(path, _head(key, str(number), link))
    path.chmod(0o600)


def _head(key: bytes, number: str, link: str) -> bytes:
    return f"{number} {link} {_hmac(key, f'head {number} {link}')}".encode()


def _append(path: Path, line: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, line)
        os.fsync(opened)
    finally:
        os.close(opened)


def _parsed(line: bytes) -> Entry | None:
    """An entry, if the line is written exactly as we write one."""
    try:
        entry = json.loads(line)
        is_ours = tuple(entry) == FIELDS and _line(entry) == line + b"\n"
    except (ValueError, TypeError, AttributeError):
        return None
    return entry if is_ours else None


def _line(entry: Entry) -> bytes:
    return json.dumps(entry, separators=(",", ":")).encode("ascii") + b"\n"


def _link(key: bytes, before: str, entry: Entry) -> str:
    said = json.dumps([before, *(entry[name] for name in FIELDS[:-1])])
    return _hmac(key, said)


def _hmac(key: bytes, said: str) -> str:
    return hmac.digest(key, said.encode(), hashlib.sha256).hex()


def _key(path: Path) -> bytes:
    """The log's own key, made on first use: the pseudonym key is not the door's to know."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(opened, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
