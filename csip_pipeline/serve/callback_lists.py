"""The callback lists that the contact team may fetch: whatever stands among the worklists."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"callbacks_([0-9]{4}-[0-9]{2}-[0-9]+)\.xlsx")


@dataclass(frozen=True)
class CallbackList:
    """One worklist, as it was made for the team."""

    list_id: str
    path: Path
    size: int
    made_at: dt.datetime

    @property
    def stem(self) -> str:
        """How its name begins, and how the team's own copies of it begin."""
        return self.path.stem

    def content(self) -> tuple[bytes, str]:
        """Its bytes and their SHA-256."""
        content = self.path.read_bytes()
        return content, hashlib.sha256(content).hexdigest()


class CallbackLists:
    """The worklists in a folder."""

    def __init__(self, folder: Path) -> None:
        """The lists in the folder of worklists."""
        self._folder = folder

    def all(self) -> list[CallbackList]:
        """Every list, the newest first."""
        found = []
        for path in self._folder.glob("callbacks_*.xlsx"):
            named = NAME.fullmatch(path.name)
            if named and path.is_file() and not path.is_symlink():
                about = path.stat()
                made_at = dt.datetime.fromtimestamp(about.st_mtime, tz=dt.UTC)
                found.append(CallbackList(named[1], path, about.st_size, made_at))
        return sorted(found, key=lambda one: _in_order(one.list_id), reverse=True)

    def find(self, list_id: str) -> CallbackList | None:
        """The list of that id."""
        return next((one for one in self.all() if one.list_id == list_id), None)


def _in_order(list_id: str) -> tuple[int, ...]:
    return tuple(map(int, list_id.split("-")))
