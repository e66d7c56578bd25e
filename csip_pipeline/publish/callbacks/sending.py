"""Send due notices out: a transactional outbox over every channel.

Decide and record (claim) in one transaction, hand over, confirm. Whoever is killed in between
leaves claims; the next run asks the channel what it was given before anything is sent again.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from csip_pipeline.publish.callbacks import reachable
from csip_pipeline.publish.callbacks.channels import Answer, Batch, Channel, Receipt
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.publish.callbacks.routes import WORKLIST, Routes
from csip_pipeline.publish.callbacks.worklist_channel import WorklistChannel
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

CLAIMED = """
select notice_id, 'claimed' as to_state, $route::varchar as route, $list_id::varchar as list_id,
    $at::timestamptz as claimed_at, $list_id as reason
from publish.notices where list_contains($ids::varchar[], notice_id)
"""
UNCLAIMED = """
select notice_id, 'due' as to_state, null as route, null as list_id, null as claimed_at,
    'not issued, as ' || route || ' says' as reason
from publish.notices where list_contains($ids::varchar[], notice_id)
"""
ISSUED = """
select notice_id, 'issued' as to_state, $at::timestamptz as issued_at,
    route || ' ' || list_id as reason
from publish.notices where list_contains($ids::varchar[], notice_id)
"""
HELD = """
select notice_id, 'held' as to_state, null as route, null as list_id, null as claimed_at,
    $why::varchar as held_because, $why as reason
from publish.notices where list_contains($ids::varchar[], notice_id)
"""
CLAIM = ("route", "list_id", "claimed_at")
LISTED = """
insert or ignore into publish.lists
select list_id, any_value(route), count(*), min(due_by), null from publish.notices
where list_id = $list_id and state = 'issued' group by list_id
"""
PERHAPS_SENT = "it may have been sent: the answer was lost, and nobody can be asked any more"


@dataclass
class Sent:
    """What sending came to."""

    lists: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What kept a channel from its work, in plain words."""


@dataclass(frozen=True)
class Outbox:
    """The ledger, and how to reach people."""

    ledger: Ledger
    routes: Routes
    settings: Settings
    safe_times: pa.Table = field(default_factory=lambda: reachable.NO_SAFE_TIMES)
    """notice_id and safe_time."""
    sent: Sent = field(default_factory=Sent)

    def recover(self) -> None:
        """Settle what a killed run or a lost answer left claimed, by asking before anything else.

        What the channel has is issued; what it has not is due again; what it can no longer tell is
        held for a person.
        """
        claims = self.ledger.fetch(
            "select distinct route, list_id, claimed_at from publish.notices "
            "where state = 'claimed' order by list_id"
        )
        for route, list_id, claimed_at in claims.itertuples(index=False, name=None):
            self._settle(route, list_id, claimed_at)

    def _settle(self, route: str, list_id: str, claimed_at: dt.datetime) -> None:
        rows = self._claimed(list_id)
        ids = set(rows["notice_id"])
        try:
            channel = self.channel(route)
            known = channel.known(Batch(list_id, rows)) & ids
        except RefusedError as refusal:
            self.sent.troubles.append(str(refusal))
            return
        self._issued(route, list_id, sorted(known))
        left = sorted(ids - known)
        age = dt.datetime.now(tz=dt.UTC) - claimed_at
        if channel.remembers is not None and age >= channel.remembers:
            self._moved(HELD, left, (*CLAIM, "held_because"), why=PERHAPS_SENT)
        else:
            self._moved(UNCLAIMED, left, CLAIM)

    def send(self, month: dt.date) -> int:
        """Send every due notice by its channel; return how many nobody knows how to reach."""
        due = self._rows("state = 'due'")
        is_known = due["contact_point"].notna()
        for channel, rows in self._by_channel(due[is_known]):
            try:
                for start in range(0, len(rows), channel.at_most):
                    self._hand_over(channel, rows.iloc[start : start + channel.at_most], month)
            except RefusedError as refusal:
                self.sent.troubles.append(str(refusal))
        return int((~is_known).sum())

    def channel(self, name: str) -> Channel:
        """A channel by its name. Raises RefusedError where it is not set up."""
        if name == WORKLIST:
            return WorklistChannel(self.settings)
        return self.routes.channel(name, self.settings)

    def _by_channel(self, due: pd.DataFrame) -> Iterator[tuple[Channel, pd.DataFrame]]:
        """The due notices of each channel, the worklist's last, for it takes what others do not."""
        left = due
        for name in sorted({self.routes.way(kind) for kind in due["kind"].unique()} - {WORKLIST}):
            is_meant = left["kind"].map(self.routes.way) == name
            wanted = left[is_meant & ~left["is_released"]]
            channel = self._ready(name)
            if channel is None:  # they wait until it is
                left = left.drop(wanted.index)
                continue
            taken = wanted[channel.takes(wanted).astype(bool)]
            left = left.drop(taken.index)
            yield channel, taken
        yield WorklistChannel(self.settings), left

    def _ready(self, name: str) -> Channel | None:
        try:
            return self.channel(name)
        except RefusedError as refusal:
            self.sent.troubles.append(str(refusal))
            return None

    def _hand_over(self, channel: Channel, rows: pd.DataFrame, month: dt.date) -> None:
        list_id = reachable.next_list_id(self.ledger, self.settings, month)
        ids = list(rows["notice_id"])
        self._moved(CLAIMED, ids, CLAIM, route=channel.name, list_id=list_id)
        try:
            for receipt in channel.deliver(Batch(list_id, self._claimed(list_id))):
                self._received(channel.name, list_id, receipt)
        finally:
            self._say_what_is_open(list_id)

    def _say_what_is_open(self, list_id: str) -> None:
        """Say how many notices of a list nobody can tell of: the channel may have them."""
        query = (
            "select count(*) as open from publish.notices "
            "where state = 'claimed' and list_id = $list_id"
        )
        still_open = int(self.ledger.fetch(query, {"list_id": list_id})["open"].iloc[0])
        if still_open:
            self.sent.troubles.append(
                f"{still_open:,} notices of list {list_id} got no answer that can be relied on. "
                "The next run asks what became of them before it sends anything again."
            )

    def _received(self, route: str, list_id: str, receipt: Receipt) -> None:
        if receipt.answer is Answer.SENT:
            self._issued(route, list_id, receipt.notice_ids)
        elif receipt.answer is Answer.REFUSED:
            sets = (*CLAIM, "held_because")
            self._moved(HELD, receipt.notice_ids, sets, why=receipt.why)

    def _issued(self, route: str, list_id: str, ids: list[str]) -> None:
        if not ids:
            return
        self._moved(ISSUED, ids, ("issued_at",), and_then=(LISTED, {"list_id": list_id}))
        name = f"callbacks_{list_id}.xlsx" if route == WORKLIST else f"{route} {list_id}"
        if name not in self.sent.lists:
            self.sent.lists.append(name)

    def _moved(
        self,
        query: str,
        ids: list[str],
        sets: tuple[str, ...],
        and_then: tuple[str, dict[str, object]] | None = None,
        **given: object,
    ) -> None:
        if not ids:
            return
        with self.ledger.entry() as at:
            self.ledger.move(query, {"ids": ids, "at": at, **given}, sets=sets)
            if and_then is not None:
                self.ledger.con.execute(*and_then)

    def _claimed(self, list_id: str) -> pd.DataFrame:
        return self._rows("state = 'claimed' and list_id = $list_id", list_id=list_id)

    def _rows(self, which: str, **given: object) -> pd.DataFrame:
        return reachable.rows(self.ledger, self.settings, self.safe_times, which, given)
