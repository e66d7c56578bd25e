"""Every figure of a table is in one cell, and every cell leads back to its figure."""

import pandas as pd
import pytest

from csip_pipeline.publish.workbook import Chart, Column, Layout, Series, Table, Workbook
from csip_pipeline.publish.workbook_fit import lines, text_digits, widths
from csip_pipeline.publish.workbook_layout import EMPTY
from csip_pipeline.publish.workbook_parts import Cover, Link, Properties

COLUMNS = (Column("month", "Month"), Column("calls", "Calls", "count", notes=("counted",)))


def table(rows=None, name="calls", sheet="Calls", **more):
    frame = pd.DataFrame(rows or {"month": ["May", "June"], "calls": [1, 2]})
    return Table(name, sheet, "Calls by month", COLUMNS, frame, **more)


def pack(*items, cover=None):
    return Workbook(
        cover or Cover("A pack", "Of tables"),
        items,
        Properties("A pack", "Northmoor", "Tests", pd.Timestamp("2026-10-01").to_pydatetime()),
    )


def test_a_cell_and_its_figure_lead_to_each_other():
    layout = Layout(table(), {"counted": 1})

    for row in (0, 1):
        for column in ("month", "calls"):
            assert layout.figure(layout.cell(row, column)) == (row, column)
            assert layout.figure(layout.cell(row, column).lower()) == (row, column)


def test_a_cell_outside_the_figures_leads_to_none():
    layout = Layout(table(), {"counted": 1})
    header, below = layout.header_row + 1, layout.last_row + 2

    for cell in ("A1", f"A{header}", f"B{header}", f"A{below}", layout.cell(0, "calls")[0] + "999"):
        assert layout.figure(cell) is None
    assert layout.figure(f"C{header + 1}") is None


def test_the_index_of_the_frame_does_not_matter():
    rows = pd.DataFrame({"month": ["May", "June"], "calls": [1, 2]}, index=[7, 3])
    layout = Layout(Table("calls", "Calls", "Calls", COLUMNS, rows), {"counted": 1})

    assert layout.grid == [["May", "June"], [1, 2]]


def test_an_empty_table_has_one_row_that_says_so():
    layout = Layout(table({"month": [], "calls": []}), {"counted": 1})

    assert layout.grid == [["[z]"], ["[z]"]]
    assert EMPTY in layout.preamble
    assert layout.figure(layout.cell(0, "calls")) is None


def test_the_way_to_the_notes_and_back_stands_above_the_table():
    layout = Layout(table(notes=("other",)), {"counted": 1, "other": 3})

    assert layout.preamble[-2:] == [
        Link("Notes", "Read notes 1 and 3, which this table uses"),
        Link("Contents", "Go to the contents"),
    ]


@pytest.mark.parametrize(
    "sheet",
    ["x" * 32, "x" * 60, "", "a/b", "a[1]", "what?", "'quoted", "History", "notes", "Cover"],
)
def test_a_worksheet_name_that_excel_would_repair_is_refused(sheet):
    with pytest.raises(ValueError, match="worksheet"):
        pack(Table("calls", sheet, "Calls", COLUMNS[:1], pd.DataFrame({"month": ["May"]})))


@pytest.mark.parametrize("name", ["my table", "1st", "AB12", "R1C1", "x" * 256, "a-b", ""])
def test_a_table_name_that_excel_would_repair_is_refused(name):
    with pytest.raises(ValueError, match="cannot name an Excel table"):
        table(name=name)


def test_what_leads_nowhere_is_refused():
    plain = Table("calls", "Calls", "Calls", COLUMNS[:1], pd.DataFrame({"month": ["May"]}))
    line = (Series("calls", "Calls"),)
    chart = Chart("Chart", "Calls", "More calls.", "A line.", "line", "calls", "month", line, "n")

    with pytest.raises(ValueError, match="unknown notes"):
        pack(table())
    with pytest.raises(ValueError, match="plots table calls"):
        pack(chart)
    with pytest.raises(ValueError, match="plots columns that are not there"):
        pack(plain, chart)
    with pytest.raises(ValueError, match="not a worksheet"):
        pack(plain, cover=Cover("A pack", "", (("Start", (Link("Nowhere", "Go"),)),)))
    with pytest.raises(ValueError, match="used twice"):
        pack(plain, plain)
    with pytest.raises(ValueError, match="without a heading"):
        Table("calls", "Calls", "Calls", (Column("month", " "),), pd.DataFrame({"month": [1]}))


def test_a_line_wraps_between_words_and_within_a_word_that_is_too_long():
    assert lines("one two", text_digits("one two") * 1.1) == ["one two"]
    assert lines("one two", text_digits("one") * 1.2) == ["one", "two"]
    assert "".join(lines("x" * 50, 10)) == "x" * 50
    assert all(text_digits(line) <= 10 for line in lines("x" * 50, 10))
    assert lines("", 10) == [""]


@pytest.mark.parametrize(
    "heading", ["Sunday [note 2]", "101 answered in standard [note 1]", "Calls [note 1] [note 12]"]
)
def test_a_mark_in_a_heading_is_never_broken_over_two_lines(heading):
    (width,) = widths([Column("f", heading, "count")], [heading], [[1]])

    whole = [line.count("[") == line.count("]") for line in lines(heading, width / 1.08)]
    assert all(whole)
