"""Asterisk queue_log: one line an event, `epoch|uniqueid|queue|member|event|data...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.extract.formats import text
from csip_pipeline.extract.formats.format import Format, Reading, faults_of

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

LINE_COLUMNS = pa.schema([("queue", pa.string()), ("line", pa.string())])


def read(path: Path, source: Source) -> Reading:
    """Every line of the log, typed and judged by asterisk_queue_log_lines.sql."""
    with warehouse.connected(Path(":memory:")) as con:
        con.register("log_lines", _lines(text.decoded(path, source.text("encoding", "utf-8"))))
        con.register("queue_lines", _queue_lines(source))
        judged = con.sql(
            warehouse.read_query("extract/formats/asterisk_queue_log_lines"),
            params={
                "wrap_code_event": source.text("wrap_code_event", "").upper(),
                "line": source.text("line", "other"),
                "ignore_events": source.texts("ignore_events"),
            },
        ).to_arrow_table()
        con.register("judged", judged)
        broken = con.execute(
            "select source_row, '', fault, text from judged where fault is not null order by 1"
        ).fetchall()
        last = con.execute("select max(happened_at) from judged where fault is null").fetchall()
    return Reading(
        records=judged.drop_columns(["fault", "text"]),
        faults=faults_of(broken),
        received=len(judged),
        last_moment=pd.Timestamp(last[0][0]).tz_convert("UTC") if last[0][0] else None,
    )


def _lines(content: str) -> pa.Table:
    """The lines that hold anything, with their numbers in the file."""
    numbered = [(n, line) for n, line in enumerate(text.lines(content), 1) if line.strip()]
    numbers, texts = zip(*numbered, strict=True)
    return pa.table({"source_row": pa.array(numbers, pa.int64()), "text": pa.array(texts)})


def _queue_lines(source: Source) -> pa.Table:
    lines = source.options.get("lines", {})
    pairs = lines.items() if isinstance(lines, dict) else []
    return pa.Table.from_pylist(
        [{"queue": queue, "line": str(line)} for queue, line in pairs], schema=LINE_COLUMNS
    )


FORMAT = Format(
    name="asterisk_queue_log",
    feed="telephony",
    read=read,
    assemble="extract/formats/asterisk_queue_log",
    options=frozenset({"encoding", "ignore_events", "line", "lines", "wrap_code_event"}),
)
