"""The one interface behind which every way of reaching people stands."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import pandas as pd

NEWS_COLUMNS = ["notice_id", "outcome", "attempted_at"]


@dataclass(frozen=True)
class Batch:
    """Notices that a channel is to issue: claimed in the ledger, and with their contact points.

    `rows` has one row a notice, most urgent first: notice_id, person_key, channel, clock,
    priority, breaches, why, promised, received_at (UTC), due_by, kind ('phone', 'email',
    'handle'), contact_point (normalised; telephone numbers as +44...) and safe_time (or null).
    """

    list_id: str
    rows: pd.DataFrame


class Answer(StrEnum):
    """What came of handing notices to a channel."""

    SENT = "sent"
    """It has them: they are issued."""
    REFUSED = "refused"
    """It has not taken them and never will, so a person must decide."""
    UNKNOWN = "unknown"
    """Nobody can tell: they stay claimed, and it is asked before anything is sent again."""


@dataclass(frozen=True)
class Receipt:
    """A channel's answer about some notices; `why` never quotes a person or a contact point."""

    notice_ids: list[str]
    answer: Answer
    why: str


class Channel(Protocol):
    """A way of reaching people. It is given each notice once, and asked before any second time."""

    @property
    def name(self) -> str:
        """What the ledger calls it, such as worklist."""

    @property
    def at_most(self) -> int:
        """How many notices go in one batch."""

    @property
    def remembers(self) -> dt.timedelta | None:
        """How long it can say what it was given; None is for ever."""

    def takes(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """Which of the rows (as in a Batch) it can reach."""

    def known(self, batch: Batch) -> set[str]:
        """The notices of a batch that it was given before, by asking it.

        Raises RefusedError where it cannot be asked now: nothing is sent then.
        """

    def deliver(self, batch: Batch) -> Iterator[Receipt]:
        """Hand a batch over, and say what came of each notice as soon as it is known."""

    def news(self, notice_ids: list[str]) -> pd.DataFrame:
        """What it knows of notices that it issued: notice_id, outcome, attempted_at (UTC).

        A channel that hears nothing back gives no rows: its outcomes come in as a feed.
        """
