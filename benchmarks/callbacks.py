"""Time of issuing callbacks: a month's notices for the first time, again, and with outcomes.

    python benchmarks/callbacks.py 1000 10000 100000

Each size is a number of people owed an explanation in a month. A warehouse and a restricted store
are filled with their breaches, contacts and telephone numbers; one in ten is held. `first` records,
gates, claims and writes the worklist; `again` finds nothing new; `heard` takes in an outcome of
each. `file` is the ledger's size, `entries` how often its chain was sealed.
"""

import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from csip_pipeline import warehouse
from csip_pipeline.extract.callback_outcomes import FEED as OUTCOMES
from csip_pipeline.harmonise import contacts, people
from csip_pipeline.measure import breaches
from csip_pipeline.publish.callbacks import issuing, opening
from csip_pipeline.reference import tables
from csip_pipeline.settings import Settings

MONTH, TODAY = dt.date(2026, 10, 1), dt.date(2026, 11, 5)
BREACHES = """
insert into measure.breaches by name
select
    date '2026-10-01' as month, 'telephone:' || n as contact_id, 'answer' as clock,
    'telephone' as channel, '101' as line, 'enquiries' as queue, '101-answer' as standard_id,
    timestamptz '2026-10-05 09:00Z' + to_seconds(n % 1000000) as received_at,
    received_at + interval 10 minute as due_at, 600 as within_seconds, 900 as clock_seconds,
    false as is_still_waiting, 'We answer within 10 minutes.' as wording, 'Charter' as citation,
    date '2026-11-14' as explain_by_on, if(n % 10 = 0, 'RISK', 'CRIME') as reason,
    sha256(n::varchar) as person_key
from range($people) as numbers (n)
"""
CONTACTS = """
insert into harmonise.contacts by name
select month, contact_id, channel, line, queue, received_at, 'answered' as outcome, reason,
    person_key
from measure.breaches
"""
PEOPLE = """
insert into harmonise.people by name
select date '2026-10-01' as month, sha256(n::varchar) as person_key, 'phone' as kind,
    '+447700' || lpad((900000 + n % 1000)::varchar, 6, '0') as contact_point
from range($people) as numbers (n)
"""
HEARD = """
insert into extract.callback_outcomes by name
select date '2026-11-01' as month, notice_id, timestamptz '2026-11-10 09:00Z' as attempted_at,
    'explained' as outcome, 'list.xlsx' as source_file, 2 as source_row,
    timestamptz '2026-11-20 09:00Z' as extracted_at
from publish.callback_list where state = 'issued'
"""


def filled(con: warehouse.Connection, settings: Settings, count: int) -> None:
    """Owe so many people an explanation."""
    cycles = pd.DataFrame(
        {
            "cycle": ["2026-Q4"],
            "title": ["Autumn"],
            "starts_on": ["2026-10-01"],
            "ends_on": ["2026-12-31"],
            "meeting_on": ["2027-01-21"],
        }
    )
    tables.replace(con, "panel_cycles", tables.PanelCycles, cycles)
    reasons = pd.DataFrame({"reason": ["CRIME", "RISK"], "hold_callback": ["no", "yes"]}).assign(
        title="A reason", reason_group="police_matter", service=None, flag=None
    )
    tables.replace(con, "contact_reasons", tables.ContactReasons, reasons)
    warehouse.ensure(con, "reference.contact_flags", tables.ContactFlags)
    for table in (breaches.TABLE, contacts.TABLE):
        warehouse.ensure(con, table.name, table.promise)
    warehouse.ensure(con, OUTCOMES.table, OUTCOMES.kept)
    con.execute(BREACHES, {"people": count})
    con.execute(CONTACTS)
    settings.make_restricted()
    with warehouse.connected(settings.people) as store:
        warehouse.ensure(store, people.TABLE.name, people.TABLE.promise)
        store.execute(PEOPLE, {"people": count})


def timed(con: warehouse.Connection, settings: Settings) -> float:
    """How long it takes to issue the month."""
    began = time.perf_counter()
    issuing.issue_month(con, settings, MONTH, TODAY)
    return time.perf_counter() - began


def main(sizes: list[str]) -> None:
    """Print a line for each size."""
    print("  people   first s   again s   heard s   file MB  entries")
    for count in map(int, sizes or ["1000", "10000"]):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data=Path(folder))
            with warehouse.connected(settings.warehouse) as con:
                filled(con, settings, count)
                first, again = timed(con, settings), timed(con, settings)
                con.execute(HEARD)
                heard = timed(con, settings)
            size = settings.callbacks.stat().st_size / 1e6
            with opening.opened(settings) as ledger:
                entries = ledger.head.entry
            times = "".join(f" {each:>9.2f}" for each in (first, again, heard))
            print(f"{count:>8,}{times} {size:>9.1f} {entries:>8}")


if __name__ == "__main__":
    main(sys.argv[1:])
