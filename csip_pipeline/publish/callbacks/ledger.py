"""The ledger of callback notices: what each has come to. It is never rebuilt from extracts.

A notice is `due` or `held` when it is recorded. A worklist claims due notices (they get its
list_id), is written, and is then confirmed (they become `issued`). Killed in between, the next run
finds the claim and finishes that same list: nobody is in two lists, and nobody in none.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pandas as pd

from csip_pipeline import warehouse
from csip_pipeline.warehouse import Connection

TOO_LATE_DAYS = 90
"""A notice first recorded this long after it was due expires: a call would only puzzle them."""

TABLES = """
create table if not exists publish.notices (
    notice_id varchar primary key,
    cycle varchar not null,
    month date not null,
    person_key varchar not null,
    channel varchar not null,
    clock varchar not null,
    breaches bigint not null,
    received_at timestamptz not null,
    why varchar not null,
    promised varchar not null,
    due_by date not null,
    priority bigint not null,
    held_because varchar,
    state varchar not null,
    list_id varchar
);
create table if not exists publish.transitions (
    notice_id varchar not null,
    from_state varchar,
    to_state varchar not null,
    happened_at timestamptz not null,
    "by" varchar not null,
    why varchar
)
"""


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """The ledger, made on first use. Raises RefusedError where another run is writing it."""
    with warehouse.connected(path) as con:
        con.execute(TABLES)
        yield con


def record(con: Connection, wanted: pd.DataFrame, today: dt.date) -> int:
    """Record the notices not known yet, and return how many they were.

    A notice known already stays as it is, except that one still due becomes held where a new
    breach says that a call may be unsafe. One transaction: all of it happens, or none.
    """
    latest = today - dt.timedelta(days=TOO_LATE_DAYS)
    con.register("wanted", wanted)
    try:
        with _transaction(con):
            con.execute(
                "create or replace temporary table fresh as select * replace ("
                "if(due_by < $latest, 'expired', state) as state) "
                "from wanted anti join publish.notices using (notice_id)",
                {"latest": latest},
            )
            con.execute(
                "insert into publish.notices by name "
                "select * exclude (is_still_waiting), null as list_id from fresh"
            )
            _log(con, "select notice_id, null, state, held_because from fresh")
            _log(con, f"select notice_id, 'due', 'held', wanted.held_because {_NEWLY_HELD}")
            con.execute(
                "update publish.notices set state = 'held', held_because = wanted.held_because "
                "from wanted where wanted.notice_id = notices.notice_id "
                "and notices.state = 'due' and notices.list_id is null and wanted.state = 'held'"
            )
            ((new,),) = con.execute("select count(*) from fresh").fetchall()
    finally:
        con.unregister("wanted")
    return int(new)


_NEWLY_HELD = (
    "from wanted inner join publish.notices as notices using (notice_id) "
    "where notices.state = 'due' and notices.list_id is null and wanted.state = 'held'"
)


def claim(con: Connection, list_id: str) -> int:
    """Put every due notice that is in no list yet into this one; return how many."""
    unclaimed = "state = 'due' and list_id is null"
    with _transaction(con):
        con.execute(
            f"update publish.notices set list_id = $list_id where {unclaimed}",
            {"list_id": list_id},
        )
    return len(listed(con, list_id))


def confirm(con: Connection, list_id: str) -> None:
    """Say that a list is safely written: its notices are issued."""
    with _transaction(con):
        _log(
            con,
            "select notice_id, 'due', 'issued', 'worklist ' || list_id from publish.notices "
            "where state = 'due' and list_id = $list_id",
            {"list_id": list_id},
        )
        con.execute(
            "update publish.notices set state = 'issued' "
            "where state = 'due' and list_id = $list_id",
            {"list_id": list_id},
        )


def unconfirmed(con: Connection) -> list[str]:
    """The lists that were claimed and perhaps not written: a run was killed in between."""
    query = (
        "select distinct list_id from publish.notices where state = 'due' and list_id is not null"
    )
    return sorted(row[0] for row in con.execute(query).fetchall())


def listed(con: Connection, list_id: str) -> pd.DataFrame:
    """The notices of a list, most urgent first."""
    query = (
        "from publish.notices where list_id = $list_id order by priority, due_by, received_at, "
        "notice_id"
    )
    return warehouse.fetch(con, query, {"list_id": list_id})


def release(con: Connection, list_id: str, notice_ids: list[str]) -> None:
    """Take notices out of a list that is not written yet: they stay due, for a later one."""
    with _transaction(con):
        con.execute(
            "update publish.notices set list_id = null "
            "where state = 'due' and list_id = $list_id and notice_id in $notice_ids",
            {"list_id": list_id, "notice_ids": notice_ids},
        )


def next_list_id(con: Connection, month: dt.date, is_taken: Callable[[str], bool]) -> str:
    """The id of the next list of a month, 2026-10-1, 2026-10-2... that is not taken already.

    A ledger restored from a backup may not know of a list that the team holds.
    """
    query = (
        "select coalesce(max(split_part(list_id, '-', 3)::int), 0) from publish.notices "
        "where list_id like $stem || '-%'"
    )
    stem = f"{month:%Y-%m}"
    ((last,),) = con.execute(query, {"stem": stem}).fetchall()
    return next(name for number in count(last + 1) if not is_taken(name := f"{stem}-{number}"))


def states(con: Connection) -> dict[str, str]:
    """The state of every notice."""
    return dict(con.execute("select notice_id, state from publish.notices").fetchall())


def count_by_state(con: Connection) -> dict[str, int]:
    """How many notices are in each state."""
    query = "select state, count(*) from publish.notices group by state order by state"
    return dict(con.execute(query).fetchall())


@contextmanager
def _transaction(con: Connection) -> Iterator[None]:
    con.execute("begin")
    try:
        yield
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def _log(con: Connection, changes: str, parameters: dict[str, object] | None = None) -> None:
    """Keep every change of state: changes selects notice_id, from_state, to_state and why."""
    con.execute(
        "insert into publish.transitions select notice_id, from_state, to_state, now(), "
        f"'csip_pipeline', why from ({changes}) as changes (notice_id, from_state, to_state, why)",
        parameters or {},
    )
