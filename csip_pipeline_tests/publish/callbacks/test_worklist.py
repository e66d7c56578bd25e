"""A worklist can be called from, filled in and read back, and no cell of it can do harm."""

# ruff: noqa: DTZ001 - a cell of a workbook has no time zone
import datetime as dt
import zipfile

import openpyxl
import pandas as pd
import pytest

from csip_pipeline.publish.callbacks import worklist
from csip_pipeline.publish.callbacks.worklist import OUTCOMES, Worklist
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.publish.workbook_lint import lint

ABOUT = Worklist("CB-1", dt.date(2026, 10, 5), month="September 2026")
HEADINGS = [column.heading for column in worklist.COLUMNS]


def notices(*given):
    usual = {
        "priority": 1,
        "contact_kind": "telephone call",
        "contact_point": "+447700900123",
        "why": "Their telephone call waited 14 minutes.",
        "promised": "We answer calls to 101 within 5 minutes.",
        "received_at": pd.Timestamp("2026-09-14 22:30", tz="UTC"),
        "explain_by_on": dt.date(2026, 10, 12),
        "breaches": 1,
        "safe_time": None,
        "code": "0a1b2c3d",
    }
    return pd.DataFrame(
        [{"notice_id": f"{number:016x}", **usual, **notice} for number, notice in enumerate(given)]
    )


def written(rows, tmp_path, about=ABOUT):
    put(tmp_path / "list.xlsx", worklist.render(rows, about))
    return tmp_path / "list.xlsx"


def cell(path, heading, row=2):
    return openpyxl.load_workbook(path)["Callbacks"].cell(row, HEADINGS.index(heading) + 1)


def validations(path):
    found = openpyxl.load_workbook(path)["Callbacks"].data_validations.dataValidation
    return {str(rule.sqref): rule for rule in found}


def test_a_good_worklist_has_no_failures(tmp_path):
    assert lint(written(notices({}, {}), tmp_path), is_worklist=True) == []


def test_the_header_stands_in_row_1_so_that_the_sheet_reads_back_as_a_feed(tmp_path):
    path = written(notices({}), tmp_path)
    book = openpyxl.load_workbook(path)
    book["Callbacks"]["K2"], book["Callbacks"]["L2"] = "explained", dt.datetime(2026, 10, 6, 14, 30)
    book["Callbacks"]["M2"] = "5012"
    book.save(path)

    back = pd.read_excel(path, sheet_name="Callbacks", dtype=object)

    assert back[["Notice", "Attempted at", "Outcome", "By"]].iloc[0].tolist() == [
        "0" * 16,
        dt.datetime(2026, 10, 6, 14, 30),
        "explained",
        "5012",
    ]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("+447700900123", "07700 900123"),
        ("07700900123", "07700 900123"),
        ("+442079460018", "020 7946 0018"),
        ("+33142685300", "+33 1 42 68 53 00"),
        ("someone@example.org", "someone@example.org"),
        ("101", "101"),
        ("not a number", "not a number"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_telephone_number_is_text_as_it_is_dialled(given, shown, tmp_path):
    found = cell(written(notices({"contact_point": given}), tmp_path), "Phone or e-mail")

    assert (found.value, found.data_type) == (shown, "s")


def test_a_notice_id_of_digits_stays_text(tmp_path):
    found = cell(written(notices({"notice_id": "0012345678901234"}), tmp_path), "Notice")

    assert (found.value, found.data_type) == ("0012345678901234", "s")


PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "=HYPERLINK(1)",
    "http://x",
    "mailto:x",
    "{=1}",
]


@pytest.mark.parametrize(
    "column", ["contact_kind", "contact_point", "why", "promised", "safe_time"]
)
def test_nothing_that_a_person_wrote_can_run(column, tmp_path):
    path = written(notices(*({column: payload} for payload in PAYLOADS)), tmp_path)

    assert lint(path, is_worklist=True) == []
    heading = next(each.heading for each in worklist.COLUMNS if each.name == column)
    found = [cell(path, heading, row) for row in range(2, 2 + len(PAYLOADS))]
    assert [each.value for each in found] == PAYLOADS
    assert {(each.data_type, each.hyperlink) for each in found} == {("s", None)}


def test_the_time_of_contact_is_london_time(tmp_path):
    found = cell(written(notices({}), tmp_path), "Received at")

    assert found.value == dt.datetime(2026, 9, 14, 23, 30)


def test_what_is_not_recorded_says_so(tmp_path):
    path = written(notices({"contact_point": None, "received_at": None}, {}), tmp_path)

    assert cell(path, "Phone or e-mail").value == "not recorded"
    assert cell(path, "Received at").value == "not recorded"


def test_an_outcome_is_one_of_four(tmp_path):
    rule = validations(written(notices({}, {}), tmp_path))["K2:K3"]

    assert (rule.type, rule.formula1) == ("list", f'"{",".join(OUTCOMES)}"')
    assert rule.showInputMessage
    assert rule.showErrorMessage
    assert list(OUTCOMES) == ["explained", "tried", "unsafe", "not_contactable"]


def test_an_attempt_is_a_moment_after_the_list_was_made(tmp_path):
    rule = validations(written(notices({}, {}), tmp_path))["L2:L3"]

    day_zero = dt.datetime(1899, 12, 30)
    assert (rule.type, rule.operator) == ("date", None)
    assert day_zero + dt.timedelta(days=float(rule.formula1)) == dt.datetime(2026, 10, 5)
    assert cell(tmp_path / "list.xlsx", "Attempted at").number_format.endswith("hh:mm")


def test_what_somebody_types_as_by_stays_text(tmp_path):
    assert cell(written(notices({}), tmp_path), "By").number_format == "@"


def test_only_the_boxes_that_the_team_fills_in_can_be_written_in(tmp_path):
    sheet = openpyxl.load_workbook(written(notices({}, {}), tmp_path))["Callbacks"]

    assert sheet.protection.sheet
    open_cells = {
        HEADINGS[cell.column - 1]
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert open_cells == {"Outcome", "Attempted at", "By"}


def test_a_time_that_is_safe_stands_beside_the_number_and_any_where_none_is_needed(tmp_path):
    path = written(notices({"safe_time": "weekdays 10:00 to 12:00"}, {}), tmp_path)

    assert cell(path, "Safe time to call").value == "weekdays 10:00 to 12:00"
    assert cell(path, "Safe time to call", 3).value == "any"


def test_the_first_worksheet_says_how_to_keep_people_safe(tmp_path):
    book = openpyxl.load_workbook(written(notices({}), tmp_path))

    assert book.sheetnames == ["How to use", "Callbacks"]
    said = " ".join(str(value) for (value,) in book["How to use"].iter_rows(values_only=True))
    for rule in (
        "script",
        "voicemail",
        "another person",
        "choose unsafe",
        "your supervisor",
        "safe time",
    ):
        assert rule in said


def test_the_same_rows_give_the_same_bytes():
    assert worklist.render(notices({}, {}), ABOUT) == worklist.render(notices({}, {}), ABOUT)


def test_the_guide_says_how_new_the_list_is_and_claims_no_day_on_which_it_was_made(tmp_path):
    sheet = openpyxl.load_workbook(written(notices({}), tmp_path)).worksheets[0]

    said = "List CB-1: 1 notice about September 2026, the newest contact on 5 October 2026."
    assert said in [cell.value for (cell,) in sheet.iter_rows(max_col=1)]


def test_a_printed_page_is_numbered_and_an_ampersand_in_a_title_is_no_code(tmp_path):
    about = Worklist("CB&1", ABOUT.newest_on, "Calls & more")
    with zipfile.ZipFile(written(notices({}), tmp_path, about)) as package:
        sheet = package.read("xl/worksheets/sheet2.xml").decode()

    assert "&amp;LCalls &amp;&amp; more, list CB&amp;&amp;1&amp;RPage &amp;P of &amp;N" in sheet


def test_a_list_of_nobody_or_of_the_same_notice_twice_is_refused():
    with pytest.raises(ValueError, match="at least one notice"):
        worklist.render(notices({}).iloc[:0], ABOUT)
    with pytest.raises(ValueError, match="stands in it twice"):
        worklist.render(notices({"notice_id": "a"}, {"notice_id": "a"}), ABOUT)
    with pytest.raises(ValueError, match="has no id"):
        worklist.render(notices({"notice_id": None}), ABOUT)
