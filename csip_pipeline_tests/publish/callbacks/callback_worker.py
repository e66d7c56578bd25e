"""A process of its own that issues a month's callbacks, and may be made to die at a named step."""

import datetime as dt
import os
import signal
from pathlib import Path

from callback_office import OCTOBER, TODAY

from csip_pipeline import warehouse
from csip_pipeline.publish import callback_ledger, callbacks, worklist
from csip_pipeline.settings import Settings

STEPS = {
    "before anything is recorded": (callback_ledger, "record"),
    "recorded, not claimed": (callback_ledger, "claim"),
    "claimed, not written": (worklist, "render"),
    "half written": (os, "fsync"),
    "written, not in its place": (Path, "replace"),
    "written, not yet 0600": (Path, "chmod"),
    "written, not confirmed": (callback_ledger, "confirm"),
    "confirmed, table not kept": (warehouse, "replace_month"),
}
"""Each step by the function that comes right after it."""


def issue(data: Path, dies_at: str | None = None, month: dt.date = OCTOBER) -> None:
    """Issue the month's callbacks in a data folder, or die as a killed process does."""
    settings = Settings(data=data)
    settings.make_restricted()
    if dies_at is not None:
        setattr(*STEPS[dies_at], _die)
    with warehouse.connected(settings.warehouse, read_only=dies_at is not None) as con:
        callbacks.issue_month(con, settings, month, TODAY)


def hold(path: Path, holding, let_go) -> None:
    """Keep a DuckDB file open for writing until told to let go."""
    with warehouse.connected(path):
        holding.set()
        let_go.wait()


def _die(*_given, **_named) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
