"""Asterisk's call detail records beside the queue_log of the same calls."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, row_by_row, table

CALLS = "select call_id, queue, outcome, wait_seconds from extract.telephony"
OUTCOMES = {"CONNECT": "answered", "ABANDON": "abandoned", "EXITWITHTIMEOUT": "timed_out"}
WAITED_AT = {"CONNECT": 5, "ABANDON": 7, "EXITWITHTIMEOUT": 7}


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """Every call's queue and outcome, and how near its wait is to the log's."""
    log = (extract.parent / "queue_log").read_text(encoding="utf-8")
    lines = [line.split("|") for line in log.splitlines()]
    ends = {line[1]: line for line in lines if line[4] in OUTCOMES}
    found = table(con, CALLS, "call_id")
    yield Check("calls", len(ends), len(found))
    queues = pd.Series({call: line[2] for call, line in ends.items()})
    yield row_by_row("queue", queues, found["queue"])
    outcomes = pd.Series({call: OUTCOMES[line[4]] for call, line in ends.items()})
    yield row_by_row("outcome", outcomes, found["outcome"])
    waits = pd.Series({call: float(line[WAITED_AT[line[4]]]) for call, line in ends.items()})
    # both count whole seconds, from moments up to a second apart
    near = (found["wait_seconds"] - waits).abs() <= 1
    yield Check("wait_seconds within 1 s of the log's", len(ends), int(near.sum()))


EXAMPLE = Example(
    "asterisk_cdr",
    "telephony_asterisk_queue_log/cdr_master.csv",
    "telephony",
    ("2026-11",),
    checks,
)
