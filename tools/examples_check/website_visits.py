"""Web analytics: the visits of each day, added up from the parts that the export splits it into."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from examples_check.example import Check, Example, row_by_row

VISITS = "select on_date, visits from extract.web_sessions"


def checks(con: duckdb.DuckDBPyConnection, extract: Path) -> Iterator[Check]:
    """The year's visits, and every day's."""
    counted = pd.read_csv(extract, sep=";", parse_dates=["date"])
    by_day = counted.groupby("date")["sessions"].sum()
    found = con.execute(VISITS).df().set_index("on_date")["visits"]
    yield Check("visits", int(by_day.sum()), int(found.sum()))
    yield row_by_row("visits of a day", by_day, found)


EXAMPLE = Example(
    "website_visits",
    "web_analytics/google-analytics.csv.gz",
    "web_sessions",
    (),
    checks,
)
