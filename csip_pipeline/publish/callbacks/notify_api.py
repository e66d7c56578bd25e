"""Notices sent by the API of GOV.UK Notify, which does not notice when it is asked twice.

So each notice is sent with its own id as the reference, and whenever an answer is lost, Notify is
asked for that reference before anything is sent again.
"""

import datetime as dt
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import pandas as pd

from csip_pipeline.publish.callbacks import notify_words
from csip_pipeline.publish.callbacks.channels import Answer, Batch, Receipt
from csip_pipeline.publish.callbacks.notify_desk import (
    BAD_REQUEST,
    BusyError,
    Desk,
    Message,
    NotifySettings,
    UnaskedError,
)
from csip_pipeline.publish.callbacks.notify_news import news
from csip_pipeline.publish.callbacks.notify_recipients import reachable, written
from csip_pipeline.refusals import RefusedError

MOST_NOTICES = 1_000
"""A third of what Notify takes in a minute."""
TOGETHER = 25
"""How many sent notices are confirmed at a time: what a killed run has to ask about."""
ROUNDS = 3
"""How often a notice whose answer was lost is asked about, and sent again if Notify has it not."""
MOST_LOST = 10
"""Answers lost in a row: Notify is down, and nothing more is tried for now."""
FEWEST_REFUSED = 3
"""Refusals of the request itself, and of nothing else: the service is at fault, not the people."""
LOST = "No answer from Notify. It is asked before anything is sent again."


@dataclass(frozen=True)
class NotifyApi:
    """The channel of Notify's API. One thread at a time: the client is not safe for more."""

    desk: Desk

    @classmethod
    def connected(
        cls, settings: NotifySettings, api_key: str, wait: Callable[[float], None] = time.sleep
    ) -> "NotifyApi":
        """The channel through Notify's own client. Raises RefusedError where it is missing."""
        return cls(Desk.connected(settings, api_key, wait))

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return "notify_api"

    @property
    def at_most(self) -> int:
        """How many notices go in one batch."""
        return MOST_NOTICES

    @property
    def remembers(self) -> dt.timedelta | None:
        """How long Notify keeps messages, and so can be asked by reference."""
        return dt.timedelta(days=self.desk.settings.memory_days)

    def takes(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """Which of the rows Notify can reach, and has a template for."""
        return reachable(rows) & rows["kind"].isin(self.desk.settings.templates)

    def known(self, batch: Batch) -> set[str]:
        """The notices that Notify has, asked for one by one.

        First it waits for as long as a request of a run that was killed may still arrive.
        """
        notice_ids = batch.rows["notice_id"].tolist()
        if not notice_ids:
            return set()
        self.desk.settle()
        return {notice_id for notice_id in notice_ids if self.desk.has(notice_id)}

    def deliver(self, batch: Batch) -> Iterator[Receipt]:
        """Send each notice; then ask about the lost, and send again those that Notify has not.

        What is not answered for at the end (Notify is busy or down) stays claimed. Raises
        RefusedError where the key, the address or a template is wrong, after saying what was sent.
        """
        messages = _messages(batch.rows)
        self.desk.check_templates(batch.rows["kind"].unique().tolist())
        lost, is_over = yield from self._sent(messages)
        for _ in range(ROUNDS):
            if not lost or is_over:
                break
            self.desk.settle()
            lost, is_over = yield from self._sent(lost, ask_first=True)
        if lost:
            yield Receipt([one.notice_id for one in lost], Answer.UNKNOWN, LOST)

    def news(self, notice_ids: list[str]) -> pd.DataFrame:
        """What came of messages: delivered is explained, a dead number not contactable."""
        return news(self.desk, notice_ids)

    def _sent(
        self, messages: list[Message], *, ask_first: bool = False
    ) -> Generator[Receipt, None, tuple[list[Message], bool]]:
        """Send messages in turn; give those without an answer, and whether to leave it at that."""
        tally = _Tally()
        try:
            for message in messages:
                answer, why = self._asked(message) if ask_first else self.desk.post(message)
                yield from tally.add(message, answer, why)
                if tally.lost_in_a_row >= MOST_LOST:
                    break
        except (BusyError, RefusedError) as error:
            yield from tally.rest()
            if isinstance(error, RefusedError):
                raise
            return tally.lost, True
        yield from tally.rest()
        if not ask_first:
            tally.refuse_if_all_were(BAD_REQUEST)
        yield from tally.doubtful()
        return tally.lost, tally.lost_in_a_row >= MOST_LOST

    def _asked(self, message: Message) -> tuple[Answer, str]:
        """What Notify has of a message; sent again if it has nothing."""
        try:
            if self.desk.has(message.notice_id):
                return Answer.SENT, "Notify has it."
        except UnaskedError:
            return Answer.UNKNOWN, LOST
        return self.desk.post(message)


class _Tally:
    """The answers of one pass, handed on a few at a time."""

    def __init__(self) -> None:
        self.lost: list[Message] = []
        self.lost_in_a_row = 0
        self._sent: list[str] = []
        self._refused: list[str] = []
        self._is_any_taken = False

    def add(self, message: Message, answer: Answer, why: str) -> Iterator[Receipt]:
        """Count an answer. A refused request waits until another shows that requests are right."""
        self.lost_in_a_row = self.lost_in_a_row + 1 if answer is Answer.UNKNOWN else 0
        if answer is Answer.SENT:
            self._is_any_taken = True
            self._sent.append(message.notice_id)
            if len(self._sent) >= TOGETHER:
                yield from self.rest()
        elif why == BAD_REQUEST and not self._is_any_taken:
            self._refused.append(message.notice_id)
        else:
            yield Receipt([message.notice_id], answer, why)
        if answer is Answer.UNKNOWN:
            self.lost.append(message)
        if self._is_any_taken:
            yield from self.doubtful()

    def rest(self) -> Iterator[Receipt]:
        """What was sent and not yet handed on."""
        if self._sent:
            yield Receipt(self._sent, Answer.SENT, "Notify has it.")
            self._sent = []

    def doubtful(self) -> Iterator[Receipt]:
        """The requests that were refused on their own account."""
        if self._refused:
            yield Receipt(self._refused, Answer.REFUSED, BAD_REQUEST)
            self._refused = []

    def refuse_if_all_were(self, why: str) -> None:
        """Stop where Notify refuses every request: people need not be held for that."""
        if len(self._refused) >= FEWEST_REFUSED:
            raise RefusedError(
                f"{why} It refuses every notice, so the fault lies with the service: it may be in "
                "trial mode, the key may be for the team only, or a template may ask for more "
                f"than (({')), (('.join(notify_words.PLACEHOLDERS)})). Nothing was sent. Put it "
                "right in Notify, then issue again."
            )


def _messages(rows: pd.DataFrame) -> list[Message]:
    words = notify_words.placeholders(rows).to_dict("records")
    sent_to = zip(rows["notice_id"], rows["kind"], written(rows["contact_point"]), strict=True)
    return [Message(*one, said) for one, said in zip(sent_to, words, strict=True)]
