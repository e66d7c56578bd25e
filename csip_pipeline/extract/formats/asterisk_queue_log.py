"""Asterisk queue_log: one line an event, `epoch|uniqueid|queue|member|event|data...`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import named, table
from csip_pipeline.extract.formats.format import Format

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source


def parameters(source: Source) -> Mapping[str, object]:
    """What the exchange's dial plan adds to Asterisk, and which line each queue serves."""
    lines = source.options.get("lines", {})
    pairs = lines if isinstance(lines, Mapping) else {}
    return {
        "wrap_code_event": source.text("wrap_code_event", "").upper(),
        "callback_key": source.text("callback_key", ""),
        "called_back_event": source.text("called_back_event", "").upper(),
        "ignore_events": [event.upper() for event in source.texts("ignore_events")],
        "line": source.text("line", "other"),
        "queues": [str(queue) for queue in pairs],
        "queue_lines": [str(line) for line in pairs.values()],
    }


FORMAT = Format(
    name="asterisk_queue_log",
    feed="telephony",
    open=table.log,
    judge=named.judged_by(
        "extract/formats/asterisk_queue_log_rows", "an Asterisk queue log", ("text",), parameters
    ),
    assemble="extract/formats/asterisk_queue_log",
    options=table.TEXT_OPTIONS
    | {
        "callback_key",
        "called_back_event",
        "ignore_events",
        "line",
        "lines",
        "wrap_code_event",
    },
)
