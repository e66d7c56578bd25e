"""The "Customer Support on Twitter" CSV: one row a public post, with its reply links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from csip_pipeline import calendars
from csip_pipeline.extract.formats import rows, text
from csip_pipeline.extract.formats.format import Format, Reading

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

NEEDED = (
    "tweet_id",
    "author_id",
    "inbound",
    "created_at",
    "response_tweet_id",
    "in_response_to_tweet_id",
)
DIRECTIONS = {"True": "in", "False": "out"}


def read(path: Path, source: Source) -> Reading:
    """Every post of the file. The text of a post is not kept."""
    content = text.decoded(path, source.text("encoding", "utf-8"))
    posts = rows.rows_of(text.records(content, ",", path.name), path.name)
    rows.require(posts.cells, NEEDED, path.name, "a Customer Support on Twitter export")
    return _reading(posts, source)


def _reading(posts: rows.TextRows, source: Source) -> Reading:
    cells = posts.cells
    sent_at = pd.to_datetime(
        cells["created_at"], format="%a %b %d %H:%M:%S %z %Y", errors="coerce", utc=True
    ).astype("datetime64[us, UTC]")
    message_id = _whole(cells["tweet_id"])
    records = pd.DataFrame(
        {
            "source_row": cells.index,
            "entity": message_id,
            "message_id": message_id,
            "platform": source.text("platform", "twitter"),
            "in_reply_to": _whole(cells["in_response_to_tweet_id"]),
            "answered_by": cells["response_tweet_id"].mask(cells["response_tweet_id"] == ""),
            "direction": cells["inbound"].map(DIRECTIONS).astype("str"),
            "author": cells["author_id"].mask(cells["author_id"] == ""),
            "sent_at": sent_at,
            "month": calendars.london_month(sent_at),
            "disposition": "read",
        }
    )
    faults = [
        (number, column, promise)
        for column, promise, wrong in (
            ("message_id", "is not a whole number", message_id.isna()),
            ("direction", "inbound is neither True nor False", records["direction"].isna()),
            ("sent_at", "is not a time written Tue Oct 31 22:10:47 +0000 2017", sent_at.isna()),
        )
        for number in cells.index[wrong]
    ]
    return posts.reading(records, faults, sent_at)


def _whole(ids: pd.Series) -> pd.Series:
    """Post ids as digits: the export writes a missing-able id as float text (3.0)."""
    return ids.str.extract(r"^(\d+)(?:\.0)?$", expand=False)


FORMAT = Format(
    name="customer_support_on_twitter",
    feed="social",
    read=read,
    assemble="extract/formats/customer_support_on_twitter",
    options=frozenset({"encoding", "platform"}),
    linked_to="list_append(string_split(answered_by, ','), in_reply_to)",
)
