"""extract.unfinished_months: the months of which a run began and none has got through since.

What their tables hold may be of two runs, although all their files were taken in.
"""

import datetime as dt

from csip_pipeline import warehouse
from csip_pipeline.promises import Day, Promise

NAME = "extract.unfinished_months"


class UnfinishedMonths(Promise):
    """One row per month of which a run began, and none has got through since."""

    month: Day


def begin(con: warehouse.Connection, month: dt.date) -> None:
    """Note that a run of the month has begun."""
    warehouse.ensure(con, NAME, UnfinishedMonths)
    noted = f"select 1 from {NAME} where month = $month"
    con.execute(
        f"insert into {NAME} select $month::date where not exists ({noted})", {"month": month}
    )


def finish(con: warehouse.Connection, month: dt.date) -> None:
    """Note that a run of the month has got through."""
    con.execute(f"delete from {NAME} where month = $month", {"month": month})


def read(con: warehouse.Connection) -> set[dt.date]:
    """The months of which no run has got through since one began."""
    if not warehouse.exists(con, NAME):
        return set()
    return {month for (month,) in con.execute(f"select month from {NAME}").fetchall()}
