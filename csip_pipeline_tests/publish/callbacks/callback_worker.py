"""A process of its own that issues a month's callbacks, and may be made to die at a named step."""

import datetime as dt
import os
import signal
from itertools import count
from pathlib import Path

import notify_server
from callback_office import OCTOBER, TODAY
from notifications_python_client.notifications import NotificationsAPIClient

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import (
    chain,
    hearing,
    issuing,
    opening,
    recording,
    seal,
    sending,
    worklist,
)
from csip_pipeline.publish.callbacks.notify_api import NotifyApi
from csip_pipeline.settings import Settings

os.environ["CSIP_NOTIFY_API_KEY"] = notify_server.KEY  # in whatever process this is loaded

STEPS = {
    "before the ledger is read": (sending.Outbox, "recover"),
    "before anything is recorded": (recording, "record"),
    "while it is recorded": (chain, "add"),
    "before the first entry is written": (seal, "write", 1),
    "recorded, not sealed": (seal, "write", 2),
    "claimed, not sealed": (seal, "write", 3),
    "confirmed, not sealed": (seal, "write", 4),
    "closed, not sealed": (seal, "write", 5),
    "sealed, not claimed": (sending.Outbox, "_hand_over"),
    "claimed, not written": (worklist, "render"),
    "half written": (os, "fsync"),
    "written, not in its place": (Path, "replace"),
    "written, not yet 0600": (Path, "chmod"),
    "written, not confirmed": (sending.Outbox, "_received"),
    "confirmed, table not kept": (warehouse, "replace_month"),
    "outcomes not heard": (hearing, "hear_the_team"),
    "claimed, not sent": (NotifyApi, "deliver"),
    "some sent, not marked": (NotificationsAPIClient, "send_sms_notification", 40),
    "some marked": (NotificationsAPIClient, "send_sms_notification", 130),
}
"""Each step by the function that comes right after it, and which call of it."""


TABLES_OF_THE_OTHER = """
select schema_name, table_name from duckdb_tables() where database_name = 'given'
"""


def issue(data: Path, dies_at: str | None = None, month: dt.date = OCTOBER) -> None:
    """Issue the month's callbacks in a data folder, or die as a killed process does."""
    settings = Settings(data=data)
    settings.make_restricted()
    if dies_at is not None:
        _die_at(*STEPS[dies_at])
    with warehouse.connected(settings.warehouse, read_only=dies_at is not None) as con:
        issuing.issue_month(con, settings, month, TODAY)


def issue_read_only(data: Path, month: dt.date = OCTOBER) -> None:
    """Issue the month's callbacks beside another run, from a warehouse in memory."""
    settings = Settings(data=data)
    with warehouse.connected(Path(":memory:")) as con:
        con.execute(f"attach '{settings.warehouse}' as given (read_only)")
        for schema, table in con.execute(TABLES_OF_THE_OTHER).fetchall():
            con.execute(f"create table {schema}.{table} as from given.{schema}.{table}")
        issuing.issue_month(con, settings, month, TODAY)


def hold(data: Path, holding, let_go) -> None:
    """Keep the ledger until told to let go."""
    with opening.opened(Settings(data=data)):
        holding.set()
        let_go.wait()


def _die_at(owner, name: str, call: int = 1) -> None:
    """Be killed when a function is called for the so-manieth time."""
    calls = count(1)
    original = getattr(owner, name)

    def dying(*given, **named):
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*given, **named)

    setattr(owner, name, dying)
