"""Asterisk: what it says of its own queues (queue_show.txt) beside what its log comes to."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, row_by_row, table

SAID = re.compile(r"(\w+) has .*C:(\d+), A:(\d+), SL:([\d.]+)%, SL2:([\d.]+)% within (\d+)s")
LEVELS = """
    select
        queue, answered, abandoned, within_seconds,
        service_level_answered_only as sl, service_level_crediting_early_abandons as sl2
    from measure.service_levels where clock = 'queue' and level = 'queue'
"""
WAITED_AT = {"CONNECT": 5, "ABANDON": 7, "EXITWITHTIMEOUT": 7, "EXITEMPTY": 7}
"""Where each event that ends a wait says how long it was."""


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """Each queue's own figures, and every stay's wait."""
    levels = table(con, LEVELS, "queue")
    said = SAID.findall((extract.parent / "queue_show.txt").read_text(encoding="utf-8"))
    yield Check("queues", len(said), len(levels))
    levels = levels.reindex([queue for queue, *_ in said])
    for queue, completed, abandoned, sl, sl2, within in said:
        found = levels.loc[queue]
        yield Check(f"{queue}: C is answered", int(completed), found["answered"])
        yield Check(f"{queue}: A is abandoned", int(abandoned), found["abandoned"])
        yield Check(f"{queue}: within, in seconds", int(within), found["within_seconds"])
        yield Check(f"{queue}: SL is service_level_answered_only", sl, f"{found['sl']:.1%}"[:-1])
        yield Check(
            f"{queue}: SL2 is service_level_crediting_early_abandons",
            sl2,
            f"{found['sl2']:.1%}"[:-1],
        )
    lines = [line.split("|") for line in extract.read_text(encoding="utf-8").splitlines()]
    ends = {line[1]: float(line[WAITED_AT[line[4]]]) for line in lines if line[4] in WAITED_AT}
    stays = table(con, "select call_id, wait_seconds from extract.telephony", "call_id")
    yield row_by_row("wait_seconds is the log's own", pd.Series(ends), stays["wait_seconds"])


EXAMPLE = Example(
    "asterisk_queue_log",
    "telephony_asterisk_queue_log/queue_log",
    "telephony",
    ("2026-11",),
    checks,
)
