"""A cell of a published pack leads back to its measure, its rules and the files it came from."""

import csv
import shutil
import stat

import pytest

from csip_pipeline import calendars, warehouse
from csip_pipeline.publish.tracing import cells, exporting, followed
from csip_pipeline.publish.workbook_read import Written
from csip_pipeline.refusals import RefusedError

CYCLE = "2026-Q4"
FIRST_LINE = ("Service levels", "H8")
"""The service level of October's 101 calls in the small demo."""


@pytest.fixture(scope="module")
def cycle(demo):
    known = calendars.read_cycles(demo.settings.reference / "panel_cycles.csv")
    return next(one for one in known if one.cycle == CYCLE)


@pytest.fixture(scope="module")
def written(demo):
    """The restricted edition and the public one."""
    folder = demo.settings.published / CYCLE
    return (
        Written(folder / "restricted" / f"panel_pack_{CYCLE}_restricted.xlsx"),
        Written(folder / f"panel_pack_{CYCLE}.xlsx"),
    )


@pytest.fixture(scope="module")
def unchanged(demo, cycle):
    """Trace a cell of the demo as it is."""
    with warehouse.connected(demo.settings.warehouse, read_only=True) as con:
        yield lambda *cell: followed.trace(con, demo.settings.published, cycle, *cell)


@pytest.fixture(scope="module")
def trail(unchanged):
    """The trail of the first line's service level."""
    return unchanged(*FIRST_LINE)


@pytest.fixture
def changed(press, demo):
    """The demo as it was published, and a warehouse that may be changed since."""
    shutil.copytree(demo.settings.published, press.published)
    return press


def traced(press, *cell):
    return followed.trace(press.con, press.published, press.cycles[CYCLE], *cell)


def cell_of(written, sheet, shown):
    """The first cell of a worksheet's figures that shows this."""
    grid = cells.grid(written, sheet)
    for row in range(grid.header_row + 1, grid.last_row + 1):
        texts = grid.texts(row)
        if shown in texts:
            return f"{chr(ord('A') + texts.index(shown))}{row}"
    raise AssertionError(f"{shown} is not on {sheet}")


def under(written, sheet, heading):
    """The first cell of a worksheet below a heading."""
    grid = cells.grid(written, sheet)
    return f"{chr(ord('A') + grid.headings.index(heading))}{grid.header_row + 1}"


def test_a_figure_says_how_it_was_measured(trail):
    assert (trail.cycle, trail.edition, trail.revision) == (CYCLE, "restricted", 1)
    assert (trail.sheet, trail.cell, trail.heading) == (*FIRST_LINE, "Service level")
    assert trail.row == {"Month": "October 2026", "Line or channel": "101 calls"}
    assert trail.measure == "measure.service_levels.service_level"
    assert trail.definition == "Service level"
    assert trail.formula.startswith("Aw / Q")
    (query,) = trail.queries
    assert query.file == "csip_pipeline/measure/service_levels.sql"
    assert trail.pack_query.file == "csip_pipeline/publish/pack_service_levels.sql"
    assert query.is_same_now
    assert len(query.sha256) == 64


def test_a_figure_says_which_standard_judged_it_in_that_month(trail):
    (standard,) = trail.standards
    assert (standard.standard_id, f"{standard.applies_from_on}") == ("101-answer", "2026-04-01")
    assert standard.within_seconds == 600
    files = {one.file: one for one in trail.references}
    assert files["reference/service_standards.csv"].is_same_now


def test_a_figure_says_which_files_it_came_from(trail, demo):
    delivered = {path.name for path in demo.settings.extracts.glob("telephony/*2026-10*")}

    assert trail.months == ("2026-10",)
    assert {one.file for one in trail.inputs} == delivered
    assert all(one.is_in_manifest and one.accepted["2026-10"] > 0 for one in trail.inputs)


def test_a_figure_says_what_the_workbook_shows_and_that_it_is_so_still(trail, written):
    book = cells.grid(written[0], trail.sheet)

    assert trail.shown == book.texts(8)[7] == trail.now
    assert trail.shown.endswith("%")
    assert trail.is_same_now


def test_both_editions_have_the_same_worksheets(written):
    restricted, public = ([sheet.name for sheet in book.sheets] for book in written)

    assert restricted == public


def test_a_figure_that_others_would_be_now_is_told_as_it_was_published(changed):
    changed.change("measure.service_levels", "service_level = 0.5")
    trail = traced(changed, *FIRST_LINE)

    assert (trail.now, trail.is_same_now) == ("50.0%", False)
    assert trail.shown != "50.0%"


def test_a_row_that_the_warehouse_has_no_more_keeps_its_measure_and_its_files(changed):
    changed.con.execute("delete from measure.service_levels where line = '101'")
    trail = traced(changed, *FIRST_LINE)

    assert (trail.now, trail.is_same_now, trail.contacts) == (None, False, None)
    assert trail.why_no_contacts == followed.GONE
    assert trail.measure == "measure.service_levels"
    assert trail.inputs


def test_a_month_before_the_cycle_is_told_as_the_warehouse_has_it(unchanged):
    trail = unchanged("Channel chart", "B7")

    assert (trail.sheet, trail.row) == ("Channel shares", {"Month": "September 2026"})
    assert {one.is_in_manifest for one in trail.inputs} == {False}


def test_a_figure_that_the_public_edition_hides_is_not_told_by_its_trail(unchanged, written):
    cell = cell_of(written[1], "Breaches", "[c]")
    trail = unchanged("Breaches", cell, "public")

    assert (trail.shown, trail.now, trail.is_same_now) == ("[c]", None, None)


def test_a_figure_without_contacts_says_why(unchanged, tmp_path):
    trail = unchanged("Staffing", "D9")

    assert (trail.contacts, trail.whom) == (None, None)
    assert "number of agents" in trail.why_no_contacts
    with pytest.raises(RefusedError, match="no contacts to export"):
        exporting.export(trail, tmp_path / "ids.csv", tmp_path / "published")


@pytest.mark.soak
def test_a_revision_is_traced_to_what_was_revised(changed):
    changed.change("measure.channel_shift", "contacts = contacts + 1", "channel = 'social'")
    book = Written(changed.publish().restricted)
    ledger = traced(changed, "Revisions", under(book, "Revisions", "Was"))
    trail = traced(changed, "Channel contacts", under(book, "Channel contacts", "Marks"))

    assert ledger.revision == trail.revision == 2
    assert "trace those" in ledger.why_no_contacts
    assert (trail.heading, trail.measure) == ("Marks", "")
    assert "trace that figure" in trail.why_no_contacts


def test_a_pack_that_somebody_changed_is_not_traced(changed):
    path = changed.published / CYCLE / "restricted" / f"panel_pack_{CYCLE}_restricted.xlsx"
    path.write_bytes(path.read_bytes() + b" ")

    with pytest.raises(RefusedError, match="is gone or was changed"):
        traced(changed, *FIRST_LINE)


def test_a_cycle_that_was_never_published_is_not_traced(press):
    with pytest.raises(RefusedError, match=f"Publish it: csip pack --cycle {CYCLE}"):
        traced(press, *FIRST_LINE)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Service levels", id="its name"),
        pytest.param(" service LEVELS", id="its name, carelessly"),
        pytest.param("Service levels: callers answered within the standard", id="its title"),
    ],
)
def test_a_worksheet_goes_by_its_name_or_its_title(written, name):
    assert cells.grid(written[0], name).table == "service_levels"


@pytest.mark.parametrize("name", ["Cover", "Contents", "Notes", "", "Sheet1"])
def test_a_sheet_without_figures_is_refused_with_those_that_have_some(written, name):
    with pytest.raises(RefusedError, match="This pack has: Headlines; Answer performance; Ser"):
        cells.grid(written[0], name)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        pytest.param("A1", "A1 of Waits is not in the table but above it", id="the title"),
        pytest.param("c1", "C1 of Waits is blank", id="beside the title"),
        pytest.param("C6", "C6 of Waits is a heading", id="a heading"),
        pytest.param("B7", "B7 of Waits says what its row is about", id="the line"),
        pytest.param("K6", "K6 of Waits is outside the table", id="beside the headings"),
        pytest.param("K7", "K7 of Waits is outside the table", id="beside a row"),
        pytest.param("C10", "C10 of Waits is outside the table", id="below"),
        pytest.param("7C", "'7C' is not a cell", id="the wrong way about"),
        pytest.param("C0", "'C0' is not a cell", id="no such row"),
        pytest.param("", "'' is not a cell", id="nothing"),
    ],
)
def test_a_cell_without_a_figure_is_refused_with_where_the_figures_are(written, cell, told):
    grid = cells.grid(written[0], "Waits")
    with pytest.raises(RefusedError, match=told) as refusal:
        cells.place(grid, cell, 2)
    assert "not a cell" in told or "Its figures stand in C7 to I9." in str(refusal.value)


def test_a_cell_may_be_written_as_a_formula_has_it(written):
    assert cells.place(cells.grid(written[0], "Waits"), " $c$7", 2).cell == "C7"


def test_a_table_that_lists_nothing_has_no_figure(written):
    grid = cells.grid(written[0], "Missing hours")

    with pytest.raises(RefusedError, match="lists nothing"):
        cells.place(grid, "F8", 4)


def test_a_trail_exports_ids_and_months_alone_for_its_owner_to_read(trail, tmp_path):
    path = tmp_path / "ids.csv"
    count = exporting.export(trail, path, tmp_path / "published")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    heading, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    assert heading == ["contact_id", "month"]
    assert count == trail.contacts == len(rows) == len({contact for contact, _ in rows})
    assert {month for _, month in rows} == {"2026-10"}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        pytest.param("published/ids.csv", "do not belong in the folder published", id="published"),
        pytest.param("published/2026-Q4/ids.csv", "do not belong", id="within published"),
        pytest.param("way in/ids.csv", "do not belong", id="published by another way"),
        pytest.param(
            "published/../published/ids.csv", "do not belong", id="published, round about"
        ),
        pytest.param("there.csv", "there.csv is there already", id="a file that is there"),
        pytest.param("nowhere/ids.csv", "cannot be written there", id="no such folder"),
    ],
)
def test_ids_are_written_over_nothing_and_never_among_what_is_published(
    trail, tmp_path, place, told
):
    (tmp_path / "published" / CYCLE).mkdir(parents=True)
    (tmp_path / "way in").symlink_to(tmp_path / "published")
    (tmp_path / "there.csv").write_text("kept", encoding="utf-8")

    with pytest.raises(RefusedError, match=told):
        exporting.export(trail, tmp_path / place, tmp_path / "published")
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "kept"
    assert not list((tmp_path / "published").rglob("*.csv"))
