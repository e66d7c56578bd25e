"""The files that suppliers send: how each is named, how it is written and when it is made."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.demo import (
    clock,
    emergency,
    social,
    telephony,
    web_chats,
    web_forms,
    web_sessions,
)
from csip_pipeline.demo.world import World


@dataclass(frozen=True)
class Extract:
    """One kind of file, of which a supplier sends one a month."""

    name: str
    folder: str
    suffix: str
    rows: Callable[[World, int], list[str]]
    """The rows of a month as they stand when the file is made, an epoch second."""
    header: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    made_on: int = 1
    """The day of the next month on which the file is made."""

    def made(self, month: dt.date) -> dt.date:
        """The day on which a month's file is made."""
        return clock.next_month(month).replace(day=self.made_on)

    def path(self, month: dt.date, made: dt.date, note: str = "") -> Path:
        """Where a month's file goes, under extracts/."""
        stamp = clock.stamp(made)
        return Path(self.folder, f"{self.name}_{month:%Y-%m}_{stamp}{note}.{self.suffix}")

    def content(self, rows: list[str]) -> bytes:
        """The bytes of a file with these rows."""
        lines = rows if self.header is None else [self.header, *rows]
        return (self.line_end.join(lines) + self.line_end).encode(self.encoding)


def _as_of_midnight(rows: Callable[[World], list[str]]) -> Callable[[World, int], list[str]]:
    """Rows that hold what happened in the month and nothing after it."""
    return lambda world, _: rows(world)


EXTRACTS = (
    Extract(
        name="queue_log",
        folder="telephony",
        suffix="log",
        rows=_as_of_midnight(telephony.queue_log),
        delimiter="|",
    ),
    Extract(
        name="999",
        folder="telephony",
        suffix="tsv",
        rows=_as_of_midnight(emergency.rows),
        header=emergency.HEADER,
        delimiter="\t",
        line_end="\r\n",
    ),
    Extract(
        name="forms",
        folder="web_forms",
        suffix="csv",
        rows=web_forms.rows,
        header=web_forms.HEADER,
        encoding="cp1252",
        line_end="\r\n",
        made_on=4,
    ),
    Extract(
        name="ticket_chat_event",
        folder="web_chats",
        suffix="csv",
        rows=_as_of_midnight(web_chats.rows),
        header=web_chats.HEADER,
    ),
    Extract(
        name="sessions",
        folder="web_sessions",
        suffix="csv",
        rows=_as_of_midnight(web_sessions.rows),
        header=web_sessions.HEADER,
        line_end="\r\n",
    ),
    Extract(
        name="twcs",
        folder="social",
        suffix="csv",
        rows=social.rows,
        header=social.HEADER,
    ),
)
