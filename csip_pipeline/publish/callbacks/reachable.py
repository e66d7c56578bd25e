"""Notices with how to reach their people: the ledger's facts beside the restricted store's."""

import datetime as dt
from collections.abc import Mapping
from itertools import count

import pandas as pd
import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import codes
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.settings import Settings

NO_SAFE_TIMES = pa.table(
    {"notice_id": pa.array([], pa.string()), "safe_time": pa.array([], pa.string())}
)
WAITING = """
select
    notices.notice_id, notices.person_key, notices.channel, notices.clock, notices.priority,
    list_sum(map_values(notices.standing)) as breaches,
    notices.why, notices.promised, notices.received_at, notices.due_by,
    points.kind, points.contact_point,
    coalesce(times.safe_time, notices.safe_time) as safe_time,
    notices.released_by is not null as is_released,
    {code} as code
from publish.notices as notices
left join points using (person_key)
left join times using (notice_id)
where {which}
order by
    min(priority) over (partition by person_key),
    min(due_by) over (partition by person_key),
    max(longest_seconds) over (partition by person_key) desc nulls last,
    person_key, priority, due_by, received_at, notice_id
"""
"""Notices with how to reach their people, the most urgent first and each person's together."""


def rows(
    ledger: Ledger,
    settings: Settings,
    safe_times: pa.Table,
    which: str,
    given: Mapping[str, object],
) -> pd.DataFrame:
    """The notices of a condition, as a Batch has them; kind and contact_point null where unknown.

    Besides: is_released (by a reviewer) and code (of a claimed one).
    """
    query = WAITING.format(which=which, code=codes.CODE)
    people = _contact_points(ledger, settings, which, given)
    with warehouse.registered(ledger.con, points=people, times=safe_times):
        return ledger.fetch(query, {**codes.pads_of(ledger.key), **given})


def next_list_id(ledger: Ledger, settings: Settings, month: dt.date) -> str:
    """The id of the next list of a month, 2026-10-1, 2026-10-2... that is not taken already.

    A ledger restored from a backup may not know of a list that the team holds.
    """
    stem = f"{month:%Y-%m}"
    query = (
        "select coalesce(max(split_part(list_id, '-', 3)::int), 0) as last "
        "from publish.notices where list_id like $stem || '-%'"
    )
    last = int(ledger.fetch(query, {"stem": stem})["last"].iloc[0])
    folders = (settings.worklists, settings.notify_files)
    taken = {path.stem.split("_")[1] for each in folders for path in each.glob("callbacks_*")}
    return next(name for number in count(last + 1) if (name := f"{stem}-{number}") not in taken)


def _contact_points(
    ledger: Ledger, settings: Settings, which: str, given: Mapping[str, object]
) -> pa.Table:
    """Columns person_key, kind and contact_point of the people whom notices are about."""
    people = f"select person_key from publish.notices where {which}"
    wanted = warehouse.fetch_arrow(ledger.con, people, given)
    with (
        warehouse.connected(settings.people) as store,
        warehouse.registered(store, wanted=wanted),
    ):
        return warehouse.fetch_arrow(
            store,
            "select person_key, min(kind) as kind, min(contact_point) as contact_point "
            "from harmonise.people semi join wanted using (person_key) group by person_key",
        )
