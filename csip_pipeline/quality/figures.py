"""The figures by which a month is judged: counts and shares that DuckDB works out, a row a month.

A table's own query says what is distributive about it; how many rows it has, and how many cells of
each column are empty, is asked of every table alike.
"""

import datetime as dt

import pandas as pd

from csip_pipeline import calendars, promises, warehouse
from csip_pipeline.monthly_tables import Table
from csip_pipeline.warehouse import Connection, read_query

MONTHS_BEFORE = 12
QUERIES = {
    "harmonise.contacts": "quality/contacts",
    "measure.service_levels": "quality/service_levels",
    "measure.breaches": "quality/breaches",
}
ROWS = "rows"
EMPTY = "share of rows without "


def of_table(con: Connection, table: Table, month: dt.date) -> pd.DataFrame:
    """A row for each month from a year before to this one, and a column for each figure."""
    first = calendars.months_after(month, -MONTHS_BEFORE)
    between: dict[str, object] = {"first_month": first, "month": month}
    found = _of_its_columns(con, table, between)
    if table.name in QUERIES:
        told = warehouse.fetch(con, read_query(QUERIES[table.name]), between)
        figures = [name for name in told.columns if name not in ("month", "subject")]
        wide = told.pivot(index="month", columns="subject", values=figures)
        wide.columns = [f"{subject}: {name.replace('_', ' ')}" for name, subject in wide.columns]
        found = found.join(wide)
    return found.astype("float64").sort_index(axis="index")


def _of_its_columns(con: Connection, table: Table, between: dict[str, object]) -> pd.DataFrame:
    """How many rows, and which share of them lacks each column that may be empty."""
    promised = table.promise.to_schema().columns
    empty = "".join(
        f', count_if("{name}" is null) / count(*) as "{EMPTY}{name.replace("_", " ")}"'
        for name in promises.duckdb_columns(table.promise)
        if promised[name].nullable
    )
    sql = (
        f"select month, count(*) as {ROWS}{empty} from {table.name} "
        "where month between $first_month::date and $month::date group by month"
    )
    return warehouse.fetch(con, sql, between).set_index("month")
