"""The Zendesk chat export: one row a chat event (joined, wrote, left), as CSV."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from csip_pipeline import calendars
from csip_pipeline.extract.formats import mapping, text
from csip_pipeline.extract.formats.format import Format, Reading, faults_of
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

NEEDED = ("chat_id", "created_at", "actor_id", "chat_index", "type")


def read(path: Path, source: Source) -> Reading:
    """Every event of the file. What was written in the chat is not kept."""
    content = text.decoded(path, source.text("encoding", "utf-8"))
    rows = mapping.rows_of(text.records(content, ",", path.name), path.name)
    for name in NEEDED:
        if name not in rows.cells.columns:
            raise RefusedError(
                f'{path.name} has no column "{name}", so it is not a Zendesk chat event export. '
                "Check the pattern of files in feeds.toml."
            )
    return _reading(rows, source)


def _reading(rows: mapping.TextRows, source: Source) -> Reading:
    cells = rows.cells
    happened_at = pd.to_datetime(
        cells["created_at"], format="ISO8601", errors="coerce", utc=True
    ).astype("datetime64[us, UTC]")
    events = pd.DataFrame(
        {
            "source_row": cells.index,
            "entity": cells["chat_id"],
            "chat_id": cells["chat_id"].mask(cells["chat_id"].str.strip() == ""),
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
        (number, column, promise, json.dumps(cells.loc[number].tolist()))
        for column, promise, wrong in (
            ("chat_id", "must not be empty", events["chat_id"].isna()),
            ("created_at", "is not a time written YYYY-MM-DD HH:MM:SS", happened_at.isna()),
        )
        for number in events.index[wrong]
    ]
    events.loc[[number for number, *_ in faults], "disposition"] = "quarantined"
    lost = pd.DataFrame({"source_row": [number for number, *_ in rows.ragged]}, dtype="int64")
    lost["disposition"] = "quarantined"
    return Reading(
        records=pd.concat([events, lost], ignore_index=True),
        faults=faults_of(faults + rows.ragged),
        received=len(cells) + len(rows.ragged),
        last_moment=None if happened_at.isna().all() else happened_at.max(),
    )


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
