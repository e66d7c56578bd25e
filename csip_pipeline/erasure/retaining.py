"""Delete what is older than the force may keep it, by reference/retention.csv, store by store.

Killed at any point and run again, it comes to the same.
"""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from csip_pipeline import calendars, warehouse
from csip_pipeline.erasure import databases, delivered, erasing, log
from csip_pipeline.extract import expired
from csip_pipeline.reference import tables
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

LIST_MONTH = re.compile(r"callbacks_(\d{4}-\d{2})-")
LAST_SEEN = """
delete from {table} where person_key in (
    select person_key from extract.contact_points
    group by person_key having max(month) < $limit::date
)
"""


def apply(settings: Settings, today: dt.date, *, by: str, reason: str) -> dict[str, int]:
    """Delete what is too old on a day, and return how much of each store.

    Raises RefusedError where retention.csv is missing, or keeps files longer than what is made
    from them: a run of their months would bring that back.
    """
    keeps = periods(settings)
    ways: dict[str, Callable[[Settings, dt.date], int]] = {
        "extracts": _extracts,
        "contact_points": _contact_points,
        "quarantine": _quarantine,
        "worklists": _worklists,
        "samples": _samples,
    }
    with ExitStack() as stack:
        erasing.keep_runs_out(settings, stack)
        deleted = {
            store: ways[store](settings, _limit(today, months)) for store, months in keeps.items()
        }
    log.add(settings, what="retention", by=by, reason=reason, keep_months=keeps, deleted=deleted)
    return deleted


def periods(settings: Settings) -> dict[str, int]:
    """How many months each store keeps what is in it."""
    if not (settings.reference / "retention.csv").exists():
        raise RefusedError(
            "reference/retention.csv is missing. It says how many months each store keeps what "
            "is in it; copy the demo force's and change it."
        )
    with warehouse.connected(Path(":memory:")) as con:
        tables.load(con, settings.reference, "retention")
        found = con.execute("select store, keep_months from reference.retention").fetchall()
    keeps = {str(store): int(months) for store, months in found}
    for made in ("contact_points", "quarantine"):
        if made in keeps and keeps[made] < keeps.get("extracts", keeps[made] + 1):
            raise RefusedError(
                f"retention.csv: extracts must not be kept longer than {made}, or a run of an old "
                "month would bring back what was deleted. Give extracts the shorter period."
            )
    return keeps


def _limit(today: dt.date, months: int) -> dt.date:
    """The first month that is still kept."""
    number = today.year * 12 + today.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)


def _extracts(settings: Settings, limit: dt.date) -> int:
    """Suppliers' files all of whose months are too old, and every copy of such a file."""
    old = [one for one in delivered.catalogue(settings) if max(one.bears_on) < limit]
    for delivery in old:
        expired.add(settings, delivery)
        delivery.path.unlink(missing_ok=True)
        shutil.rmtree(delivery.folder, ignore_errors=True)
    for folder in delivered.copies(settings):
        about = json.loads((folder / "file.json").read_text(encoding="utf-8"))
        if max(map(dt.date.fromisoformat, about["months"])) < limit:
            shutil.rmtree(folder)
    return len(old)


def _contact_points(settings: Settings, limit: dt.date) -> int:
    def change(con: Connection) -> int:
        there = [
            one
            for one in ("harmonise.people", "extract.contact_points")
            if warehouse.exists(con, one)
        ]
        deletions = [LAST_SEEN.format(table=table) for table in there]
        return sum(con.execute(one, {"limit": limit}).fetchall()[0][0] for one in deletions)

    return databases.rewrite(settings.people, change, settings.restricted)


def _quarantine(settings: Settings, limit: dt.date) -> int:
    def change(con: Connection) -> int:
        deletion = "delete from extract.quarantine where month < $limit::date"
        return int(con.execute(deletion, {"limit": limit}).fetchall()[0][0])

    return databases.rewrite(settings.people, change, settings.restricted)


def _worklists(settings: Settings, limit: dt.date) -> int:
    old = [
        path
        for folder in (settings.worklists, settings.notify_files)
        for path in folder.glob("callbacks_*")
        if (named := LIST_MONTH.match(path.name)) and calendars.parse_month(named[1]) < limit
    ]
    return _deleted(old)


def _samples(settings: Settings, limit: dt.date) -> int:
    cycles = calendars.read_cycles(settings.reference / "panel_cycles.csv")
    old = [one.cycle for one in cycles if one.months[-1] < limit]
    beside = [path for cycle in old for path in settings.samples.glob(f"{cycle}[._]*")]
    folders = [settings.samples / cycle for cycle in old]  # the score sheets
    sheets = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    deleted = _deleted([*beside, *sheets])
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return deleted


def _deleted(paths: list[Path]) -> int:
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)
