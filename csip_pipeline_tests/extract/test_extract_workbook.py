"""A workbook is read cell by cell as text, whatever Excel took each cell for."""

import datetime as dt
import html
import random
import re

import openpyxl
import pytest
from extract_samples import OCTOBER
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH
from workbook_parts_given import OFFICE, SPACE, cell, parts, row, sheet, styles, texts, zipped

from csip_pipeline.extract.formats.workbook_process import row_batches

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
    for given in rows:
        made.active.append(given)
    path = folder.drop("telephony/calls.xlsx")
    made.save(path)
    return path


def read(path, sheet=""):
    return [
        (number, cells)
        for batch in row_batches(path, sheet)
        for number, cells in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    ]


def first_cell(folder, given, kind="n", **more):
    """How a cell is read, given as it stands in the sheet."""
    path = folder / "book.xlsx"
    zipped(
        path,
        parts(sheet1=sheet(row(1, f'<c r="A1" t="{kind}"{given}</c>', cell("B1", "."))), **more),
    )
    return read(path)[0][1][0]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (12.5, "12.5"),
        (-3, "-3"),
        (1e300, str(int(1e300))),
        (True, "True"),
        ("007", "007"),
        ("7.7009E+11", "7.7009E+11"),
        ("  kept ", "  kept "),
        ("=1+1\n", "=1+1\n"),
        (START.replace(microsecond=0), "2026-10-05 09:00:01"),
        (START - dt.timedelta(microseconds=10), "2026-10-05 09:00:01"),
        (dt.date(2026, 10, 5), "2026-10-05 00:00:00"),
        (dt.time(9, 0, 1), "09:00:01"),
        (dt.time(9, 0, 0, 999_990), "09:00:01"),
        (dt.timedelta(hours=30, seconds=5), "30:00:05"),
    ],
)
def test_a_cell_is_written_in_one_unambiguous_way(tmp_path, given, text):
    made = openpyxl.Workbook()
    made.active.append([given, "."])
    made.active["A1"].data_type = "s" if isinstance(given, str) else made.active["A1"].data_type
    made.save(tmp_path / "book.xlsx")

    assert read(tmp_path / "book.xlsx") == [(1, [text, "."])]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        pytest.param("><v>0042</v>", "42", id="a number with zeros before it"),
        pytest.param("><v>1E+3</v>", "1000", id="a number with an exponent"),
        pytest.param("><v>1e999</v>", "#NUM!", id="a number beyond numbers"),
        pytest.param(' s="1"><v>1e999</v>', "#VALUE!", id="a date beyond dates"),
        pytest.param(' s="1"><v>3000000</v>', "#VALUE!", id="a date after the year 9999"),
        pytest.param(' s="2"><v>1e999</v>', "#VALUE!", id="a duration beyond durations"),
        pytest.param(' s="9"><v>1.5</v>', "1.5", id="a style that is not there"),
        pytest.param("><f>1+1</f><v>2</v>", "2", id="a formula: the value it last had"),
        pytest.param("><f>1+1</f>", "#NOT CALCULATED!", id="a formula that never had one"),
        pytest.param("><f>1+1</f><v/>", "#NOT CALCULATED!", id="or is saved as if it had"),
        pytest.param('><f t="shared" si="0"/>', "#NOT CALCULATED!", id="a shared formula"),
        pytest.param(">\n  <v>\n</v>\n<v>7</v>\n", "7", id="spaces between elements"),
    ],
)
def test_a_number_or_a_formula_is_its_value_or_says_that_it_has_none(tmp_path, given, text):
    assert first_cell(tmp_path, given) == text


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        ("s", "<v>1</v>", "bold plain"),
        ("s", "<v>2</v>", "Tokyo"),
        ("s", "<v>3</v>", "a\rb_x"),
        ("inlineStr", "<is><t>one </t></is>", "one "),
        ("inlineStr", "<is><r><t>two</t></r><r><t> runs</t></r></is>", "two runs"),
        ("inlineStr", "<is><t>Tokyo</t><rPh><t>toukyou</t></rPh></is>", "Tokyo"),
        ("str", "<f>A2&amp;B2</f><v>joined</v>", "joined"),
        ("str", "<f>A2&amp;B2</f><v></v>", ""),
        ("str", "<v>nul_x0000_</v>", "nul\ufffd"),
        ("b", "<v>0</v>", "False"),
        ("e", "<v>#N/A</v>", "#N/A"),
        ("d", "<v>2026-10-05T09:00:01Z</v>", "2026-10-05 09:00:01"),
        ("d", "<v>2026-10-05</v>", "2026-10-05"),
        ("d", "<v>09:00:01</v>", "09:00:01"),
    ],
)
def test_text_is_what_is_shown_however_it_is_kept(tmp_path, kind, given, text):
    shared = texts(
        "first",
        "<r><rPr><b/></rPr><t>bold</t></r><r><t> plain</t></r>",
        "<t>Tokyo</t><rPh><t>toukyou</t></rPh>",
        "<t>a_x000D_b_x005F_x</t>",
    )

    assert first_cell(tmp_path, f">{given}", kind, sharedStrings=shared) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("dd/mm/yyyy", "2026-10-05 12:00:00"),
        ("[$-809]d mmmm yyyy;@", "2026-10-05 12:00:00"),
        ("[h]:mm", "1111212:00:00"),
        ("[Red]0.00", "46300.5"),
        ('0 "days"', "46300.5"),
        ("0\\d", "46300.5"),
        ("General;dd", "46300.5"),
    ],
)
def test_a_number_is_a_date_where_its_format_shows_one(tmp_path, code, text):
    given = styles(0, 170, codes=f'<numFmt numFmtId="170" formatCode="{html.escape(code)}"/>')

    assert first_cell(tmp_path, ' s="1"><v>46300.5</v>', styles=given) == text


SPELT_OTHERWISE = {
    "with a prefix": lambda text: re.sub(r"<(/?)(?=[a-z])", r"<\1x:", text).replace(
        "xmlns=", "xmlns:x="
    ),
    "in the strict format": lambda text: text.replace(
        SPACE, "http://purl.oclc.org/ooxml/spreadsheetml/main"
    ).replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    "in UTF-16": lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16"),
    "without numbers": lambda text: re.sub(r' r="[A-Z]?\d"', "", text),
}


@pytest.mark.parametrize("how", SPELT_OTHERWISE)
def test_a_workbook_may_be_spelt_otherwise(tmp_path, how):
    whole = parts(sheet1=sheet(row(1, cell("A1", "0", "s")), row(2, cell("A2", "1", "s"))))
    spelt = {name: SPELT_OTHERWISE[how](text) for name, text in whole.items()}
    if how == "with a prefix":
        spelt |= {name: whole[name] for name in whole if name.endswith(".rels")}
    zipped(tmp_path / "book.xlsx", spelt)

    assert read(tmp_path / "book.xlsx", "Calls") == [(1, ["first"]), (2, ["second"])]


def test_hidden_rows_are_read_and_a_hidden_sheet_only_by_its_name(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "Kept back"
    made.active.sheet_state = "veryHidden"
    made.active.append(["hidden"])
    seen = made.create_sheet("Calls")
    for text in ("Ref", "1", "2"):
        seen.append([text])
    seen.row_dimensions[2].hidden = True
    seen.merge_cells("A2:A3")
    made.save(tmp_path / "book.xlsx")

    assert read(tmp_path / "book.xlsx") == [(1, ["Ref"]), (2, ["1"])]
    assert read(tmp_path / "book.xlsx", "Kept back") == [(1, ["hidden"])]


def test_openpyxl_reads_the_same(tmp_path):
    """Serial numbers of every size, in the formats that show them, from either year."""
    chance = random.Random(7)  # noqa: S311 - a sample
    for epoch in (WINDOWS_EPOCH, CALENDAR_MAC_1904):
        made = openpyxl.Workbook()
        made.epoch = epoch
        for number in range(1, 400):
            value = chance.choice(
                [chance.random(), chance.uniform(0, 70), chance.uniform(2e4, 6e4), number]
            )
            made.active.append([value] * 4)
            for column, code in enumerate(["General", "d/m/yy h:mm", "h:mm:ss", "[h]:mm:ss"], 1):
                made.active.cell(number, column).number_format = code
        made.save(tmp_path / "book.xlsx")
        again = openpyxl.load_workbook(tmp_path / "book.xlsx", read_only=True)
        expected = [list(map(as_text, cells)) for cells in again.active.iter_rows(values_only=True)]
        again.close()

        assert [cells for _, cells in read(tmp_path / "book.xlsx")] == expected


def as_text(given):
    """What openpyxl makes of a number, written as a cell is."""
    if isinstance(given, dt.datetime):
        return f"{given + dt.timedelta(microseconds=500_000):%Y-%m-%d %H:%M:%S}"
    if isinstance(given, dt.time):
        given = dt.datetime.combine(START, given) - dt.datetime.combine(START, dt.time())
    if isinstance(given, dt.timedelta):
        seconds = round(given.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(int(given)) if float(given).is_integer() else str(given)


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_dates_are_read_whichever_year_the_workbook_counts_from(folder, epoch):
    source = SOURCE.replace('columns = ["Date", "Time"]', 'column = "Date"')
    folder.expect(source)
    book(folder, HEADER, [*ROW[:2], START, None, *ROW[4:]], epoch=epoch)

    folder.take("telephony")

    assert folder.rows(
        "select epoch(arrived_at), wait_seconds, talk_seconds from extract.telephony"
    ) == [(dt.datetime(2026, 10, 5, 8, 0, 1, tzinfo=dt.UTC).timestamp(), 12, 150)]


def test_a_cell_without_a_value_costs_its_row_unless_feeds_toml_knows_the_word(folder):
    known = SOURCE.replace('N = "abandoned"', 'N = "abandoned", "#NULL!" = "abandoned"')
    folder.expect(known + 'recording_id = { column = "Tape", empty = "#N/A" }')
    made = openpyxl.Workbook()
    made.active.title = "Calls"
    made.active.append([*HEADER, "Tape"])
    made.active.append([*ROW, "#N/A"])
    made.active.append([2, "#N/A", *ROW[2:], "t"])
    made.active.append([3, *ROW[1:5], "=1+1", ROW[6], "t"])
    made.active.append([4, *ROW[1:4], "#REF!", *ROW[5:], "t"])
    made.active.append([5, *ROW[1:4], "#NULL!", ROW[5], None, "t"])
    made.save(folder.drop("telephony/calls.xlsx"))

    folder.take("telephony")

    assert folder.rows("select call_id, outcome, recording_id from extract.telephony") == [
        ("1", "answered", None),
        ("5", "abandoned", "t"),
    ]
    told = folder.restricted("select source_row, column_name, promise from extract.quarantine")
    assert {fault[:2] for fault in told} >= {(3, "queue"), (4, "wait_seconds"), (5, "outcome")}
    assert {promise for row, _, promise in told} == {
        "is a spreadsheet's error, or a formula never calculated"
    }


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
