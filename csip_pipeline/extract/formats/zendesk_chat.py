"""The Zendesk chat export: one row a chat event (joined, wrote, left), as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from csip_pipeline import calendars
from csip_pipeline.extract.formats import rows, text
from csip_pipeline.extract.formats.format import Format, Reading

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

NEEDED = ("chat_id", "created_at", "actor_id", "chat_index", "type")


def read(path: Path, source: Source) -> Reading:
    """Every event of the file. What was written in the chat is not kept."""
    content = text.decoded(path, source.text("encoding", "utf-8"))
    events = rows.rows_of(text.records(content, ",", path.name), path.name)
    rows.require(events.cells, NEEDED, path.name, "a Zendesk chat event export")
    return _reading(events, source)


def _reading(events: rows.TextRows, source: Source) -> Reading:
    cells = events.cells
    happened_at = pd.to_datetime(
        cells["created_at"], format="ISO8601", errors="coerce", utc=True
    ).astype("datetime64[us, UTC]")
    chat_id = cells["chat_id"].mask(cells["chat_id"].str.strip() == "")
    records = pd.DataFrame(
        {
            "source_row": cells.index,
            "entity": chat_id,
            "chat_id": chat_id,
            "actor": _actors(cells["actor_id"]),
            "event": cells["type"],
            "chat_index": cells["chat_index"],
            "happened_at": happened_at,
            "service": source.text("service", "web_chat"),
            "month": calendars.london_month(happened_at),
            "disposition": "read",
        }
    )
    faults = [
        (number, column, promise)
        for column, promise, wrong in (
            ("chat_id", "must not be empty", chat_id.isna()),
            ("created_at", "is not a time written YYYY-MM-DD HH:MM:SS", happened_at.isna()),
        )
        for number in cells.index[wrong]
    ]
    return events.reading(records, faults, happened_at)


def _actors(ids: pd.Series) -> pd.Series:
    """Who did it: staff (agent:NNN, or the same number bare), the chat system, or the visitor."""
    bare = ids.str.removeprefix("agent:")
    staff = set(bare[ids.str.startswith("agent:") & (bare != "")])
    actors = pd.Series("visitor", index=ids.index, dtype="str")
    actors[bare.isin(staff)] = "staff"
    actors[ids.str.startswith("__") | (bare == "")] = "system"
    return actors


FORMAT = Format(
    name="zendesk_chat",
    feed="web_chats",
    read=read,
    assemble="extract/formats/zendesk_chat",
    options=frozenset({"encoding", "service"}),
)
