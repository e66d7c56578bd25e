"""A cell holds what the data held, shown in the form its column promises, and text never runs."""

# ruff: noqa: DTZ001, DTZ901 - a cell of a workbook has no time zone
import datetime as dt
import zipfile
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pytest

from csip_pipeline.publish import workbook
from csip_pipeline.publish.workbook import Column, Cover, Note, Properties, Table, Workbook

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "=cmd|'/c calc'!A1",
    "cmd|'/c calc'!A1",
    '=HYPERLINK("http://evil.example","Report")',
    '=IMPORTXML("http://evil.example","//a")',
    "{=1+1}",
    "http://evil.example",
    "https://evil.example/?leak=1",
    "mailto:someone@evil.example",
    "ftp://evil.example",
    "internal:Notes!A1",
    "external:other.xlsx",
    "file:///c:/windows",
    "=DDE(1)",
]


def book(rows, *columns, notes=()):
    return Workbook(
        Cover("A pack", "Of one table"),
        (Table("figures", "Figures", "Some figures", columns, pd.DataFrame(rows)),),
        Properties("A pack", "Northmoor", "Tests", dt.datetime(2026, 10, 1)),
        notes,
    )


def read(pack, tmp_path):
    path = tmp_path / "pack.xlsx"
    workbook.write(pack, path)
    return openpyxl.load_workbook(path)["Figures"], workbook.layouts(pack)["figures"]


def cells(values, column, tmp_path):
    sheet, layout = read(book({column.name: values}, column), tmp_path)
    return [sheet[layout.cell(row, column.name)] for row in range(len(values))]


def test_text_from_outside_is_never_a_formula_or_a_link(tmp_path):
    found = cells(PAYLOADS, Column("said", "What they said"), tmp_path)

    assert [cell.value.replace("_x000D_", "\r") for cell in found] == [
        payload.replace("\r", "\ufffd") for payload in PAYLOADS
    ]
    assert {cell.data_type for cell in found} == {"s"}
    assert not any(cell.hyperlink for cell in found)
    with zipfile.ZipFile(tmp_path / "pack.xlsx") as package:
        sheets = [package.read(name) for name in package.namelist() if "sheets/sheet" in name]
    assert not any(b"<f" in sheet for sheet in sheets)


@pytest.mark.parametrize("payload", ["=1+1", "+44", "-1", "@name", "\t=1", "{=1}", "|cmd"])
def test_risky_text_stays_text_when_somebody_edits_the_cell(payload, tmp_path):
    (cell,) = cells([payload], Column("said", "What they said"), tmp_path)

    assert cell.quotePrefix


@pytest.mark.parametrize("damaged", ["a\x00b", "a\x0bb", "a\ud800b", "a\uffffb"])
def test_a_character_that_xml_cannot_hold_is_replaced(damaged, tmp_path):
    (cell,) = cells(
        pd.Series([damaged], dtype="object"), Column("said", "What they said"), tmp_path
    )

    assert cell.value == "a\ufffdb"


def test_a_number_in_a_text_column_keeps_its_leading_zero(tmp_path):
    (cell,) = cells(["07700900123"], Column("phone", "Phone"), tmp_path)

    assert (cell.value, cell.data_type, cell.number_format) == ("07700900123", "s", "@")


@pytest.mark.parametrize(
    ("kind", "value", "written", "shown"),
    [
        ("month", dt.date(2026, 9, 1), dt.datetime(2026, 9, 1), "[$-809]mmmm yyyy"),
        ("date", pd.Timestamp("2026-09-30"), dt.datetime(2026, 9, 30), "[$-809]d mmmm yyyy"),
        ("count", np.int64(1234), 1234, "#,##0"),
        ("count", 0, 0, "#,##0"),
        ("share", 0.764, 0.764, "0.0%"),
        ("share", Decimal("0.5"), 0.5, "0.0%"),
        ("seconds", 93.0, 93, "#,##0"),
        ("duration", 93, dt.time(0, 1, 33), "[m]:ss"),
        ("duration", 3_600, dt.time(1, 0), "[h]:mm:ss"),
        ("decimal", 3.74, 3.74, "#,##0.0"),
    ],
)
def test_a_value_is_written_as_its_own_type(kind, value, written, shown, tmp_path):
    (cell,) = cells([value], Column("figure", "Figure", kind), tmp_path)

    plain = cell.value
    if kind == "duration" and isinstance(plain, dt.timedelta):
        plain = (dt.datetime.min + plain).time()
    assert (plain, cell.number_format) == (written, shown)


def test_a_moment_is_shown_in_london_time(tmp_path):
    moments = pd.to_datetime(["2026-06-30 23:30Z", "2026-12-31 23:30Z"]).as_unit("us")

    found = cells(list(moments), Column("at", "At", "datetime"), tmp_path)

    assert [cell.value.isoformat() for cell in found] == [
        "2026-07-01T00:30:00",
        "2026-12-31T23:30:00",
    ]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NaT, pd.NA, "", "  "])
@pytest.mark.parametrize("kind", ["text", "count", "share", "date", "duration"])
def test_a_missing_value_is_marked(nothing, kind, tmp_path):
    (cell,) = cells([nothing], Column("figure", "Figure", kind), tmp_path)

    assert cell.value == "[x]"


def test_a_mark_may_stand_for_a_figure_and_is_explained_above_the_table(tmp_path):
    column = Column("figure", "Figure", "share", missing="[z]")
    sheet, layout = read(book({"figure": ["[c]", 0.5, None]}, column), tmp_path)

    assert [sheet[layout.cell(row, "figure")].value for row in range(3)] == ["[c]", 0.5, "[z]"]
    above = [line for line in layout.preamble if isinstance(line, str)]
    assert "Some cells hold shorthand: [c] means confidential, [z] means not applicable." in above


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("count", "12", id="text among counts"),
        pytest.param("count", True, id="a claim among counts"),
        pytest.param("date", 20260930, id="a number among dates"),
        pytest.param("duration", -1, id="a duration below zero"),
        pytest.param("text", "x" * 32_768, id="text longer than a cell"),
    ],
)
def test_a_value_of_another_kind_is_refused_without_being_quoted(kind, value):
    pack = book({"figure": [value]}, Column("figure", "Figure", kind))

    with pytest.raises(ValueError, match="Column figure holds") as refusal:
        workbook.render(pack)

    assert str(value) not in str(refusal.value)


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        (Column("f", "Calls", "count"), "Calls"),
        (Column("f", "Calls", "count", unit="thousands"), "Calls (thousands)"),
        (Column("f", "Calls", "count", notes=("b", "a")), "Calls [note 2] [note 1]"),
        (Column("f", "Wait", "duration"), "Wait (minutes:seconds)"),
        (Column("f", "Wait", "seconds"), "Wait (seconds)"),
        (Column("f", "Wait in seconds", "seconds"), "Wait in seconds"),
        (Column("f", "Calls", "duration", unit="", notes=("a",)), "Calls [note 1]"),
    ],
)
def test_a_heading_gives_the_unit_and_then_the_notes(column, heading, tmp_path):
    sheet, layout = read(
        book({"f": [59]}, column, notes=(Note("a", "About a"), Note("b", "About b"))), tmp_path
    )

    assert sheet.cell(layout.header_row + 1, 1).value == heading


def test_an_infinite_share_is_refused():
    with pytest.raises(ValueError, match="Column figure holds an infinite number"):
        workbook.render(book({"figure": [float("inf")]}, Column("figure", "Figure", "share")))


def test_durations_show_hours_once_any_of_them_has_one(tmp_path):
    sheet, layout = read(book({"f": [59, 4_000]}, Column("f", "Wait", "duration")), tmp_path)

    assert sheet.cell(layout.header_row + 1, 1).value == "Wait (hours:minutes:seconds)"
    assert {sheet[layout.cell(row, "f")].number_format for row in (0, 1)} == {"[h]:mm:ss"}
