"""Which months were run, from what a run leaves: extracts taken in, and every step got through."""

import datetime as dt

from csip_pipeline import warehouse

TAKEN_IN = """
select distinct month from extract.intake
where accepted > 0 and feed not in ('callback_outcomes', 'panel_scores')
"""
"""A list that came back, or a score sheet, is taken in without its month being run."""
UNFINISHED = "select month from extract.unfinished_months"


def months_run(con: warehouse.Connection) -> set[dt.date]:
    """The months of contact that were taken in, and of which the last run got through."""
    if not warehouse.exists(con, "extract.intake"):
        return set()
    taken_in = {month for (month,) in con.execute(TAKEN_IN).fetchall()}
    if not warehouse.exists(con, "extract.unfinished_months"):
        return taken_in
    return taken_in - {month for (month,) in con.execute(UNFINISHED).fetchall()}
