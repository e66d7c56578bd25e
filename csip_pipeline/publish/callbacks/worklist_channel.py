"""The worklist as a channel: a workbook in the restricted folder that the contact team fetches."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd

from csip_pipeline.calendars import LONDON
from csip_pipeline.publish.callbacks import worklist
from csip_pipeline.publish.callbacks.channels import NEWS_COLUMNS, Answer, Batch, Receipt
from csip_pipeline.publish.callbacks.routes import WORKLIST
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.settings import Settings

CONTACT_KINDS = {"phone": "Telephone", "email": "E-mail", "handle": "Social media"}


@dataclass(frozen=True)
class WorklistChannel:
    """A workbook a list: all of its notices, or none of them."""

    settings: Settings
    name: ClassVar[str] = WORKLIST
    at_most: ClassVar[int] = 20_000
    """What a team can still open and sort in a spreadsheet."""
    remembers: ClassVar[dt.timedelta | None] = None

    def takes(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """Whoever can be reached at all: people do the calling."""
        return rows["contact_point"].notna()

    def known(self, batch: Batch) -> set[str]:
        """All of a list that stands in its place, and none of one that does not."""
        if not path_of(self.settings, batch.list_id).exists():
            return set()
        path_of(self.settings, batch.list_id).chmod(0o600)
        return set(batch.rows["notice_id"])

    def deliver(self, batch: Batch) -> Iterator[Receipt]:
        """Write the list whole, readable by its owner alone."""
        rows = batch.rows
        shown = rows.assign(
            contact_kind=rows["kind"].map(CONTACT_KINDS), explain_by_on=rows["due_by"]
        )
        about = worklist.Worklist(list_id=batch.list_id, newest_on=_newest_on(rows))
        path = path_of(self.settings, batch.list_id)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        put(path, worklist.render(shown, about))
        path.chmod(0o600)
        yield Receipt(list(rows["notice_id"]), Answer.SENT, path.name)

    def news(self, notice_ids: list[str]) -> pd.DataFrame:  # noqa: ARG002 - the interface
        """Nothing: a list comes back as the feed callback_outcomes."""
        return pd.DataFrame(columns=NEWS_COLUMNS)


def path_of(settings: Settings, list_id: str) -> Path:
    """Where a list's workbook is."""
    return settings.worklists / f"callbacks_{list_id}.xlsx"


def _newest_on(rows: pd.DataFrame) -> dt.date:
    """The day of the newest thing in the list, so that the same list is always the same file."""
    newest: dt.datetime = rows["received_at"].max().tz_convert(LONDON)
    return newest.date()
