"""A good workbook has no failures; a workbook broken in one way fails the rule about that way."""

import datetime as dt
import re
import zipfile

import pandas as pd
import pytest

from csip_pipeline.publish import workbook
from csip_pipeline.publish.workbook import (
    Chart,
    Column,
    Cover,
    Link,
    Note,
    Properties,
    Series,
    Table,
    Workbook,
)
from csip_pipeline.publish.workbook_lint import RULES, lint
from csip_pipeline.publish.workbook_read import Written

COVER, CONTENTS, FIGURES, OTHER = (f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 4, 6))
OTHER_TABLE, CHART = "xl/tables/table4.xml", "xl/charts/chart1.xml"
BOOK, STYLES, STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
CORE, APP = "docProps/core.xml", "docProps/app.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def good():
    months = Table(
        "calls_by_month",
        "Figures",
        "Calls by month",
        (
            Column("month", "Month", "month"),
            Column("share", "In time", "share", notes=("in_time",)),
        ),
        pd.DataFrame(
            {
                "month": [dt.date(2026, month, 1) for month in range(1, 7)],
                "share": [0.7, None, 0.72, 0.71, 0.7, 0.74],
            }
        ),
    )
    chart = Chart(
        "Chart",
        "Calls in time",
        "About seven in ten.",
        "A line near 70%.",
        "line",
        "calls_by_month",
        "month",
        (Series("share", "101"),),
        "Share",
    )
    reasons = Table(
        "calls_by_reason",
        "Other",
        "Calls by reason",
        (Column("reason", "Reason"), Column("calls", "Calls", "count")),
        pd.DataFrame({"reason": ["Theft", "Noise"], "calls": [3, 5]}),
    )
    return Workbook(
        Cover("A pack", "Of two tables", (("Start", (Link("Contents", "See what is in it"),)),)),
        (months, chart, reasons),
        Properties("A pack", "Northmoor", "Tests", pd.Timestamp("2026-10-01").to_pydatetime()),
        (Note("in_time", "Within five minutes"),),
    )


@pytest.fixture(scope="module")
def content():
    return workbook.render(good())


@pytest.fixture
def path(tmp_path, content):
    (tmp_path / "pack.xlsx").write_bytes(content)
    return tmp_path / "pack.xlsx"


def swap(part, pattern, new):
    """A breakage: the first match of the pattern in a part is replaced."""
    return ("swap", part, pattern, new)


def add(part, content=b"<a/>"):
    """A breakage: one more part in the package."""
    return ("add", part, content)


def relate(sheet, kind, target, mode=""):
    rels = f"xl/worksheets/_rels/sheet{sheet}.xml.rels"
    entry = f'<Relationship Id="rId99" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'
    return swap(rels, "</Relationships>", entry + "</Relationships>")


def break_it(path, breakages):
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for kind, part, *how in breakages:
        if kind == "add":
            parts[part] = how[0]
            continue
        text, count = re.subn(how[0], lambda _, new=how[1]: new, parts[part].decode(), count=1)
        assert count == 1, f"the good workbook's {part} has no {how[0]}"
        parts[part] = text.encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


AFTER_ROWS = "</sheetData>"
COMMENTS = (
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors>'
    b'<author>x</author></authors><commentList><comment ref="A1" authorId="0"><text><t>hm</t>'
    b"</text></comment></commentList></comments>"
)
BREAKAGES = {
    "front_sheets_come_first": [swap(BOOK, 'name="Cover"', 'name="Hello"')],
    "every_sheet_has_a_title": [
        swap(OTHER, '<c r="A1"[^>]*><v>', '<c r="A1"><v>'),
    ],
    "no_sheet_is_hidden": [
        swap(BOOK, '<sheet name="Other"', '<sheet state="veryHidden" name="Other"')
    ],
    "no_row_or_column_is_hidden": [swap(OTHER, '<row r="6"', '<row hidden="1" r="6"')],
    "no_cells_are_merged": [
        swap(OTHER, AFTER_ROWS, f'{AFTER_ROWS}<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    ],
    "nothing_is_filtered": [
        swap(OTHER_TABLE, "<tableColumns", '<autoFilter ref="A4:B6"/><tableColumns')
    ],
    "no_panes_are_frozen": [
        swap(
            OTHER,
            "<sheetView ([^>]*)/>",
            '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>'
            "</sheetView>",
        )
    ],
    "the_cursor_is_in_a1": [
        swap(
            OTHER,
            "<sheetView ([^>]*)/>",
            '<sheetView workbookViewId="0"><selection activeCell="C9" sqref="C9"/></sheetView>',
        )
    ],
    "the_first_sheet_is_open": [swap(BOOK, "<workbookView ", '<workbookView activeTab="2" ')],
    "there_are_no_comments": [
        relate(6, "comments", "../comments1.xml"),
        add("xl/comments1.xml", COMMENTS),
    ],
    "there_are_no_headers_or_footers": [
        swap(
            OTHER,
            "<tableParts",
            "<headerFooter><oddFooter>&amp;CPage &amp;P</oddFooter></headerFooter><tableParts",
        )
    ],
    "links_lead_somewhere": [swap(CONTENTS, "location=\"'Other'!A1\"", "location=\"'Gone'!A1\"")],
    "links_say_where_they_go": [swap(STRINGS, "Go to the contents", "Click here")],
    "no_values_are_offered": [
        swap(
            OTHER,
            AFTER_ROWS,
            f'{AFTER_ROWS}<dataValidations><dataValidation type="whole" sqref="B5">'
            "<formula1>1</formula1></dataValidation></dataValidations>",
        )
    ],
    "every_sheet_has_one_table": [swap(OTHER, "<tableParts.*</tableParts>", "")],
    "tables_have_names_of_their_own": [
        swap(OTHER_TABLE, 'displayName="calls_by_reason"', 'displayName="Table4"')
    ],
    "tables_start_in_column_a": [swap(OTHER_TABLE, 'ref="A4:B6"', 'ref="B4:B6"')],
    "nothing_stands_below_or_beside_tables": [
        swap(
            OTHER,
            AFTER_ROWS,
            f'<row r="7"><c r="A7" t="inlineStr"><is><t>See</t></is></c></row>{AFTER_ROWS}',
        )
    ],
    "tables_have_one_row_of_headings": [
        swap(OTHER_TABLE, 'name="Reason"', 'name="Something else"')
    ],
    "no_row_is_blank": [swap(OTHER, '<row r="2".*?</row>', "")],
    "no_column_is_blank": [
        swap(OTHER, '<c r="B5"[^>]*><v>3</v></c>', ""),
        swap(OTHER, '<c r="B6"[^>]*><v>5</v></c>', ""),
    ],
    "no_cell_is_empty": [swap(OTHER, '<c r="B5"[^>]*><v>3</v></c>', "")],
    "every_mark_is_explained": [swap(STRINGS, "Theft", "Theft [q]")],
    "charts_have_a_title": [swap(CHART, "<c:title>.*?</c:title>", "")],
    "charts_have_alternative_text": [
        swap("xl/drawings/drawing1.xml", 'descr="A line near 70%."', 'descr=" "')
    ],
    "charts_plot_tables": [swap(CHART, r"'Figures'!\$B\$9:\$B\$12", "'Figures'!$Z$9:$Z$12")],
    "there_are_no_formulas": [swap(OTHER, "<v>3</v>", "<f>1+2</f><v>3</v>")],
    "nothing_links_out": [
        swap(
            CONTENTS,
            "<hyperlinks>",
            f'<hyperlinks><hyperlink xmlns:r="{RELATIONS}" ref="B6" r:id="rId99"/>',
        ),
        relate(2, "hyperlink", "https://example.org", ' TargetMode="External"'),
    ],
    "nothing_runs": [add("xl/vbaProject.bin", b"macro")],
    "there_are_no_pictures": [add("xl/media/image1.png", b"picture")],
    "nothing_is_attached": [add("customXml/item1.xml")],
    "no_path_is_given_away": [
        swap(APP, "</Properties>", r"<Base>C:\Users\me\packs</Base></Properties>")
    ],
    "only_print_titles_are_defined": [
        swap(BOOK, "</definedNames>", '<definedName name="secret">1</definedName></definedNames>')
    ],
    "only_the_cover_says_how_to_reach_anybody": [swap(STRINGS, "Theft", "ada@example.org")],
    "the_file_says_what_it_is": [swap(CORE, "<dc:language>en-GB</dc:language>", "")],
    "text_is_large_and_plain": [swap(STYLES, '<sz val="12"/>', '<sz val="9"/>')],
}
ALSO = {
    "no_column_is_blank": {"no_cell_is_empty"},
    "tables_start_in_column_a": {"tables_have_one_row_of_headings"},
}
"""Rules that cannot but fail along with another."""


def failing(path, **more):
    written = Written(path, **more)
    return {rule.__name__ for rule in RULES if list(rule(written))}


def test_a_good_workbook_has_no_failures(path):
    assert lint(path) == []


def test_every_rule_has_a_name_a_reason_and_a_case():
    assert {rule.__name__ for rule in RULES} == set(BREAKAGES)
    assert all(rule.__doc__ for rule in RULES)


@pytest.mark.parametrize("rule", BREAKAGES)
def test_a_workbook_broken_in_one_way_fails_that_rule_alone(rule, path):
    break_it(path, BREAKAGES[rule])

    assert failing(path) == {rule} | ALSO.get(rule, set())


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("every_sheet_has_a_title", "Worksheet 'Other', cell A1: there is no title."),
        ("there_are_no_formulas", "Worksheet 'Other', cell B5: there is a formula."),
        ("no_cell_is_empty", "Worksheet 'Other', cell B5: the cell is empty."),
        (
            "every_mark_is_explained",
            "Worksheet 'Other', cell A5: [q] is not explained in the notes.",
        ),
        ("charts_have_alternative_text", "Worksheet 'Chart': the chart has no alternative text."),
        (
            "charts_plot_tables",
            "Worksheet 'Chart': the chart plots cell Z9:Z12 of 'Figures', which is in no table.",
        ),
    ],
)
def test_a_failure_names_the_worksheet_and_the_cell(rule, sentence, path):
    break_it(path, BREAKAGES[rule])

    assert lint(path) == [sentence]


SAME_NAME = 'displayName="Calls_by_month"'
OTHER_FORMS = [
    ("nothing_is_filtered", swap(OTHER, AFTER_ROWS, f'{AFTER_ROWS}<autoFilter ref="A4:B6"/>')),
    ("no_row_or_column_is_hidden", swap(OTHER, '<col min="1"', '<col hidden="1" min="1"')),
    ("no_sheet_is_hidden", swap(BOOK, 'name="Other"', 'state="hidden" name="Other"')),
    ("the_first_sheet_is_open", swap(OTHER, "<sheetView ", '<sheetView tabSelected="1" ')),
    ("links_say_where_they_go", swap(STRINGS, "Go to the contents", "https://example.org")),
    ("links_say_where_they_go", swap(STRINGS, "See what is in it", " ")),
    ("tables_have_names_of_their_own", swap(OTHER_TABLE, 'displayName="[^"]*"', SAME_NAME)),
    (
        "there_are_no_formulas",
        swap(
            OTHER_TABLE,
            'name="Calls"/>',
            'name="Calls"><calculatedColumnFormula>1</calculatedColumnFormula></tableColumn>',
        ),
    ),
    ("nothing_links_out", add("xl/externalLinks/externalLink1.xml")),
    ("nothing_links_out", add("xl/connections.xml")),
    ("nothing_runs", add("xl/embeddings/oleObject1.bin")),
    ("nothing_runs", add("xl/activeX/activeX1.xml")),
    ("nothing_is_attached", add("docProps/custom.xml")),
    ("no_path_is_given_away", swap(STRINGS, "Theft", "/home/somebody/packs")),
    ("no_path_is_given_away", swap(STRINGS, "Theft", r"\\server\share\packs")),
    ("only_the_cover_says_how_to_reach_anybody", swap(STRINGS, "Theft", "+44 7700 900123")),
    ("only_the_cover_says_how_to_reach_anybody", swap(STRINGS, "Theft", "(01632) 960 123")),
    ("only_the_cover_says_how_to_reach_anybody", swap(CORE, "A pack", "07700900123")),
    ("the_file_says_what_it_is", swap(CORE, "<dc:title>A pack</dc:title>", "<dc:title/>")),
    ("the_file_says_what_it_is", swap(CORE, "<dc:creator>Northmoor</dc:creator>", "")),
    ("text_is_large_and_plain", swap(STYLES, '<name val="Arial"/>', '<name val="Times"/>')),
    ("charts_plot_tables", swap(CHART, r"'Figures'!\$B\$1,", "'Figures'!$A$1,")),
    ("charts_plot_tables", swap(CHART, "<c:val>.*?</c:val>", "<c:val><c:numLit/></c:val>")),
]


@pytest.mark.parametrize(("rule", "breakage"), OTHER_FORMS)
def test_every_form_of_a_breakage_is_seen(rule, breakage, path):
    break_it(path, [breakage])

    assert failing(path) == {rule}


@pytest.mark.parametrize(
    "harmless",
    ["w/c 5 October", "24/7", "https://www.police.uk/home/advice", "Ratio 3:/4", "and/or"],
)
def test_words_that_look_like_a_path_are_not_one(harmless, path):
    break_it(path, [swap(STRINGS, "Theft", harmless)])

    assert lint(path) == []


def test_a_worklist_may_be_filled_in_and_have_numbered_pages(path):
    break_it(
        path,
        [
            *BREAKAGES["no_values_are_offered"],
            *BREAKAGES["no_cell_is_empty"],
            *BREAKAGES["there_are_no_headers_or_footers"],
        ],
    )

    assert failing(path, is_worklist=True) == {"front_sheets_come_first"}


@pytest.mark.parametrize("damaged", [b"", b"month,calls\n", b"PK\x03\x04 damaged"])
def test_a_file_that_is_no_workbook_is_one_failure(damaged, tmp_path):
    (tmp_path / "pack.xlsx").write_bytes(damaged)

    assert lint(tmp_path / "pack.xlsx") == ["pack.xlsx is not a workbook that can be read (.xlsx)."]
