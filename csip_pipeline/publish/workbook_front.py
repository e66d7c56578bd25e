"""The worksheets that come first: the cover, the contents, the notes with the shorthand."""

from collections.abc import Sequence

import pandas as pd
import xlsxwriter

from csip_pipeline.publish.workbook_cells import Pen
from csip_pipeline.publish.workbook_layout import HOME, ONE_TABLE, Layout
from csip_pipeline.publish.workbook_parts import (
    SHORTHAND,
    Chart,
    Column,
    Cover,
    Table,
    Workbook,
    noted,
)
from csip_pipeline.publish.workbook_sheets import HEADING, TITLE, blank_sheet, write_line

COVER_WIDTH = 82
MOST_NAMED = 4


def write_cover(
    book: xlsxwriter.Workbook, pen: Pen, cover: Cover, sheet_name: str = "Cover"
) -> None:
    """One column of wrapped text that prints on an upright page."""
    sheet = blank_sheet(book, sheet_name, portrait=True)
    sheet.set_column(0, 0, COVER_WIDTH)
    write_line(sheet, pen, 0, cover.title, COVER_WIDTH, look=TITLE)
    write_line(sheet, pen, 1, cover.subtitle, COVER_WIDTH, above=4)
    row = 2
    for heading, paragraphs in cover.sections:
        write_line(sheet, pen, row, heading, COVER_WIDTH, above=16, look=HEADING)
        for offset, paragraph in enumerate(paragraphs, start=1):
            write_line(sheet, pen, row + offset, paragraph, COVER_WIDTH, above=4)
        row += 1 + len(paragraphs)
    sheet.activate()
    sheet.set_first_sheet()


def contents(pack: Workbook) -> Layout:
    """What each worksheet after this one holds."""
    notes = ("Notes", "The notes and the shorthand used in the tables, explained")
    described = [(item.sheet, _described(item)) for item in pack.items]
    table = Table(
        name="table_of_contents",
        sheet="Contents",
        title="Contents",
        columns=(Column("sheet", "Worksheet"), Column("holds", "What it contains", width=85)),
        rows=pd.DataFrame([notes, *described], columns=["sheet", "holds"]),
    )
    return Layout(table, lines=[table.title, "Choose a worksheet's name to go to it.", ONE_TABLE])


def notes(pack: Workbook, layouts: Sequence[Layout]) -> Layout:
    """Every note by its number, then the whole shorthand key, and where each is used."""
    explained = [
        (f"[note {number}]", note.text, _places(layouts, note_name=note.name))
        for number, note in enumerate(pack.notes, start=1)
    ]
    explained += [
        (mark, f"{short[0].upper()}{short[1:]}. {sentence}", _places(layouts, mark=mark))
        for mark, (short, sentence) in SHORTHAND.items()
    ]
    table = Table(
        name="notes_and_shorthand",
        sheet="Notes",
        title="Notes and shorthand",
        columns=(
            Column("mark", "Mark"),
            Column("meaning", "What it means", width=64),
            Column("used", "Where it is used", width=37),
        ),
        rows=pd.DataFrame(explained, columns=["mark", "meaning", "used"]),
    )
    what = "Marks in square brackets appear in the headings and cells of the tables."
    return Layout(table, lines=[table.title, what, ONE_TABLE, HOME])


def _described(item: Table | Chart) -> str:
    kind = "Chart" if isinstance(item, Chart) else "Table"
    return item.title if item.title.startswith(kind) else f"{kind}: {item.title}"


def _places(layouts: Sequence[Layout], *, note_name: str = "", mark: str = "") -> str:
    sheets = [
        layout.table.sheet
        for layout in layouts
        if note_name in noted(layout.table) or mark in layout.marks
    ]
    if len(sheets) > MOST_NAMED:
        rest = len(sheets) - MOST_NAMED + 1
        sheets = [*sheets[: MOST_NAMED - 1], f"{rest} more worksheets"]
    return ", ".join(sheets) or "Not used in this pack"
