"""A workbook is read cell by cell as text, whatever Excel took each cell for."""

import datetime as dt

import openpyxl
import pytest
from extract_samples import OCTOBER
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from csip_pipeline.extract.formats import workbook

SOURCE = """
[[source]]
name = "book"
feed = "telephony"
format = "workbook"
files = "telephony/*.xlsx"
sheet = "Calls"
zone = "Europe/London"

[source.columns]
call_id = { column = "Ref" }
line = { value = "101" }
queue = { column = "Queue" }
arrived_at = { columns = ["Date", "Time"], datetime = "%Y-%m-%d %H:%M:%S" }
outcome = { column = "Answered", values = { Y = "answered", N = "abandoned" } }
wait_seconds = { column = "Wait", duration = "seconds" }
talk_seconds = { column = "Talk", duration = "h:mm:ss" }
"""
START = dt.datetime.fromisoformat("2026-10-05T09:00:01")
HEADER = ["Ref", "Queue", "Date", "Time", "Answered", "Wait", "Talk"]
ROW = [1, "q", "2026-10-05", dt.time(9, 0, 1), "Y", 12.0, dt.time(0, 2, 30)]


def book(folder, *rows, sheet="Calls", epoch=None):
    made = openpyxl.Workbook()
    if epoch is not None:
        made.epoch = epoch
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    path = folder.drop("telephony/calls.xlsx")
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (12.5, "12.5"),
        (True, "True"),
        ("007", "007"),
        (START.replace(microsecond=0), "2026-10-05 09:00:01"),
        (START - dt.timedelta(microseconds=10), "2026-10-05 09:00:01"),
        (dt.time(9, 0, 1), "09:00:01"),
        (dt.time(9, 0, 0, 999_990), "09:00:01"),
        (dt.timedelta(hours=30, seconds=5), "30:00:05"),
    ],
)
def test_a_cell_is_written_in_one_unambiguous_way(cell, text):
    assert workbook.as_text(cell) == text


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_dates_are_read_whichever_year_the_workbook_counts_from(folder, epoch):
    source = SOURCE.replace('columns = ["Date", "Time"]', 'column = "Date"')
    folder.expect(source)
    book(folder, HEADER, [*ROW[:2], START, None, *ROW[4:]], epoch=epoch)

    folder.take("telephony")

    assert folder.rows(
        "select epoch(arrived_at), wait_seconds, talk_seconds from extract.telephony"
    ) == [(dt.datetime(2026, 10, 5, 8, 0, 1, tzinfo=dt.UTC).timestamp(), 12, 150)]


def test_rows_are_numbered_as_excel_numbers_them_and_blanks_are_left_out(folder):
    folder.expect(SOURCE)
    book(folder, HEADER, [], ROW, [None, " "], [*ROW, "stray"], [2, "q", "2026-10-05", None, "N"])

    folder.take("telephony")

    assert folder.column("select source_row from extract.telephony") == [3]
    told = folder.restricted("select source_row, column_name from extract.quarantine order by 1")
    assert {row for row, _ in told} == {5, 6}
    assert folder.ends(OCTOBER) == {"calls.xlsx": {"accepted": 1, "quarantined": 2}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"Ref,Queue\n1,q\n", "not a workbook", id="CSV with another name"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\x00" * 512, "password", id="a password"),
        pytest.param(b"", "not a workbook", id="empty"),
    ],
)
def test_what_is_no_workbook_is_refused(folder, content, told):
    folder.expect(SOURCE)
    folder.drop("telephony/calls.xlsx", content)

    (refused,) = folder.catalogue().refused

    assert refused.reason.startswith("calls.xlsx is not a workbook")
    assert told in refused.reason


def test_a_workbook_cut_off_in_the_middle_is_refused(folder):
    folder.expect(SOURCE)
    path = book(folder, HEADER, *[ROW] * 500)
    path.write_bytes(path.read_bytes()[:2000])

    (refused,) = folder.catalogue().refused

    assert "cut off" in refused.reason


def test_a_missing_sheet_is_refused_with_the_sheets_there_are(folder):
    folder.expect(SOURCE)
    book(folder, HEADER, ROW, sheet="Sheet1")

    (refused,) = folder.catalogue().refused

    assert 'calls.xlsx has no sheet "Calls". Its sheets: Sheet1.' in refused.reason
