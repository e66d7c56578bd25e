"""Rules about whole worksheets: order, titles, links, and nothing hidden or in the way."""

import re
from collections.abc import Iterator

from csip_pipeline.publish.workbook_parts import FRONT
from csip_pipeline.publish.workbook_read import Written, named, references

WORKLIST_FRONT = ("How to use",)
NO_PANE = (None, "A1")
SAYS_NOTHING = frozenset(
    {"click here", "here", "link", "more", "read more", "see more", "this page"}
)
BARE_ADDRESS = re.compile(r"(?i)\s*(https?://|www\.|mailto:|file:|internal:|#)")


def front_sheets_come_first(written: Written) -> Iterator[str]:
    """A reader meets the cover, the contents and the notes before any table."""
    front = WORKLIST_FRONT if written.is_worklist else FRONT
    names = written.book.sheetnames
    if tuple(names[: len(front)]) != front:
        yield f"The first worksheets are {_listed(names[: len(front)])}, not {_listed(front)}."


def every_sheet_has_a_title(written: Written) -> Iterator[str]:
    """Cell A1 of every worksheet says what it is."""
    for sheet in written.sheets:
        value = sheet.cells["A1"].value
        if not (isinstance(value, str) and value.strip()):
            yield f"Worksheet '{sheet.name}', cell A1: there is no title."


def no_sheet_is_hidden(written: Written) -> Iterator[str]:
    """Whatever is in the file can be seen."""
    for sheet in written.sheets:
        if sheet.cells.sheet_state != "visible":
            yield f"Worksheet '{sheet.name}' is hidden."


def no_row_or_column_is_hidden(written: Written) -> Iterator[str]:
    """Whatever is on a worksheet can be seen."""
    for sheet in written.sheets:
        for number, row in sheet.cells.row_dimensions.items():
            if row.hidden or row.height == 0:
                yield f"Worksheet '{sheet.name}', cell A{number}: row {number} is hidden."
        for letter, column in sheet.cells.column_dimensions.items():
            if column.hidden or column.width == 0:
                yield f"Worksheet '{sheet.name}', cell {letter}1: column {letter} is hidden."


def no_cells_are_merged(written: Written) -> Iterator[str]:
    """A screen reader reads a merged cell once, and calls the rest blank."""
    for sheet in written.sheets:
        for cells in sheet.cells.merged_cells.ranges:
            yield f"Worksheet '{sheet.name}', cell {cells.coord}: these cells are merged."


def nothing_is_filtered(written: Written) -> Iterator[str]:
    """Filter buttons hide rows, and cover the headings that they sit on."""
    for sheet in written.sheets:
        if named(sheet.root, "autoFilter"):
            yield f"Worksheet '{sheet.name}' has a filter."
        for table in sheet.tables:
            if table.autoFilter is not None:
                yield f"Worksheet '{sheet.name}', cell {table.ref}: the table has filter buttons."


def no_panes_are_frozen(written: Written) -> Iterator[str]:
    """At high zoom frozen rows leave no room for the rest."""
    for sheet in written.sheets:
        if named(sheet.root, "pane"):
            yield f"Worksheet '{sheet.name}', cell {sheet.cells.freeze_panes}: panes are frozen."


def the_cursor_is_in_a1(written: Written) -> Iterator[str]:
    """Reading starts at the top left of every worksheet."""
    for sheet in written.sheets:
        for view in named(sheet.root, "sheetView"):
            top = view.get("topLeftCell")
            chosen = [entry.get("activeCell", "A1") for entry in named(view, "selection")]
            for cell in {cell for cell in [top, *chosen] if cell not in NO_PANE}:
                yield f"Worksheet '{sheet.name}', cell {cell}: the worksheet opens here, not in A1."


def the_first_sheet_is_open(written: Written) -> Iterator[str]:
    """The workbook opens at its first worksheet, with no other chosen along with it."""
    if written.book.active is not written.book.worksheets[0]:
        yield f"The workbook opens at worksheet '{written.book.active.title}', not at the first."
    for sheet in written.sheets[1:]:
        views = named(sheet.root, "sheetView")
        if any(view.get("tabSelected") in ("1", "true") for view in views):
            yield f"Worksheet '{sheet.name}' is selected as well as the first one."


def there_are_no_comments(written: Written) -> Iterator[str]:
    """A comment is an aside that printing drops and that may name somebody."""
    for sheet in written.sheets:
        for row in sheet.cells.iter_rows():
            for cell in row:
                if cell.comment is not None:
                    yield f"Worksheet '{sheet.name}', cell {cell.coordinate}: there is a comment."


def there_are_no_headers_or_footers(written: Written) -> Iterator[str]:
    """Screen readers pass by what stands in a page's margin; a worklist numbers its pages."""
    if written.is_worklist:
        return
    for sheet in written.sheets:
        if any(text for entry in named(sheet.root, "headerFooter") for text in entry.itertext()):
            yield f"Worksheet '{sheet.name}' has a page header or footer."


def links_lead_somewhere(written: Written) -> Iterator[str]:
    """Every link inside the workbook goes to a worksheet that is there."""
    for sheet in written.sheets:
        for link in sheet.links:
            places = [name for name, _ in references(link.place or "")]
            if link.place is not None and not set(places) & set(written.book.sheetnames):
                yield f"Worksheet '{sheet.name}', cell {link.cell}: the link leads nowhere."


def links_say_where_they_go(written: Written) -> Iterator[str]:
    """A link read out alone still tells where it leads."""
    for sheet in written.sheets:
        for link in sheet.links:
            said = link.text.strip()
            if not said or said.casefold() in SAYS_NOTHING or BARE_ADDRESS.match(said):
                yield f"Worksheet '{sheet.name}', cell {link.cell}: the link's text says nothing."


def no_values_are_offered(written: Written) -> Iterator[str]:
    """A pack is read, not filled in: only a worklist has drop-downs and input messages."""
    if written.is_worklist:
        return
    for sheet in written.sheets:
        for entry in named(sheet.root, "dataValidation"):
            cells = entry.get("sqref", "")
            yield f"Worksheet '{sheet.name}', cell {cells}: there is a data validation."


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
