"""Files of notices that somebody uploads to GOV.UK Notify, where the API is not allowed."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csip_pipeline.publish.callbacks import notify_words
from csip_pipeline.publish.callbacks.channels import NEWS_COLUMNS, Answer, Batch, Receipt
from csip_pipeline.publish.callbacks.notify_recipients import reachable, written
from csip_pipeline.publish.workbook_files import put

MOST_ROWS = 100_000
"""What Notify takes in one file."""
HEADINGS = {"phone": "phone number", "email": "email address"}
"""The heading by which Notify knows whom a row goes to, by what is held of a person."""


@dataclass(frozen=True)
class NotifyFile:
    """The channel of upload files: one for text messages and one for e-mails, in `folder`.

    A file that is there is never written again: somebody may have uploaded it.
    """

    folder: Path

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return "notify_file"

    @property
    def at_most(self) -> int:
        """How many notices go in one batch, so that no file of it is too long for Notify."""
        return MOST_ROWS

    @property
    def remembers(self) -> dt.timedelta | None:
        """For ever: the files stay."""
        return None

    def takes(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """Which of the rows Notify can reach."""
        return reachable(rows)

    def path(self, list_id: str, kind: str) -> Path:
        """The file of a list for a kind of contact point."""
        return self.folder / f"callbacks_{list_id}_{kind}.csv"

    def known(self, batch: Batch) -> set[str]:
        """The notices whose file is there, and so is whole."""
        there = [kind for kind in HEADINGS if self.path(batch.list_id, kind).exists()]
        for kind in there:
            self.path(batch.list_id, kind).chmod(0o600)
        return set(batch.rows.loc[batch.rows["kind"].isin(there), "notice_id"])

    def deliver(self, batch: Batch) -> Iterator[Receipt]:
        """Write each file of the batch whole, or not at all."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for kind, heading in HEADINGS.items():
            rows = batch.rows[batch.rows["kind"] == kind]
            ids = rows["notice_id"].tolist()
            path = self.path(batch.list_id, kind)
            if not ids:
                continue
            if path.exists():
                yield Receipt(ids, Answer.UNKNOWN, f"{path.name} is there already.")
                continue
            put(path, render(rows, heading))
            path.chmod(0o600)
            yield Receipt(ids, Answer.SENT, f"In {path.name}.")

    def news(self, notice_ids: list[str]) -> pd.DataFrame:  # noqa: ARG002 - the channels' interface
        """Nothing: what came of an upload is seen in Notify alone."""
        return pd.DataFrame(columns=NEWS_COLUMNS)


def render(rows: pd.DataFrame, heading: str) -> bytes:
    """The file's bytes (RFC 4180, UTF-8): the same rows, the same bytes.

    No cell begins as a formula: numbers begin with 0, words with a letter or digit, and addresses
    that do not are not taken.
    """
    cells = notify_words.placeholders(rows)
    cells.insert(0, heading, written(rows["contact_point"]))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(cells.columns)
    writer.writerows(cells.itertuples(index=False))
    return text.getvalue().encode()
