"""Time and memory of the measures beside one scan-and-aggregate of the same contacts.

    python benchmarks/measures.py 1 10 100
    python benchmarks/measures.py 1 10 --backfill 26

Each size is a multiple of the demo's month of 35,000 contacts. A warehouse is filled with made-up
contacts (month_of_contacts.sql), the month before and the month after included, since fates and
repeats look at them. Then every table of measure.registry is rebuilt for the one month, or with
--backfill for so many months in their order, as a run does: tables that look at other months are
rebuilt for those too. Histories come last. Whatever is registered is measured.

The scan is one query over the contacts measured: grouped by channel, line and queue, how many, the
mean, the exact median and 90th percentile of the wait, and when the first and last came. The best
of three after one that does not count, on the same connection settings. Beside it stands the floor
of a table with a row a contact: the same contacts written once to the same file. Each part runs in
a process of its own, with warehouse.MEMORY and a folder to spill into unless --memory says
otherwise. peak is the whole process's; held and spilt are DuckDB's buffers in memory and on disk,
looked at every 20 ms. All are MB.
"""

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

from intake import peak_memory

from csip_pipeline import calendars, monthly_tables, promises, warehouse
from csip_pipeline.extract import accounts, completeness, sources
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, contacts, further_messages, people
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.publish.sampling.tables import CallFrame, CallSample
from csip_pipeline.reference import open_intervals, tables
from csip_pipeline.settings import Settings

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "data" / "reference"
MONTH = dt.date(2026, 6, 1)
"""The month measured, or the last of a backfill. The one before and the one after are there too."""
DEMO = 35_000
PEOPLE_A_CONTACT = 4
"""So many people share out a month's contacts, unevenly: an eighth are in touch again."""
FILLED: dict[str, type[promises.Promise]] = {
    **{feed.table: feed.kept for feed in FEEDS.values()},
    **{f"reference.{name}": promise for name, promise in tables.TABLES.items()},
    **{
        table.name: table.promise
        for table in (
            accounts.INTAKE,
            completeness.ARRIVALS,
            completeness.MISSING_HOURS,
            contacts.TABLE,
            call_legs.TABLE,
            further_messages.TABLE,
            open_intervals.TABLE,
            people.TABLE,
            *TABLES,
        )
    },
    "extract.dispositions": accounts.Dispositions,
    "extract.refusals": accounts.Refusals,
    "publish.call_frame": CallFrame,
    "publish.call_sample": CallSample,
}
LEGS = """
insert into harmonise.call_legs by name
select
    contact_id,
    leg,
    month,
    channel,
    line,
    if(legs = 2 and leg = 1, 'switchboard_101', queue) as queue,
    received_at + to_seconds(if(leg = 1, 0, first_queue_wait_seconds)) as received_at,
    if(leg < legs, 'transferred', outcome) as outcome,
    if(leg = 1, first_queue_wait_seconds, wait_seconds - first_queue_wait_seconds) as wait_seconds
from harmonise.contacts cross join (values (1), (2)) as stays (leg)
where month = $month and channel = 'telephone' and leg <= legs
order by contact_id, leg
"""
MESSAGES = """
insert into extract.social by name
select
    month,
    source_file,
    source_row,
    extracted_at,
    contact_id || direction || turn as message_id,
    queue as platform,
    split_part(contact_id, ':', 2) as conversation_id,
    direction,
    if(direction = 'in', received_at, coalesce(responded_at, received_at + interval 9 hour))
    + to_hours(3 * turn) as sent_at,
    person_key,
    person_kind
from harmonise.contacts
cross join (values ('in', 0), ('out', 0), ('in', 1), ('out', 1)) as messages (direction, turn)
where month = $month and channel = 'social' and (turn = 0 or source_row % 3 = 0)
"""
SESSIONS = """
insert into extract.web_sessions by name
select
    month,
    'sessions.csv' as source_file,
    min(source_row) as source_row,
    max(extracted_at) as extracted_at,
    received_at::date as on_date,
    queue as service,
    9 * count(*) as visits,
    2 * count(*) as form_starts,
    count(*) as form_completions,
    count(*) // 5 as signposted_away
from harmonise.contacts
where month = $month and channel = 'web_form'
group by all
"""
INTAKE = """
insert into extract.intake by name
select
    $month as month,
    feed,
    source,
    feed as file,
    repeat('0', 64) as sha256,
    now() as extracted_at,
    1 as file_rows,
    1 as received,
    1 as accepted,
    0 as duplicate,
    0 as superseded,
    0 as quarantined,
    0 as out_of_scope
from reference.feeds
"""
SCAN = """
select
    channel,
    line,
    queue,
    count(*),
    avg(wait_seconds),
    median(wait_seconds),
    quantile_cont(wait_seconds, 0.9),
    min(received_at),
    max(received_at)
from harmonise.contacts
where month between $first and $last
group by channel, line, queue
"""
COPY = """
create or replace table measure.copied as
select * from harmonise.contacts where month between $first and $last
"""
HELD = "select sum(memory_usage_bytes), sum(temporary_storage_bytes) from duckdb_memory()"
Told = dict[str, object]


def made(here: Settings, months: list[dt.date], rows: int) -> Told:
    """A warehouse with so many contacts in each of the months, and in those on either side."""
    with warehouse.connected(here.warehouse) as con:
        con.execute("set memory_limit = '4GB'")
        for table, promise in FILLED.items():
            warehouse.ensure(con, table, promise)
        for table in tables.TABLES:
            tables.load(con, REFERENCE, table)
        expected = sources.as_table(sources.load(REFERENCE / "feeds.toml"))
        tables.replace(con, "feeds", tables.Feeds, expected)
        filled = (HERE / "month_of_contacts.sql").read_text(encoding="utf-8")
        columns = ", ".join(promises.duckdb_columns(contacts.Contacts))
        for month in (calendars.months_after(months[0], -1), *months, _after(months)):
            drawn = {"month": month, "contacts": rows, "people": PEOPLE_A_CONTACT * rows}
            con.execute(f"insert into harmonise.contacts select {columns} from ({filled})", drawn)
            for query in (LEGS, MESSAGES, SESSIONS, INTAKE):
                con.execute(query, {"month": month})
            monthly_tables.rebuild(con, further_messages.TABLE, month)
        monthly_tables.rebuild_history(con, open_intervals.TABLE)
        counted = con.execute("select count(*) from harmonise.contacts").fetchall()
        return {"rows": counted[0][0], "people": _repeats(con, months[0])}


def scanned(here: Settings, months: list[dt.date], memory: str) -> Told:
    """The seconds of the scan, and of writing the contacts once."""
    with _connected(here, memory) as con:

        def took(query: str) -> float:
            began = time.perf_counter()
            con.execute(query, {"first": months[0], "last": months[-1]}).fetchall()
            return time.perf_counter() - began

        scans = [took(SCAN) for _ in range(4)]
        copied = took(COPY)
        con.execute("drop table measure.copied")
    return {"seconds": min(scans[1:]), "copied": copied}


def measured(here: Settings, months: list[dt.date], memory: str) -> Told:
    """The seconds of every table, its rows, and what DuckDB held in memory and on disk."""
    told: dict[str, Told] = {}
    monthly = [table for table in TABLES if not table.is_history]
    histories = [table for table in TABLES if table.is_history]
    with _connected(here, memory) as con:
        for month, table in product(months, monthly):
            _timed(con, told, table.name, partial(_rebuilt, con, table, month))
        for table in histories:
            _timed(con, told, table.name, partial(monthly_tables.rebuild_history, con, table))
    return {"tables": told, "peak": peak_memory()}


def _rebuilt(con: warehouse.Connection, table: monthly_tables.Table, month: dt.date) -> int:
    return sum(monthly_tables.rebuild_touched(con, table, month).values())


def _timed(
    con: warehouse.Connection, told: dict[str, Told], name: str, rebuild: Callable[[], int]
) -> None:
    one = told.setdefault(name, {"seconds": 0.0, "rows": 0, "held": 0, "spilt": 0})
    with _watched(con, one):
        began = time.perf_counter()
        rows = rebuild()
        one["seconds"] = float(str(one["seconds"])) + time.perf_counter() - began
    one["rows"] = int(str(one["rows"])) + rows


@contextmanager
def _watched(con: warehouse.Connection, told: Told) -> Iterator[None]:
    """What DuckDB holds meanwhile: the most MB in memory, and spilt to disk."""
    over = threading.Event()

    def look() -> None:
        with con.cursor() as watching:
            while not over.wait(0.02):
                ((held, spilt),) = watching.execute(HELD).fetchall()
                told["held"] = max(float(str(told["held"])), float(held) / 2**20)
                told["spilt"] = max(float(str(told["spilt"])), float(spilt) / 2**20)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


@contextmanager
def _connected(here: Settings, memory: str) -> Iterator[warehouse.Connection]:
    with warehouse.connected(here.warehouse, spill=here.make_restricted()) as con:
        con.execute("set memory_limit = $memory", {"memory": memory})
        yield con


def _after(months: list[dt.date]) -> dt.date:
    return calendars.next_month(months[-1])


def _repeats(con: warehouse.Connection, month: dt.date) -> str:
    """How the month's contacts share out among people."""
    told = con.execute(
        """
        select
            round(100 * count(*) filter (where person_key is null) / count(*), 1),
            (
                select count(*) from (
                    select person_key from harmonise.contacts
                    where month = $month and person_key is not null
                    group by person_key having count(*) > 20
                )
            ),
            round(100 - 100 * count(distinct person_key) / count(person_key), 1)
        from harmonise.contacts where month = $month
        """,
        {"month": month},
    ).fetchall()
    withheld, shared, repeats = told[0]
    return f"{withheld} % without a person, {repeats} % again in the month, {shared:,} shared"


def _part(part: str, given: argparse.Namespace, folder: str, size: int) -> Told:
    """One part in a process of its own."""
    command = [sys.executable, __file__, str(size), "--part", part, "--data", folder]
    command += ["--backfill", str(given.backfill), "--memory", given.memory]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    found: Told = json.loads(told)
    return found


def _here(part: str, given: argparse.Namespace) -> Told:
    months = calendars.months_between(calendars.months_after(MONTH, 1 - given.backfill), MONTH)
    here = Settings(data=given.data)
    if part == "made":
        return made(here, months, DEMO * given.sizes[0])
    way = {"scanned": scanned, "measured": measured}[part]
    return way(here, months, given.memory)


def report(size: int, given: argparse.Namespace, before: dict[str, float]) -> dict[str, float]:
    """Print a size's figures, and return the seconds of every table."""
    with tempfile.TemporaryDirectory() as folder:
        filled = _part("made", given, folder, size)
        floors = _part("scanned", given, folder, size)
        found = _part("measured", given, folder, size)
    each: dict[str, dict[str, float]] = found["tables"]  # type: ignore[assignment]
    scan, copied = float(str(floors["seconds"])), float(str(floors["copied"]))
    print(f"\n{size} x, {given.backfill} month(s) of {DEMO * size:,} contacts; {filled['people']}")
    print(
        f"{'':<30} {'seconds':>8} {'scans':>7} {'growth':>7} {'rows':>12} {'held':>6} {'spilt':>6}"
    )
    print(f"{'scan-and-aggregate':<30} {scan:>8.3f} {1:>7.1f} {_growth(scan, before, 'scan'):>7}")
    print(
        f"{'the contacts written once':<30} {copied:>8.2f} {copied / scan:>7.1f} "
        f"{_growth(copied, before, 'copied'):>7}"
    )
    for name, one in each.items():
        seconds = one["seconds"]
        grown = _growth(seconds, before, name)
        print(
            f"{name:<30} {seconds:>8.2f} {seconds / scan:>7.1f} {grown:>7} "
            f"{one['rows']:>12,} {one['held']:>6,.0f} {one['spilt']:>6,.0f}"
        )
    total = sum(one["seconds"] for one in each.values())
    held = max(one["held"] for one in each.values())
    print(
        f"{'all measures':<30} {total:>8.2f} {total / scan:>7.1f} "
        f"{_growth(total, before, 'total'):>7} {'':>12} {held:>6,.0f}   "
        f"peak of the process {found['peak']:,.0f} MB",
        flush=True,
    )
    floors_and_total = {"scan": scan, "copied": copied, "total": total}
    return floors_and_total | {name: one["seconds"] for name, one in each.items()}


def _growth(seconds: float, before: dict[str, float], name: str) -> str:
    return f"{seconds / before[name]:.1f} x" if before.get(name) else ""


def main() -> None:
    """Measure every size given, or (with --part) one part here."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[1, 10])
    parser.add_argument("--backfill", type=int, default=1, help="how many months, ending with one")
    parser.add_argument("--memory", default=warehouse.MEMORY, help="what DuckDB may hold")
    parser.add_argument("--part", choices=["made", "scanned", "measured"])
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    if given.part:
        print(json.dumps(_here(given.part, given)))
        return
    before: dict[str, float] = {}
    for size in given.sizes:
        before = report(size, given, before)


if __name__ == "__main__":
    main()
