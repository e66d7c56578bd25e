"""A pack of one table, one chart and a note, whose page a test reads; it names what differs."""

import datetime as dt

import pandas as pd

from csip_pipeline.publish import page
from csip_pipeline.publish.workbook import (
    Chart,
    Column,
    Cover,
    Link,
    Note,
    Properties,
    Series,
    Table,
    Workbook,
)

MONTHS = [dt.date(2026, month, 1) for month in range(1, 7)]
SHARES = [0.7, None, 0.72, "[c]", 0.7, 0.74]


def table(shares=SHARES, queues=None, kind="share", **more):
    """Shares by month and queue."""
    rows = {
        "month": MONTHS[: len(shares)],
        "queue": queues or ["Crime desk"] * len(shares),
        "share": pd.Series(shares, dtype="object"),
        "target": pd.Series([0.75] * len(shares), dtype="object"),
    }
    columns = (
        Column("month", "Month", "month"),
        Column("queue", "Queue"),
        Column("share", "In time", kind, notes=("in_time",)),
        Column("target", "Target", kind),
    )
    usual = {"name": "in_time_by_month", "sheet": "Figures", "title": "Calls in time"}
    return Table(**{**usual, "columns": columns, "rows": pd.DataFrame(rows), **more})


def chart(**more):
    """The shares of the table as a line, and their target."""
    usual = {
        "sheet": "Chart",
        "title": "Calls in time by month",
        "message": "About seven in ten.",
        "alt_text": "A line near 70%, below a dashed line at 75%.",
        "kind": "line",
        "table": "in_time_by_month",
        "category": "month",
        "series": (Series("share", "101"), Series("target", "Target", "target")),
        "y_axis": "Share of calls",
    }
    return Chart(**{**usual, **more})


def pack(*items, cover=None, note="Within five minutes", language="en-GB"):
    """A pack of these items, or of one chart and its table."""
    sections = (("Start", ("It is short.", Link("Contents", "See what is in it"))),)
    return Workbook(
        cover or Cover("A pack", "Of one table", sections),
        items or (chart(), table()),
        Properties(
            "A pack", "Northmoor", "Tests", pd.Timestamp("2026-10-01").to_pydatetime(), language
        ),
        (Note("in_time", note),),
    )


def rendered(*items, **more):
    """The page of the pack as text."""
    return page.render(pack(*items, **more)).decode()
