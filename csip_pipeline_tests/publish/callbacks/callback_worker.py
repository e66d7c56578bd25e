"""A process of its own that issues a month's callbacks, and may be made to die at a named step."""

import datetime as dt
import os
import signal
from pathlib import Path

from callback_office import OCTOBER, TODAY

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import (
    chain,
    hearing,
    issuing,
    ledger,
    opening,
    recording,
    sending,
    worklist,
)
from csip_pipeline.settings import Settings

STEPS = {
    "before the ledger is read": (sending.Outbox, "recover"),
    "before anything is recorded": (recording, "record"),
    "while it is recorded": (chain, "add"),
    "recorded, not sealed": (ledger.Ledger, "count_by_state"),
    "sealed, not claimed": (sending.Outbox, "_hand_over"),
    "claimed, not written": (worklist, "render"),
    "half written": (os, "fsync"),
    "written, not in its place": (Path, "replace"),
    "written, not yet 0600": (Path, "chmod"),
    "written, not confirmed": (sending.Outbox, "_received"),
    "confirmed, table not kept": (warehouse, "replace_month"),
    "outcomes not heard": (hearing, "hear_the_team"),
}
"""Each step by the function that comes right after it."""


def issue(data: Path, dies_at: str | None = None, month: dt.date = OCTOBER) -> None:
    """Issue the month's callbacks in a data folder, or die as a killed process does."""
    settings = Settings(data=data)
    settings.make_restricted()
    if dies_at is not None:
        setattr(*STEPS[dies_at], _die)
    with warehouse.connected(settings.warehouse, read_only=dies_at is not None) as con:
        issuing.issue_month(con, settings, month, TODAY)


def hold(data: Path, holding, let_go) -> None:
    """Keep the ledger until told to let go."""
    with opening.opened(Settings(data=data)):
        holding.set()
        let_go.wait()


def _die(*_given, **_named) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
