"""Measured tables as a test is given them: rows that name only the columns its case is about."""

import pandas as pd

from csip_pipeline import promises, warehouse
from csip_pipeline.calendars import months_after, parse_month
from csip_pipeline.measure import (
    abandonment,
    avoidable_demand,
    channel_leakage,
    channel_shift,
    digital_takeup,
    repeat_contacts,
    response_times,
    service_levels,
)

READ_BY_HEADLINES = (
    abandonment,
    avoidable_demand,
    channel_leakage,
    channel_shift,
    digital_takeup,
    repeat_contacts,
    response_times,
    service_levels,
)
FIRST = "2024-01"
NOTHING = {"VARCHAR": "x", "BIGINT": 0, "DOUBLE": 0, "BOOLEAN": False, "DATE": f"{FIRST}-01"}
NOTHING["TIMESTAMPTZ"] = f"{FIRST}-01 00:00Z"


def nothing_measured(con):
    """Make every table that headline measures are of, where there is none yet."""
    for module in READ_BY_HEADLINES:
        warehouse.ensure(con, module.TABLE.name, module.TABLE.promise)


def measure(con, module, *rows):
    """Put rows into a measured table; what may not be null and is not named is nothing."""
    columns = promises.duckdb_columns(module.TABLE.promise)
    fields = module.TABLE.promise.to_schema().columns
    usual = {name: NOTHING[kind] for name, kind in columns.items() if not fields[name].nullable}
    frame = pd.DataFrame([{**usual, **row} for row in rows]).astype(object)
    assert set(frame) <= set(columns)
    texts = frame.map(lambda value: None if pd.isna(value) else str(value)).astype("string")
    con.register("measured_rows", texts)
    cast = ", ".join(f"{name}::{columns[name]} as {name}" for name in frame)
    con.execute(f"insert into {module.TABLE.name} by name select {cast} from measured_rows")
    con.unregister("measured_rows")


def month(count):
    """The first day of a month, counted from 0, as text."""
    return str(months_after(parse_month(FIRST), count))


def contacts_by_month(con, values, channel="web_form"):
    """So many contacts on a channel in each month from the first; None leaves a month out."""
    rows = [
        {"month": month(n), "channel": channel, "contacts": value}
        for n, value in enumerate(values)
        if value is not None
    ]
    measure(con, channel_shift, *rows)
