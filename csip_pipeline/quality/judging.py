"""Judge a month of every harmonised and measured table by the months before it."""

import datetime as dt
from pathlib import Path

from csip_pipeline import calendars, warehouse
from csip_pipeline.harmonise import call_legs, contacts, further_messages
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.monthly_tables import Table
from csip_pipeline.quality import figures, site, usual
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection

JUDGED: tuple[Table, ...] = (
    contacts.TABLE,
    call_legs.TABLE,
    further_messages.TABLE,
    *(table for table in TABLES if not table.is_history),
)

MONTHS_IN = """
select coalesce(bool_or(month = $month), false), count(distinct month) filter (month < $month)
from {table} where month between $first_month and $month
"""


def can_be_judged(con: Connection, month: dt.date) -> bool:
    """Whether some table has the month, and enough months before it."""
    between = {"month": month, "first_month": calendars.months_after(month, -figures.MONTHS_BEFORE)}
    for table in JUDGED:
        if warehouse.exists(con, table.name):
            query = MONTHS_IN.format(table=table.name)
            ((has_month, before),) = con.execute(query, between).fetchall()
            if has_month and before >= usual.FEWEST:
                return True
    return False


def judge_month(con: Connection, folder: Path, month: dt.date) -> dict[str, list[str]]:
    """Build the month's site, and return the figures of each table that are not as usual.

    Raises RefusedError where the month was not run, or too few were before it.
    """
    judged = {}
    for table in JUDGED:
        if not warehouse.exists(con, table.name):
            continue
        found = figures.of_table(con, table, month)
        now = found[found.index == month.isoformat()]
        limits = usual.learnt(found[found.index < month.isoformat()])
        known = [each for each in limits if now[each.figure].notna().any()]
        if len(now) and known:
            judged[table.name] = (now.reset_index(drop=True), known)
    if not judged:
        raise RefusedError(
            f"{cannot_be_judged(month)} Run them first: csip run --from ... --to ..."
        )
    return site.build(folder, month, judged)


def cannot_be_judged(month: dt.date) -> str:
    """Why a month is not judged, in words."""
    return (
        f"{month:%Y-%m} cannot be judged: it was not run, or fewer than {usual.FEWEST} of the "
        "months before it were."
    )
