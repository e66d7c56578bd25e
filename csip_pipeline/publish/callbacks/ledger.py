"""The ledger of callback notices: what each has come to. It is never rebuilt from extracts.

restricted/callbacks.duckdb, with its seal and its lock beside it. Everything that changes a notice
goes through `Ledger.move` within an `Ledger.entry`: it lets through only what states allow, and
keeps when, by whom and why, sealed in the chain.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import chain, seal
from csip_pipeline.publish.callbacks.chain import Head
from csip_pipeline.publish.callbacks.states import ALLOWED
from csip_pipeline.warehouse import Connection

PIPELINE = "csip_pipeline"
"""By whom a notice was changed, where nobody decided."""


class ForbiddenError(RuntimeError):
    """A change of state that states.ALLOWED does not know: a fault of ours, never of an input."""


@dataclass
class Ledger:
    """An open ledger: its connection, where it is, and the key of its chain."""

    con: Connection
    path: Path
    key: bytes
    head: Head
    is_written: bool = False
    _at: dt.datetime | None = None

    @contextmanager
    def entry(self) -> Iterator[dt.datetime]:
        """One transaction: all that is moved in it happens, sealed as one entry, or none of it."""
        if self._at is not None:
            raise RuntimeError("An entry of the ledger is open already.")
        if not self.is_written:
            seal.write(self.path, self.head, is_closed=False)
            self.is_written = True
        self._at = dt.datetime.now(tz=dt.UTC)
        self.con.execute("begin")
        try:
            yield self._at
            head = chain.add(self.con, self.key, self._at)
            self.con.execute("commit")
        except BaseException:
            self.con.execute("rollback")
            raise
        finally:
            self._at = None
        if head is not None:
            self.head = head
            seal.write(self.path, head, is_closed=False)

    def move(
        self,
        moved: str,
        parameters: Mapping[str, object] | None = None,
        *,
        by: str = PIPELINE,
        sets: tuple[str, ...] = (),
    ) -> int:
        """Change the notices that a query selects, and return how many they were.

        `moved` selects notice_id, to_state (the same state again amends a notice), reason, and the
        new value of each column in `sets`. Raises ForbiddenError where states do not allow it.
        """
        self.con.execute(
            "create or replace temporary table moved as "
            "select given.*, notices.state as from_state "
            f"from ({moved}) as given inner join publish.notices as notices using (notice_id)",
            warehouse.named(moved, parameters),
        )
        pairs = self.con.execute("select distinct from_state, to_state from moved").fetchall()
        _let_through({pair for pair in pairs if pair[0] != pair[1]})
        assigned = ", ".join(f"{name} = moved.{name}" for name in ("state", *sets))
        self.con.execute(
            f"update publish.notices set {assigned.replace('moved.state', 'moved.to_state')} "
            "from moved where moved.notice_id = notices.notice_id"
        )
        return self._log(by)

    def add(
        self, added: str, parameters: Mapping[str, object] | None = None, *, are_new: bool = True
    ) -> int:
        """Record the notices that a query selects: every column of publish.notices, and `reason`.

        Those that are not new come from an earlier version, in whatever state they had there.
        """
        self.con.execute(
            "create or replace temporary table moved as "
            f"select *, state as to_state, null::varchar as from_state from ({added})",
            warehouse.named(added, parameters),
        )
        if are_new:
            pairs = self.con.execute("select distinct from_state, to_state from moved").fetchall()
            _let_through(set(pairs))
        self.con.execute(
            "insert into publish.notices by name "
            "select * exclude (to_state, from_state, reason) from moved"
        )
        return self._log(PIPELINE)

    def _log(self, by: str) -> int:
        """Keep what was moved: each notice's states, and its digest as it is now."""
        text = chain.text_of(chain.columns_of(self.con, "publish.notices"), "notices.")
        ((rows,),) = self.con.execute("select count(*) from moved").fetchall()
        self.con.execute(
            "insert into publish.transitions "
            "select (select coalesce(max(step), 0) from publish.transitions) "
            "    + row_number() over (order by moved.notice_id), "
            "    $entry, moved.notice_id, moved.from_state, moved.to_state, $happened_at, $by, "
            f"    moved.reason, sha256({text}) "
            "from moved inner join publish.notices as notices using (notice_id)",
            {"entry": self.head.entry + 1, "happened_at": self._at, "by": by},
        )
        return int(rows)

    def fetch(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows of a query of the ledger."""
        return warehouse.fetch(self.con, sql, parameters)

    def remembers(self, name: str) -> bool:
        """Whether something was there when the ledger was last written."""
        found = self.con.execute("select 1 from publish.remembered where name = ?", [name])
        return bool(found.fetchall())

    def remember(self, name: str) -> None:
        """Keep that something is there, so that its absence is noticed."""
        if not self.remembers(name):
            with self.entry():
                self.con.execute("insert into publish.remembered values (?)", [name])

    def count_by_state(self) -> dict[str, int]:
        """How many notices are in each state."""
        query = "select state, count(*) from publish.notices group by state order by state"
        return dict(self.con.execute(query).fetchall())


def _let_through(pairs: set[tuple[str | None, str]]) -> None:
    forbidden = sorted(pairs - ALLOWED, key=str)
    if forbidden:
        raise ForbiddenError(f"A notice may not go from {' to '.join(map(str, forbidden[0]))}.")
