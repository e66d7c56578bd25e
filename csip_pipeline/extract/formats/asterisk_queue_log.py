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
    content = text.decoded(path, source.text("encoding", "utf-8"))
    lines = content.replace("\r\n", "\n").removesuffix("\n").split("\n")
    with warehouse.connected(Path(":memory:")) as con:
        con.register("log_lines", pa.table({"text": pa.array(lines, pa.string())}))
        con.register("queue_lines", _queue_lines(source))
        judged = con.sql(
            warehouse.read_query("extract/formats/asterisk_queue_log_lines"),
            params={
                "wrap_code_event": source.text("wrap_code_event", ""),
                "line": source.text("line", "other"),
            },
        ).to_arrow_table()
        con.register("judged", judged)
        broken = con.execute(
            "select source_row, '', fault, text from judged where fault is not null order by 1"
        ).fetchall()
        last = con.execute("select max(happened_at) from judged").fetchone()
    return Reading(
        records=judged.drop_columns(["fault", "text"]),
        faults=faults_of(broken),
        received=len(lines),
        last_moment=pd.Timestamp(last[0]).tz_convert("UTC") if last and last[0] else None,
    )


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
    options=frozenset({"encoding", "line", "lines", "wrap_code_event"}),
)
