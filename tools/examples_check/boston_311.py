"""A city's service requests: which the city itself calls overdue, and how each came in.

Not compared: requests without a due time (the city calls all of them on time, whatever they took),
and those for which the city gives no status.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, one_figure, row_by_row, table

CHANNELS = {
    "Constituent Call": "telephone",
    "Citizens Connect App": "web_form",
    "Self Service": "web_form",
    "Twitter": "social",
}
"""How requests from the public came in; the other sources are the city's own."""
STATUSES = """
    select split_part(contact_id, ':', 2) as id, status
    from measure.response_times where clock = 'resolution'
"""
HALF_YEAR = ("2015-01-01", "2015-07-01")


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """Scope, channels and statuses."""
    rows = pd.read_csv(extract, dtype="str", keep_default_na=False).set_index("CASE_ENQUIRY_ID")
    opened = pd.to_datetime(rows["OPEN_DT"], format="%m/%d/%Y %I:%M:%S %p")
    zoned = opened.dt.tz_localize("America/New_York", nonexistent="shift_forward")
    london = zoned.dt.tz_convert("Europe/London").dt.tz_localize(None)
    is_covered = (london >= HALF_YEAR[0]) & (london < HALF_YEAR[1])
    public = rows[is_covered & rows["Source"].isin(CHANNELS)]
    out_of_scope = one_figure(con, "select sum(out_of_scope) from extract.intake")
    yield Check("out of scope", len(rows) - len(public), out_of_scope)
    for channel, requests in public.groupby(public["Source"].map(CHANNELS)):
        query = f"select count(*) from harmonise.contacts where channel = '{channel}'"
        yield Check(f"contacts by {channel}", len(requests), one_figure(con, query))
    yield from _statuses(public, table(con, STATUSES, "id")["status"])


def _statuses(public: pd.DataFrame, found: pd.Series) -> Iterator[Check]:
    is_due, is_stated = public["TARGET_DT"] != "", public["OnTime_Status"] != ""
    excluded = int((found == "excluded").sum())
    yield Check("no due time: excluded, not compared", int((~is_due).sum()), excluded)
    unstated = public.index[is_due & ~is_stated]
    missed = int((found.reindex(unstated) == "missed").sum())
    yield Check("no status given: missed, not compared", len(unstated), missed)
    compared = public[is_due & is_stated]
    expected = pd.Series("missed", index=compared.index)
    on_time = compared["OnTime_Status"] == "ONTIME"
    expected[on_time & (compared["CASE_STATUS"] == "Closed")] = "met"
    expected[on_time & (compared["CASE_STATUS"] == "Open")] = "pending"
    ours = found[found.index.isin(compared.index)]
    for status, requests in expected.groupby(expected):
        yield Check(status, len(requests), int((ours == status).sum()))
    yield row_by_row("missed is OVERDUE, met or pending is ONTIME", expected, ours)


EXAMPLE = Example(
    "boston_311",
    "multi_channel_311_boston_2015_h1/boston311_2015_h1.csv.gz",
    "web_forms",
    ("2015-Q1", "2015-Q2"),
    checks,
)
