"""Score sheets and worked lists as people fill them in."""

import datetime as dt
import io

import openpyxl
import pandas as pd

from csip_pipeline.publish.callbacks import worklist

HEADINGS = ("Cycle", "Call", "Panellist", "Criterion", "Score")
NOTICES = pd.DataFrame(
    {
        "notice_id": ["00000000000000a1", "00000000000000b2"],
        "priority": 1,
        "contact_kind": "Telephone",
        "contact_point": "+447700900123",
        "why": "Their telephone call waited 14 minutes.",
        "promised": "We answer calls to 101 within 5 minutes.",
        "received_at": pd.Timestamp("2026-09-14 22:30", tz="UTC"),
        "explain_by_on": dt.date(2026, 10, 12),
        "breaches": 1,
        "safe_time": None,
        "code": ["a1a1a1a1", "b2b2b2b2"],
    }
)


def scores(*rows, cycle="2026-Q3"):
    """A score sheet: of each row the call, the criterion and the score, the rest as usual."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Scores"
    sheet.append(HEADINGS)
    for call, criterion, score in rows:
        sheet.append([cycle, call, "Ada Finch", criterion, score])
    return _bytes(book)


def worked(*outcomes):
    """A worklist with the outcomes filled in."""
    about = worklist.Worklist("2026-10-1", dt.date(2026, 10, 5))
    book = openpyxl.load_workbook(io.BytesIO(worklist.render(NOTICES, about)))
    headings = [column.heading for column in worklist.COLUMNS]
    for row, outcome in enumerate(outcomes, start=2):
        filled = {"Outcome": outcome, "Attempted at": dt.datetime(2026, 10, 6, 14), "By": "5012"}  # noqa: DTZ001 - a cell has no zone
        for heading, cell in filled.items():
            book[worklist.LIST].cell(row, headings.index(heading) + 1).value = cell
    return _bytes(book)


def _bytes(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
