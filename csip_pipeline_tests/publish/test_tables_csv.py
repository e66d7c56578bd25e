"""The CSV of every table says what the workbook says, to the digit, and runs in no spreadsheet."""

# ruff: noqa: DTZ001 - a cell of a workbook has no time zone
import csv
import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest

from csip_pipeline.publish import tables_csv, workbook
from csip_pipeline.publish.workbook import Column, Cover, Properties, Table, Workbook
from csip_pipeline.publish.workbook_parts import Kind

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "\N{FULLWIDTH PLUS SIGN}1+1",
    "\N{FULLWIDTH HYPHEN-MINUS}1+1",
    "\N{FULLWIDTH COMMERCIAL AT}SUM(1,1)",
    "=cmd|'/c calc'!A1",
]
HARMLESS = ["101", "1-2", "a=b", "me@example.org", "[c]", "£5", "'=1+1", "\u2013", "", "0770"]


def pack(*tables):
    return Workbook(
        Cover("A pack", "Of some tables"),
        tables,
        Properties("A pack", "Northmoor", "Tests", dt.datetime(2026, 10, 1)),
    )


def table(rows, *columns, name="figures", sheet="Figures", title="Some figures"):
    return Table(name, sheet, title, columns, pd.DataFrame(rows))


def read(content):
    """A file's rows, as a program reads them that keeps to RFC 4180."""
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def column_of(values, column):
    """A column's cells as the CSV has them."""
    rows = {column.name: pd.Series(values, dtype="object")}
    _, *rows = read(tables_csv.files(pack(table(rows, column)))["figures.csv"])
    return [cell for (cell,) in rows]


WHOLE = table(
    {
        "month": [dt.date(2026, month, 1) for month in (1, 2, 3, 4)],
        "on": [dt.date(2026, 1, 31), None, dt.date(2026, 3, 1), dt.date(2026, 12, 31)],
        "at": pd.to_datetime(
            ["2026-06-30 23:30:15Z", "2026-01-01 00:00:00Z", None, "2026-10-25 01:30:00Z"]
        ).as_unit("us"),
        "queue": ["Crime, fraud", 'the "front" desk', "Ymholiadau \u0175", "two\nlines"],
        "calls": [0, 1_234_567, None, "[c]"],
        "share": [0.7645123, 1 / 3, 1, None],
        "seconds": [93.25, 0, 3_600, None],
        "wait": [93, 4_000.5, "[c]", 0],
        "change": [-1.25, 0.1 + 0.2, -1e-9, 12],
    },
    Column("month", "Month", "month"),
    Column("on", "Day", "date"),
    Column("at", "Moment", "datetime"),
    Column("queue", "Queue"),
    Column("calls", "Calls", "count"),
    Column("share", "In time", "share"),
    Column("seconds", "Talk", "seconds"),
    Column("wait", "Wait", "duration"),
    Column("change", "Change", "decimal", unit="points"),
)
IN_CSV = {
    "month": lambda cell: f"{cell:%Y-%m}",
    "date": lambda cell: f"{cell:%Y-%m-%d}",
    "datetime": lambda cell: f"{cell:%Y-%m-%dT%H:%M:%S}",
    "text": str,
}


def as_number(cell):
    """A number of a workbook; a duration in it is a part of a day."""
    if isinstance(cell, dt.time):
        cell = dt.datetime.combine(dt.datetime(1970, 1, 1), cell) - dt.datetime(1970, 1, 1)
    return cell.total_seconds() if isinstance(cell, dt.timedelta) else float(cell)


def test_every_cell_is_the_workbooks_cell(tmp_path):
    made = pack(WHOLE)
    workbook.write(made, tmp_path / "pack.xlsx")
    sheet, layout = (
        openpyxl.load_workbook(tmp_path / "pack.xlsx")["Figures"],
        workbook.layouts(made)["figures"],
    )
    _, *rows = read(tables_csv.files(made)["figures.csv"])

    assert len(rows) == 4
    for number, row in enumerate(rows):
        for column, cell in zip(WHOLE.columns, row, strict=True):
            shown = sheet[layout.cell(number, column.name)].value
            if isinstance(shown, str):
                assert cell == shown
            elif column.kind in IN_CSV:
                assert cell == IN_CSV[column.kind](shown)
            else:
                assert float(cell) == pytest.approx(as_number(shown), abs=5e-7)


def test_every_kind_of_column_is_among_the_cells():
    assert {column.kind for column in WHOLE.columns} == set(Kind.__args__)


def test_headings_say_the_unit_that_the_file_has():
    head, *_ = read(tables_csv.files(pack(WHOLE))["figures.csv"])

    assert head == [
        *("Month", "Day", "Moment", "Queue", "Calls", "In time"),
        *("Talk (seconds)", "Wait (seconds)", "Change (points)"),
    ]


def test_every_table_has_a_file_and_the_contents_list_them_in_order():
    one = Column("calls", "Calls", "count")
    tables = [
        table({"calls": [1]}, one),
        table({"calls": [2]}, one, name="others", sheet="Others", title="Calls, by queue"),
    ]
    made = tables_csv.files(pack(*tables))

    assert list(made) == ["contents.csv", "figures.csv", "others.csv"]
    assert read(made["contents.csv"]) == [
        ["file", "worksheet", "title"],
        ["figures.csv", "Figures", "Some figures"],
        ["others.csv", "Others", "Calls, by queue"],
    ]


def test_the_files_are_utf_8_without_a_mark_and_lines_end_as_rfc_4180_says():
    content = tables_csv.files(pack(WHOLE))["figures.csv"]

    assert content.decode("utf-8").startswith("Month,Day,")
    assert "Ymholiadau \u0175".encode() in content
    assert content.endswith(b"\r\n")
    assert content.replace(b'"two\nlines"', b"").count(b"\n") == content.count(b"\r\n") == 5


def test_the_same_pack_gives_the_same_bytes():
    assert tables_csv.files(pack(WHOLE)) == tables_csv.files(pack(WHOLE))


def test_a_table_without_rows_is_its_headings():
    bare = table({"calls": []}, Column("calls", "Calls", "count"))

    assert tables_csv.files(pack(bare))["figures.csv"] == b"Calls\r\n"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_a_spreadsheet_would_run_has_an_apostrophe_before_it(payload):
    assert column_of([payload], Column("said", "Said")) == [f"'{payload}"]


def test_text_that_nobody_would_run_is_left_as_it_is():
    column = Column("said", "Said", missing="")

    assert column_of(HARMLESS, column) == HARMLESS


@pytest.mark.parametrize("payload", ["=1+1", "-Waits", "@home"])
def test_no_heading_sheet_or_title_is_run_either(payload):
    made = tables_csv.files(
        pack(table({"f": [1]}, Column("f", payload, "count"), sheet=payload, title=payload))
    )

    assert read(made["figures.csv"])[0] == [f"'{payload}"]
    assert read(made["contents.csv"])[1][1:] == [f"'{payload}"] * 2


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("decimal", -5, "-5"),
        ("decimal", -1e-9, "0"),
        ("decimal", -0.0, "0"),
        ("decimal", 1e15, "1000000000000000"),
        ("count", 100, "100"),
        ("share", 0.1 + 0.2, "0.3"),
        ("share", 2 / 3, "0.666667"),
        ("duration", 0.1, "0.1"),
        ("duration", 86_400 * 40, "3456000"),
    ],
)
def test_a_number_is_plain_to_six_places_and_needs_no_apostrophe(kind, value, text):
    assert column_of([value], Column("figure", "Figure", kind)) == [text]
