"""The workbook, the page and the CSV of a published pack say the same, cell by cell."""

import csv
import io
from html.parser import HTMLParser

import openpyxl
import pytest

from csip_pipeline.publish import page_lint, tables_csv
from csip_pipeline.publish.workbook_lint import lint

KEPT_APART = ("Contents", "Notes", "Cover")


class Tables(HTMLParser):
    """The tables of a page by caption, each a list of rows."""

    def __init__(self, text):
        """Read a whole page."""
        super().__init__()
        self.tables, self._into = {}, None
        self._caption, self._rows = None, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """A table, a row or a cell begins."""
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("th", "td"):
            self._rows[-1].append("")
        if tag in ("caption", "th", "td"):
            self._into = tag
        del attrs

    def handle_endtag(self, tag):
        """A table ends, or what text belongs to."""
        if tag == "table":
            self.tables[self._caption] = self._rows
        if tag == self._into:
            self._into = None

    def handle_data(self, data):
        """Text of a caption or of a cell."""
        if self._into == "caption":
            self._caption += data
        elif self._into:
            self._rows[-1][-1] += data


@pytest.fixture
def edition(press):
    """The public edition of a pack, as it was published first."""
    return press.first()


@pytest.fixture
def files(edition):
    """Its CSV files by name, each a list of rows."""
    folder = edition.path.with_name(f"{edition.path.stem}_tables")
    return {
        path.name: list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        for path in sorted(folder.iterdir())
    }


def test_every_table_of_the_workbook_is_on_the_page_and_a_file_of_its_own(edition, files):
    book = openpyxl.load_workbook(edition.path)
    own = {
        name: sheet.tables[name].ref
        for sheet in book
        if sheet.title not in KEPT_APART
        for name in sheet.tables
    }
    page = Tables(edition.path.with_suffix(".html").read_text("utf-8"))

    assert set(files) == {tables_csv.CONTENTS, *(f"{name}.csv" for name in own)}
    listed = files[tables_csv.CONTENTS][1:]
    assert [title for *_, title in listed] == list(page.tables)
    assert len(own) == len(listed) > 15


def test_every_cell_of_the_workbook_is_the_same_in_the_file_and_on_the_page(edition, files):
    book = openpyxl.load_workbook(edition.path)
    page = Tables(edition.path.with_suffix(".html").read_text("utf-8")).tables
    compared = 0
    for file, sheet, title in files[tables_csv.CONTENTS][1:]:
        name = file.removesuffix(".csv")
        cells = book[sheet][book[sheet].tables[name].ref]
        _, *rows = files[file] if len(files[file]) > 1 else [[], ["[z]"] * len(cells[0])]
        assert len(rows) == len(page[title]) - 1 == len(cells) - 1, file
        for written, plain, shown in zip(cells[1:], rows, page[title][1:], strict=True):
            for cell, text, seen in zip(written, plain, shown, strict=True):
                compared += 1
                if cell.data_type == "s":
                    assert cell.value == seen == text.removeprefix("'"), (file, cell.coordinate)
                elif cell.number_format == "#,##0":
                    assert float(text) == pytest.approx(cell.value, abs=5e-7)
                    assert float(seen.replace(",", "")) == pytest.approx(cell.value, abs=0.5)
                elif cell.number_format == "0.0%":
                    assert float(text) == pytest.approx(cell.value, abs=5e-7)
                    assert float(seen.removesuffix("%")) == pytest.approx(
                        100 * cell.value, abs=0.0501
                    )
                elif cell.number_format == "[$-809]mmmm yyyy":
                    assert (text, seen) == (f"{cell.value:%Y-%m}", f"{cell.value:%B %Y}")
    assert compared > 1_000


def test_both_editions_keep_the_rules_of_workbooks_and_of_pages(edition):
    for path in (edition.path, edition.restricted):
        assert lint(path) == []
        assert page_lint.lint(path.with_suffix(".html")) == []
