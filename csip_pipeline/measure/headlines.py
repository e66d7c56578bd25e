"""The series that trends and event_effects share: headline measures, and the events on them."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from csip_pipeline.warehouse import Connection, fetch, read_query

COUNTS = ["part", "whole"]
"""The counts that a value is of: a share's part and whole; of any other figure, the whole alone."""
QUERIES = ("measure/headlines", "measure/dated_events")


class Headline(NamedTuple):
    """One measure of one subject: its months in order, and the events that bear on it."""

    measure: str
    subject: str
    unit: str
    improvement: str
    months: pd.DataFrame
    """One row per month that has a value: month, value, its counts, target."""
    events: pd.DataFrame
    """One row per event that bears on it, as dated_events.sql has them, in order of date."""


def headlines(con: Connection) -> Iterator[Headline]:
    """Every headline measure of every subject, in order."""
    values, events = (fetch(con, read_query(query)) for query in QUERIES)
    keys = ["measure", "subject", "place", "unit", "improvement"]
    for (measure, subject, place, unit, improvement), rows in values.groupby(keys, sort=True):
        bears = (events["measure"].isna() | (events["measure"] == measure)) & (
            events["subject"].isna() | events["subject"].isin([subject, place])
        )
        months = rows[["month", "value", *COUNTS, "target"]].reset_index(drop=True)
        yield Headline(measure, subject, unit, improvement, months, events[bears])
