"""The bank's switch: every call's wait, talk and length, also of calls that ran over midnight."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, one_figure, row_by_row, table

CALLS = """
    select
        source_row, outcome, wait_seconds, talk_seconds,
        epoch(ended_at) - epoch(queued_at) as length_seconds,
        arrived_at <= queued_at and queued_at <= ended_at
            and coalesce(answered_at between queued_at and ended_at, true) as is_in_order,
        timezone('Europe/London', ended_at) as ended
    from extract.telephony
"""
NEVER = "0:00:00"
MENU_TO_QUEUE = pd.Timedelta(seconds=10)
"""The longest that a call took from the menu to the queue, which q_time leaves out."""


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """Outcomes, waits and lengths."""
    rows = pd.read_csv(extract, sep="\t", dtype="str", keep_default_na=False)
    rows.index += 2  # the header is row 1
    calls = rows[rows["outcome"] != "PHANTOM"]
    answered = calls[calls["outcome"] == "AGENT"]
    found = table(con, CALLS, "source_row")
    found_answered = found[found["outcome"] == "answered"]
    wait, talk = calls["q_time"].astype(float), calls["ser_time"].astype(float)
    out_of_scope = one_figure(con, "select sum(out_of_scope) from extract.intake")
    abandoned = int((found["outcome"] == "abandoned").sum())
    yield Check("answered (AGENT)", len(answered), len(found_answered))
    yield Check("abandoned (HANG)", int((calls["outcome"] == "HANG").sum()), abandoned)
    yield Check("out of scope (PHANTOM)", len(rows) - len(calls), out_of_scope)
    for seconds in (20, 30, 60, 90):
        within = int((wait[answered.index] <= seconds).sum())
        query = (
            "select count(*) from harmonise.contacts "
            f"where outcome = 'answered' and wait_seconds <= {seconds}"
        )
        yield Check(f"answered within {seconds} s", within, one_figure(con, query))
    yield row_by_row("wait_seconds is q_time", wait, found["wait_seconds"])
    yield row_by_row("talk_seconds is ser_time", talk, found["talk_seconds"])
    yield row_by_row(
        "an answered call lasts q_time + ser_time",
        (wait + talk)[answered.index],
        found_answered["length_seconds"],
    )
    yield Check("calls in order", len(calls), int(found["is_in_order"].sum()))
    yield _over_midnight(calls, found["ended"])


def _over_midnight(calls: pd.DataFrame, found: pd.Series) -> Check:
    """Calls that left the queue, or their service, at an earlier clock time than they began it."""
    clocks = calls[["q_start", "q_exit", "ser_start", "ser_exit"]].apply(pd.to_timedelta)
    over = calls[
        (clocks["q_exit"] < clocks["q_start"]) | (clocks["ser_exit"] < clocks["ser_start"])
    ]
    left = clocks["ser_exit"].where(calls["ser_exit"] != NEVER, clocks["q_exit"])[over.index]
    days = pd.to_datetime(over["date"], format="%y%m%d")
    ended = days + pd.Timedelta(days=1) + left
    near = (ended - found[over.index]).abs() <= MENU_TO_QUEUE
    return Check("calls over midnight end the next day", len(over), int(near.sum()))


EXAMPLE = Example(
    "anonymous_bank",
    "telephony_anonymous_bank_1999_02/data_anonymous_bank_february.txt",
    "telephony",
    ("1999-02",),
    checks,
)
