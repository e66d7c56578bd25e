"""A synthetic contact team: it works a month's callback worklists, and gives them back filled in.

It knows a worklist as the people of such a team do: by the headings of its second sheet.
"""

import datetime as dt
import hashlib
import io
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from csip_pipeline.demo import clock, force, series

SHEET = "Callbacks"
NOTICE, SAFE_TIME = "Notice", "Safe time to call"
OUTCOME, ATTEMPTED_AT, BY = "Outcome", "Attempted at", "By"
FOLDER = "callback_outcomes"
ISSUED_ON = 5
"""The day of the next month on which a month's lists are made."""
FIRST_DAY, LAST_DAY = 6, 25
"""The days of the next month between which they are worked."""
FRIDAY = 4
WORKING_HOURS = ("09:00", "17:00")
WINDOW = re.compile(r"(\d\d:\d\d) to (\d\d:\d\d)")
MINUTE = dt.timedelta(minutes=1)
STAFF = range(101, 113)
SHARES = (
    ("explained", 0.80),
    ("tried", 0.10),
    ("not_contactable", 0.05),
    ("unsafe", 0.02),
)
"""What comes of a notice; the rest is not worked."""
TRIED_AGAIN = 0.3
"""Of those tried: called a second time, which is written over the first."""
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


@dataclass(frozen=True)
class Chance:
    """What the team would need of chance for one notice: numbers from 0 to 1."""

    outcome: float
    pace: float
    again: float
    staff: float


def issued_on(month: dt.date) -> dt.date:
    """The day on which a month's callbacks are issued."""
    return clock.next_month(month).replace(day=ISSUED_ON)


def give_back(
    worklists: Path, extracts: Path, month: dt.date, *, seed: int = series.SEED
) -> list[Path]:
    """Work each list of a month that is not back yet, and return the paths of those given back.

    The same list and seed always come to the same bytes.
    """
    given = []
    for path in sorted(worklists.glob(f"callbacks_{month:%Y-%m}-*.xlsx")):
        back = extracts / FOLDER / path.name
        if not back.exists():
            series.write(back, worked(path.read_bytes(), month, seed))
            given.append(back)
    return given


def worked(content: bytes, month: dt.date, seed: int) -> bytes:
    """The bytes of a month's list once its three cells a row are filled in, from the top down."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[SHEET]
    columns = {cell.value: cell.column for cell in sheet[1]}
    first, last = 2, sheet.max_row
    for row in range(first, last + 1):
        told = {name: sheet.cell(row, column).value for name, column in columns.items()}
        chance = _chance(seed, str(told[NOTICE]))
        outcome = _outcome(chance.outcome)
        if outcome is not None:
            sheet.cell(row, columns[OUTCOME]).value = outcome
            sheet.cell(row, columns[ATTEMPTED_AT]).value = _attempted_at(
                working_days(month),
                (row - first + chance.pace) / (last - first + 1),
                str(told.get(SAFE_TIME)),
                is_second=outcome == "tried" and chance.again < TRIED_AGAIN,
            )
            sheet.cell(row, columns[BY]).value = f"CC{STAFF[int(chance.staff * len(STAFF))]}"
    saved = io.BytesIO()
    book.save(saved)
    return undated(saved.getvalue(), clock.next_month(month).replace(day=LAST_DAY))


def working_days(month: dt.date) -> list[dt.date]:
    """The days on which the team works a month's lists."""
    after = clock.next_month(month)
    days = clock.days_between(after.replace(day=FIRST_DAY), after.replace(day=LAST_DAY))
    return [day for day in days if day.weekday() <= FRIDAY and day not in force.BANK_HOLIDAYS]


def _attempted_at(
    days: list[dt.date], part: float, safe_time: str, *, is_second: bool
) -> dt.datetime:
    """What London's clock shows at an attempt, after a part (from 0 to 1) of the working time.

    A second attempt is made on the next working day, and nobody is called but at a safe time.
    """
    number, into_day = divmod(part * len(days), 1)
    day = days[min(int(number) + is_second, len(days) - 1)]
    window = WINDOW.search(safe_time)
    opens, closes = map(dt.time.fromisoformat, window.groups() if window else WORKING_HOURS)
    begins, ends = dt.datetime.combine(day, opens), dt.datetime.combine(day, closes)
    return begins + dt.timedelta(minutes=int(into_day * ((ends - begins) // MINUTE)))


def _outcome(number: float) -> str | None:
    """What comes of a notice, or None where nobody gets to it."""
    for outcome, share in SHARES:
        if number < share:
            return outcome
        number -= share
    return None


def _chance(seed: int, notice_id: str) -> Chance:
    digest = hashlib.sha256(f"{seed}|contact team|{notice_id}".encode()).digest()
    return Chance(*(number / 2**32 for number in struct.unpack(">4I", digest[:16])))


def undated(content: bytes, day: dt.date) -> bytes:
    """A workbook as if saved at five on a day, whenever that really was."""
    told = io.BytesIO()
    at_five = (day.year, day.month, day.day, 17, 0, 0)
    modified = rb"\g<1>" + f"{day}T17:00:00Z".encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as again,
    ):
        for name in package.namelist():
            part = package.read(name)
            if name == "docProps/core.xml":
                part = MODIFIED.sub(modified, part)
            again.writestr(zipfile.ZipInfo(name, at_five), part, zipfile.ZIP_DEFLATED)
    return told.getvalue()
