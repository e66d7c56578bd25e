"""Time and peak memory of telephony intake beside two floors: DuckDB's and Python's CSV readers.

    python benchmarks/intake.py 100000 1000000 10000000

Each measurement runs in a process of its own, the floors and the intake of one size one after the
other, so that all of them meet the same machine. The floors only read: DuckDB's read_csv into a
table, guessing types, and Python's csv reader alone. Intake reads, decodes, counts, types, keeps a
canonical copy, holds every row to its promise, keys every caller, and writes the month.
"""

import argparse
import csv
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from csip_pipeline import warehouse
from csip_pipeline.extract import intake, sources
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.settings import Settings

MONTH = dt.date(2026, 1, 1)
SOURCE = """
[[source]]
name = "exchange"
feed = "telephony"
format = "delimited"
files = "telephony/*.csv"
zone = "Europe/London"

[source.columns]
call_id = { column = "Call Id" }
line = { value = "101" }
queue = { column = "Queue" }
arrived_at = { column = "Arrived", datetime = "%d/%m/%Y %H:%M:%S" }
answered_at = { column = "Answered", datetime = "%d/%m/%Y %H:%M:%S" }
ended_at = { column = "Ended", datetime = "%d/%m/%Y %H:%M:%S" }
outcome = { column = "Outcome", values = { Handled = "answered", Abandoned = "abandoned" } }
wait_seconds = { column = "Wait", duration = "seconds" }
talk_seconds = { column = "Talk", duration = "seconds" }
caller_number = { column = "Caller" }
handler_id = { column = "Agent" }
wrap_code = { column = "Wrap" }
"""
ROWS = """
copy (
    with calls as (
        select
            i,
            timestamp '2026-01-01' + to_seconds((i * 2678000.0 / $rows)::bigint) as arrived,
            i % 11 = 0 as is_abandoned,
            i % 97 as wait,
            i % 601 as talk
        from range($rows) as numbers(i)
    )
    select
        'C' || lpad(i::varchar, 9, '0') as "Call Id",
        'Q' || (i % 7) as "Queue",
        strftime(arrived, '%d/%m/%Y %H:%M:%S') as "Arrived",
        if(is_abandoned, null, strftime(arrived + to_seconds(wait), '%d/%m/%Y %H:%M:%S'))
            as "Answered",
        strftime(arrived + to_seconds(wait + if(is_abandoned, 0, talk)), '%d/%m/%Y %H:%M:%S')
            as "Ended",
        if(is_abandoned, 'Abandoned', 'Handled') as "Outcome",
        wait as "Wait",
        if(is_abandoned, null, talk) as "Talk",
        if(i % 5 = 0, null, '07' || lpad(((i * 7919) % greatest($rows // 4, 1))::varchar, 9, '0'))
            as "Caller",
        if(is_abandoned, null, 'A' || (i % 211)) as "Agent",
        'REASON' || (i % 13) as "Wrap"
    from calls order by i
) to '{path}' (header, delimiter ',')
"""


def made(folder: Path, rows: int) -> Settings:
    """A data folder with one month's extract of so many calls, from a quarter as many callers."""
    here = Settings(data=folder)
    here.reference.mkdir(parents=True)
    (here.reference / "feeds.toml").write_text(SOURCE, encoding="utf-8")
    path = here.extracts / "telephony" / "calls_20260201T0500Z.csv"
    path.parent.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute(ROWS.replace("{path}", str(path)).replace("$rows", str(rows)))
    return here


def by_duckdb(here: Settings) -> int:
    """The floor of DuckDB: read_csv into a table on disk."""
    with duckdb.connect(str(here.data / "floor.duckdb")) as con:
        con.execute("create table calls as from read_csv($path)", {"path": _extract(here)})
        return int(con.execute("select count(*) from calls").fetchall()[0][0])


def by_python(here: Settings) -> int:
    """The floor of Python: its csv reader, whose rows nobody keeps."""
    with Path(_extract(here)).open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file, strict=True)) - 1


def by_intake(here: Settings) -> int:
    """The month, taken in."""
    with warehouse.connected(here.warehouse, spill=here.make_restricted()) as con:
        catalogued = intake.catalogue(here, sources.load(here.reference / "feeds.toml"))
        taken = intake.take_month(con, here, FEEDS["telephony"], catalogued, MONTH, covered={MONTH})
    return taken.kept


WAYS = {"duckdb read_csv": by_duckdb, "python csv": by_python, "intake": by_intake}


def measured(way: str, here: Settings) -> dict[str, object]:
    """One way in a process of its own: rows, seconds, peak memory."""
    command = [sys.executable, __file__, "--way", way, "--data", str(here.data)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    return json.loads(told)


def main() -> None:
    """Measure every size given, or (with --way) one way here."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    if given.way:
        began = time.perf_counter()
        rows = WAYS[given.way](Settings(data=given.data))
        seconds = time.perf_counter() - began
        print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak_memory()}))
        return
    print(f"{'rows':>12} {'way':<16} {'seconds':>8} {'peak MB':>8}  of the slower floor")
    for rows in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            here = made(Path(folder), rows)
            told = {way: measured(way, here) for way in WAYS}
        floor = max(float(told[way]["seconds"]) for way in WAYS if way != "intake")
        for way, one in told.items():
            if one["rows"] != rows:
                raise SystemExit(f"{way} gave {one['rows']:,} rows of {rows:,}")
            print(
                f"{rows:>12,} {way:<16} {one['seconds']:>8.2f} {one['peak']:>8,.0f}"
                f"  {float(one['seconds']) / floor:.2f} x"
            )


def peak_memory() -> float:
    """The most memory this process has held so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what its parent held is not its own
        (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _extract(here: Settings) -> str:
    (path,) = (here.extracts / "telephony").iterdir()
    return str(path)


if __name__ == "__main__":
    main()
