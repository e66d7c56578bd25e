"""restricted/flagged_people.csv: people who must not simply be called, as the force knows them.

One row per contact point and flag: kind (phone, email, handle), contact_point as people write it,
flag (of contact_flags.csv), until_on (YYYY-MM-DD, empty for good), safe_time (in words, such as
"weekdays 10:00 to 12:00"). It is personal data, so errors name rows and columns only.
"""

import csv
import datetime as dt
from pathlib import Path

import pyarrow as pa

from csip_pipeline.contact_points import contact_point
from csip_pipeline.pseudonyms import pseudonym
from csip_pipeline.refusals import RefusedError

NEEDED = {"kind", "contact_point", "flag"}
KNOWN = NEEDED | {"until_on", "safe_time"}
KINDS = ("phone", "email", "handle")
UNLABELLED = "unlabelled"
"""The flag of a row that names none: nobody knows what it means, so it holds."""
SCHEMA = pa.schema(dict.fromkeys(("person_key", "flag", "safe_time"), pa.string()))
NO_SAFE_TIME = "no_safe_time"
"""The flag that a safe time answers."""


def load(path: Path, key: bytes, today: dt.date, *, is_needed: bool) -> pa.Table:
    """Whom the list names on a day: columns person_key, flag (or null) and safe_time (or null).

    Raises RefusedError where it cannot be read, or is gone although it was there before: nobody is
    called then.
    """
    rows = []
    if path.exists():
        rows = [_row(path, number, row, key) for number, row in _records(path)]
    elif is_needed:
        raise RefusedError(
            f"restricted/{path.name} is gone. It lists people who must not simply be called, so "
            "nobody is. Put it back; with its header alone if there is nobody any more."
        )
    standing = [row[:3] for row in rows if row[3] is None or row[3] >= today]
    columns = list(zip(*standing, strict=True)) or [(), (), ()]
    return pa.table(dict(zip(SCHEMA.names, columns, strict=True)), schema=SCHEMA)


def _records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows that hold anything, each with its number."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(path, "it is not text in UTF-8. In Excel, save it as CSV UTF-8") from None
    reader = csv.DictReader(text.splitlines(keepends=True))
    given = set(reader.fieldnames or [])
    if not given >= NEEDED or given - KNOWN:
        raise _refused(path, f"its columns must be {', '.join(sorted(KNOWN))}")
    records = []
    for number, row in enumerate(reader, start=2):
        if None in row or None in row.values():
            raise _refused(path, f"row {number} has not as many fields as the header")
        if any(cell.strip() for cell in row.values()):
            records.append((number, {name: cell.strip() for name, cell in row.items()}))
    return records


def _row(
    path: Path, number: int, row: dict[str, str], key: bytes
) -> tuple[str, str | None, str | None, dt.date | None]:
    if row["kind"] not in KINDS:
        raise _refused(path, f"row {number}: kind must be one of {', '.join(KINDS)}")
    point = contact_point(row["kind"], row["contact_point"])
    if point is None:
        raise _refused(path, f"row {number}: contact_point holds no {row['kind']}")
    until = row.get("until_on") or None
    try:
        until_on = dt.date.fromisoformat(until) if until else None
    except ValueError:
        raise _refused(path, f"row {number}: until_on is not written YYYY-MM-DD") from None
    safe_time = row.get("safe_time") or None
    flag = row["flag"] or UNLABELLED
    is_answered = flag == NO_SAFE_TIME and safe_time is not None
    person_key = pseudonym(key, row["kind"], point)
    return person_key, None if is_answered else flag, safe_time, until_on


def _refused(path: Path, why: str) -> RefusedError:
    return RefusedError(
        f"restricted/{path.name}: {why}. Nobody is called back until it can be read."
    )
