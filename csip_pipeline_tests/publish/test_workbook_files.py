"""A workbook is a function of its data, and its file is there whole or not at all."""

# ruff: noqa: DTZ001 - a cell of a workbook has no time zone
import datetime as dt
import hashlib
import os
import shutil
import subprocess
import zipfile

import openpyxl
import pandas as pd
import pytest

from csip_pipeline.publish import workbook
from csip_pipeline.publish.workbook import Chart, Column, Cover, Properties, Series, Table, Workbook
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.publish.workbook_read import Written, named, references

MONTHS = [dt.date(2025, month, 1) for month in range(1, 13)]


def pack(shares=None, **more):
    rows = pd.DataFrame(
        {"month": MONTHS, "share": shares or [0.7] * 12, "target": [0.75] * 12, "wait": [90] * 12}
    )
    table = Table(
        "service_levels",
        "Service levels",
        "Calls answered in time",
        (
            Column("month", "Month", "month"),
            Column("share", "Answered in time", "share"),
            Column("target", "Target", "share"),
            Column("wait", "Wait", "duration"),
        ),
        rows,
    )
    chart = Chart(
        "Service chart",
        "Calls answered in time",
        "It stayed below target.",
        "A line at 70% below a dashed line at 75%, for twelve months.",
        "line",
        "service_levels",
        "month",
        (Series("share", "101"), Series("target", "Target", "target")),
        "Share of calls",
        **more,
    )
    return Workbook(
        Cover("A pack", "Of one table"),
        (table, chart),
        Properties("A pack", "Northmoor", "Tests", dt.datetime(2026, 10, 1)),
    )


def written(made, tmp_path):
    workbook.write(made, tmp_path / "pack.xlsx")
    return Written(tmp_path / "pack.xlsx")


def plotted(read, position):
    """The values of a series' cells, and those that the chart keeps for itself."""
    series = named(read.xml("xl/charts/chart1.xml"), "ser")[position]
    values = named(series, "val")[0]
    (formula,) = (entry.text for entry in named(values, "f"))
    cells = []
    for sheet, reference in references(formula):
        found = read.book[sheet][reference]
        cells += [cell for (cell,) in found] if isinstance(found, tuple) else [found]
    kept = {
        int(point.get("idx")): float(named(point, "v")[0].text) for point in named(values, "pt")
    }
    return [cell.value for cell in cells], kept


def test_the_same_data_gives_the_same_bytes():
    assert workbook.render(pack()) == workbook.render(pack())


def test_another_figure_gives_other_bytes():
    assert workbook.render(pack()) != workbook.render(pack([0.71] * 12))


def test_nothing_in_the_file_tells_when_or_where_it_was_written(tmp_path):
    workbook.write(pack(), tmp_path / "pack.xlsx")

    with zipfile.ZipFile(tmp_path / "pack.xlsx") as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in package.infolist()} == {3}


def test_the_file_says_what_it_is_and_in_which_language(tmp_path):
    about = written(pack(), tmp_path).book.properties

    assert (about.title, about.creator, about.language) == ("A pack", "Northmoor", "en-GB")
    assert about.created == about.modified == dt.datetime(2026, 10, 1)


def test_writing_gives_the_hash_of_the_file(tmp_path):
    given = workbook.write(pack(), tmp_path / "pack.xlsx")

    assert given == hashlib.sha256((tmp_path / "pack.xlsx").read_bytes()).hexdigest()


def test_a_write_that_fails_leaves_the_old_file_and_no_trace(tmp_path, monkeypatch):
    path = tmp_path / "pack.xlsx"
    path.write_bytes(b"the old pack")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(path, b"the new pack")

    assert path.read_bytes() == b"the old pack"
    assert [found.name for found in tmp_path.iterdir()] == ["pack.xlsx"]


def test_a_refused_value_writes_nothing(tmp_path):
    with pytest.raises(ValueError, match="Column share"):
        workbook.write(pack(["seventy"] * 12), tmp_path / "pack.xlsx")

    assert list(tmp_path.iterdir()) == []


def test_a_chart_plots_the_cells_that_hold_its_values(tmp_path):
    shares = [round(0.6 + month / 100, 2) for month in range(12)]

    cells, kept = plotted(written(pack(shares), tmp_path), 0)

    assert cells == shares == [kept[i] for i in range(12)]


def test_a_value_not_available_is_a_gap_in_the_line(tmp_path):
    shares = [0.7, None, 0.72, "[c]", *[0.7] * 8]

    cells, kept = plotted(written(pack(shares), tmp_path), 0)

    assert cells == [0.7, None, 0.72, None, *[0.7] * 8]
    assert [kept.get(i) for i in range(12)] == cells


def test_a_chart_has_its_alternative_text_and_title(tmp_path):
    read = written(pack(), tmp_path)

    (chart,) = next(sheet.charts for sheet in read.sheets if sheet.charts)

    assert chart.description == "A line at 70% below a dashed line at 75%, for twelve months."
    assert b'descr="A line at 70%' in read.parts["xl/drawings/drawing1.xml"]
    title = "".join(named(chart.root, "title")[0].itertext())
    assert title == "Calls answered in time"


@pytest.mark.parametrize(
    ("shares", "more", "top"),
    [
        pytest.param([0.7] * 12, {}, ["1"], id="most calls: up to 100%"),
        pytest.param([0.02] * 12, {"y_max": 0.1}, ["0.1"], id="as told"),
    ],
)
def test_an_axis_of_shares_ends_at_a_hundred_unless_told(shares, more, top, tmp_path):
    chart = written(pack(shares, **more), tmp_path).xml("xl/charts/chart1.xml")

    assert [entry.get("val") for entry in named(chart, "max")] == top
    assert [entry.get("val") for entry in named(chart, "min")] == ["0"]


def test_a_chart_without_figures_says_so(tmp_path):
    made = pack()
    table = made.items[0]
    bare = Table(table.name, table.sheet, table.title, table.columns, table.rows.iloc[:0])

    read = written(Workbook(made.cover, (bare, made.items[1]), made.properties), tmp_path)

    assert read.book["Service chart"]["A6"].value == "There are no figures to draw."
    assert not any(sheet.charts for sheet in read.sheets)


@pytest.mark.slow
def test_another_office_program_opens_it_and_finds_the_same_cells(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here, so nothing else can open the workbook.")
    made = pack()
    workbook.write(made, tmp_path / "pack.xlsx")
    (tmp_path / "again").mkdir()

    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = ["--convert-to", "xlsx", "--outdir", str(tmp_path / "again")]
    asked = [office, profile, "--headless", *out, str(tmp_path / "pack.xlsx")]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)  # noqa: S603 - our own words

    ours = openpyxl.load_workbook(tmp_path / "pack.xlsx")
    theirs = openpyxl.load_workbook(tmp_path / "again" / "pack.xlsx")
    assert theirs.sheetnames == ours.sheetnames
    for sheet in ours:
        values = list(sheet.iter_rows(values_only=True))
        shown = [row[: len(values[0])] for row in theirs[sheet.title].iter_rows(values_only=True)]
        assert shown[: len(values)] == values
