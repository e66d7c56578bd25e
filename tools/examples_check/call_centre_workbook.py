"""A call-centre workbook: text dates, Excel times, and blanks where nobody answered."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, one_figure, row_by_row, table

CALLS = """
    select
        call_id, outcome, wait_seconds, talk_seconds,
        strftime(timezone('Europe/London', arrived_at), '%Y-%m-%d %H:%M:%S') as arrived
    from extract.telephony
"""
WITHIN = """
    select sum(answered_within) from measure.service_levels
    where clock = 'end_to_end' and level = 'channel'
"""
MEAN = "select avg(wait_seconds) from harmonise.contacts where outcome = 'answered'"
STANDARD_SECONDS = 60


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """Outcomes, waits and talk times."""
    calls = pd.read_excel(extract, sheet_name="Call center data").set_index("Call Id")
    found = table(con, CALLS, "call_id")
    answered = found[found["outcome"] == "answered"]
    is_answered = calls["Answered (Y/N)"] == "Y"
    speed = calls["Speed of answer in seconds"][is_answered]
    lasted = pd.to_timedelta(calls["AvgTalkDuration"][is_answered].astype(str))
    clock = calls["Date"] + " " + calls["Time"].astype(str)
    in_time = int((speed <= STANDARD_SECONDS).sum())
    yield Check("answered", int(is_answered.sum()), len(answered))
    yield Check("not answered", int((~is_answered).sum()), len(found) - len(answered))
    yield Check(f"answered within {STANDARD_SECONDS} s", in_time, one_figure(con, WITHIN))
    yield Check("mean wait in seconds", f"{speed.mean():.5f}", f"{one_figure(con, MEAN):.5f}")
    yield row_by_row("wait_seconds is the speed of answer", speed, answered["wait_seconds"])
    yield row_by_row(
        "talk_seconds is the talk duration", lasted.dt.total_seconds(), answered["talk_seconds"]
    )
    yield row_by_row("arrived_at is date and time", clock, found["arrived"])


EXAMPLE = Example(
    "call_centre_workbook",
    "telephony_call_centre_xlsx/Call-Center-Dataset.xlsx",
    "telephony",
    ("2021-Q1",),
    checks,
)
