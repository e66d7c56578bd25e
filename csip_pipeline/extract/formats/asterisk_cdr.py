"""Asterisk call detail records: CSV without a header, one row a leg of a channel's life.

cdr_csv writes its fields in one order and leaves out what cdr.conf does not switch on; cdr_custom
writes whatever it is told to. So a source may say its own `fields`, and every row has just these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import named, table
from csip_pipeline.extract.formats.format import Format

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source

ROWS = "extract/formats/asterisk_cdr_rows"
ASSEMBLE = "extract/formats/asterisk_cdr"

FIELDS = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
)
"""What cdr_csv writes with the options of Asterisk's own sample of cdr.conf (loguniqueid and
loguserfield); newcdrcolumns adds peeraccount, linkedid and sequence."""
NEEDED = (
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "uniqueid",
)
OPTIONAL = ("linkedid",)
OPTIONS = frozenset({"fields", "apps", "contexts", "answers_first", "zone", "line", "lines"})


def opened(path: Path, source: Source) -> table.Table:
    """Every record, by the declared fields or the usual ones: there is no header."""
    return table.delimited(
        path, replace(source, options={"fields": [*FIELDS]} | dict(source.options))
    )


def parameters(options: Mapping[str, object]) -> dict[str, object]:
    """What the query of rows is told, from a source's options."""
    contexts, lines = _table(options.get("contexts")), _table(options.get("lines"))
    apps = options.get("apps", ["Queue"])
    answers_first = options.get("answers_first")
    return {
        "apps": [str(app).casefold() for app in apps] if isinstance(apps, list) else [],
        "contexts": list(contexts),
        "context_queues": list(contexts.values()),
        # nothing said is taken as true: then nobody's wait is made out to be shorter than it was
        "answers_first": answers_first if isinstance(answers_first, bool) else True,
        "zone": str(options.get("zone", "UTC")),
        "line_queues": list(lines),
        "queue_lines": list(lines.values()),
        "line": str(options.get("line", "other")),
    }


def _table(option: object) -> dict[str, str]:
    if not isinstance(option, Mapping):
        return {}
    return {str(key): str(value) for key, value in option.items()}


def unsaid(options: Mapping[str, object]) -> str | None:
    """What a source must say, since no record does: nothing is made up about who answered."""
    if not isinstance(options.get("answers_first"), bool):
        return "answers_first = true or false: whether the dial plan answers before an agent does"
    apps = options.get("apps", ["Queue"])
    if isinstance(apps, list) and "Queue" in apps and not _table(options.get("contexts")):
        return (
            'contexts, such as { callers = "switchboard_101" }: in which contexts callers wait, '
            "and for which queue; without it a call that left a queue unanswered cannot be told"
        )
    return None


FORMAT = Format(
    name="asterisk_cdr",
    feed="telephony",
    open=opened,
    judge=named.judged_by(
        ROWS,
        "Asterisk call detail records",
        NEEDED,
        lambda source: parameters(source.options),
        OPTIONAL,
    ),
    assemble=ASSEMBLE,
    options=table.TEXT_OPTIONS | OPTIONS,
    unsaid=unsaid,
)
