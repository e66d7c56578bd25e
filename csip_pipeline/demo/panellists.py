"""Synthetic panellists: they hear the calls of their score sheets, and give the sheets back.

They know a sheet as people do, by the headings of its second worksheet. Two who hear the same call
give the same answer about six times in seven; handlers code wrongly about as often.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl

from csip_pipeline.demo import series
from csip_pipeline.demo.contact_team import undated

LETTERS = ("A", "B", "C")
FOLDER = "panel_scores"
SHEET = "Scores"
REFERENCE, PANELLIST, CRITERION, SCORE = "Reference", "Panellist", "Criterion", "Score"
NECESSARY, TONE = "Necessary", "Tone"
GRADES = ("Outstanding", "Good", "Adequate", "Requires improvement", "Inadequate")
NOT_APPLICABLE = "N/A"
UNNECESSARY = {True: 0.87, False: 0.12, None: 0.45}
"""The share of calls that are no matter for the police: coded so, coded otherwise, not coded."""
GRADED = (0.08, 0.50, 0.80, 0.95)
"""The share of calls that deserve a grade or a better one."""
APPLIES = 0.65
"""The share of calls to which an item applies, but for tone, which always does."""
SLIPS = 0.07
"""How often a panellist hears it otherwise than it was."""


def give_back(
    sheets: Iterable[Path],
    extracts: Path,
    coded: Mapping[str, bool | None],
    day: dt.date,
    *,
    seed: int = series.SEED,
) -> list[Path]:
    """Fill in each sheet that is not back yet, as if on a day; return the paths of those given.

    `coded` says by a call's reference whether its handler coded it as avoidable. The same sheet
    and seed always come to the same bytes.
    """
    given = []
    for path in sheets:
        back = extracts / FOLDER / path.name
        if not back.exists():
            series.write(back, filled_in(path.read_bytes(), coded, day, seed))
            given.append(back)
    return given


def filled_in(content: bytes, coded: Mapping[str, bool | None], day: dt.date, seed: int) -> bytes:
    """The bytes of a sheet once every score is chosen."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[SHEET]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        reference, panellist, criterion = (
            str(sheet.cell(row, columns[name]).value) for name in (REFERENCE, PANELLIST, CRITERION)
        )
        call, own = f"{seed}|{reference}|{criterion}", f"{seed}|{reference}|{criterion}|{panellist}"
        sheet.cell(row, columns[SCORE]).value = (
            _verdict(call, own, coded.get(reference))
            if criterion == NECESSARY
            else _grade(call, own, always=criterion == TONE)
        )
    saved = io.BytesIO()
    book.save(saved)
    return undated(saved.getvalue(), day)


def _verdict(call: str, own: str, is_avoidable: bool | None) -> str:
    """Whether the call was a matter for the police, as this panellist heard it."""
    is_unnecessary = _chance(call) < UNNECESSARY[is_avoidable]
    return "No" if is_unnecessary != (_chance(own) < SLIPS) else "Yes"


def _grade(call: str, own: str, *, always: bool) -> str:
    """The grade that the call deserves, or now and then the one beside it."""
    if not always and _chance(f"{call}|applies") >= APPLIES:
        return NOT_APPLICABLE
    place = sum(_chance(call) >= share for share in GRADED)
    if _chance(own) < SLIPS:
        place += 1 if place < len(GRADES) - 1 else -1
    return GRADES[place]


def _chance(of: str) -> float:
    digest = hashlib.sha256(f"panellists|{of}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
