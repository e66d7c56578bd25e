"""The gate: who must not be called before a named reviewer has looked, and why.

Flags come from the reasons of a person's contacts, from how often they were in touch, from
restricted/flagged_people.csv, and from earlier attempts that were unsafe. What each means is data:
reference/contact_flags.csv. A flag that nobody explains holds.
"""

import datetime as dt

import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import flagged_people
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

ASKED = """
with untold as (
    select * from publish.notices where state in ('due', 'held', 'withdrawn')
)

select
    notice_id,
    coalesce(wanted.person_key, untold.person_key) as person_key,
    list_sort(list_distinct(coalesce(wanted.flags, []) || coalesce(untold.flags, []))) as flags,
    coalesce(untold.released_flags, []) as released_flags,
    list_distinct(
        coalesce(untold.months, []) || if(wanted.notice_id is null, []::date[], [$month::date])
    ) as months
from wanted full join untold using (notice_id)
"""
"""Whoever may be called next: the month's notices, and all others that nobody was told of."""

LISTED = """
select person_key, flag, safe_time from flagged_people
union all
select distinct person_key, 'unsafe_before', null from publish.notices where state = 'unsafe'
"""


def judged(
    con: Connection, ledger: Ledger, listed: pa.Table, asked: pa.Table, today: dt.date
) -> pa.Table:
    """Every notice that is wanted or not yet told of, and what its flags come to today.

    Columns notice_id, flags, held_because (null where nothing holds it that no reviewer has
    released it for), is_urgent and safe_time.
    """
    with warehouse.registered(ledger.con, flagged_people=listed):
        listed = warehouse.fetch_arrow(ledger.con, LISTED)
    query = warehouse.read_query("publish/callbacks/flags")
    with warehouse.registered(con, asked_notices=asked, listed_people=listed):
        return warehouse.fetch_arrow(con, query, {"today": today})


def asked(ledger: Ledger, wanted: pa.Table, month: dt.date) -> pa.Table:
    """Whom the gate is asked about: notice_id, person_key, flags, released_flags and months."""
    with warehouse.registered(ledger.con, wanted=wanted):
        return warehouse.fetch_arrow(ledger.con, ASKED, {"month": month})


def listed(ledger: Ledger, settings: Settings, today: dt.date) -> pa.Table:
    """Whom restricted/flagged_people.csv names today: person_key, flag and safe_time.

    Raises RefusedError where it cannot be read, or was there before and is gone.
    """
    path, key = settings.flagged_people, settings.pseudonym_key()
    found = flagged_people.load(path, key, today, is_needed=ledger.remembers(path.name))
    if path.exists():
        ledger.remember(path.name)
    return found
