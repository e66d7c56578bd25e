"""Rules about tables: one a worksheet, whole, named, starting in column A, with nothing around."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from openpyxl.cell import Cell
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.table import Table

from csip_pipeline.publish.workbook_charts import NO_FIGURES
from csip_pipeline.publish.workbook_read import Sheet, Written

DEFAULT_NAME = re.compile(r"(?i)table_?\d*")
MARK = re.compile(r"\[(?:note \d+|[a-z])\]")


def every_sheet_has_one_table(written: Written) -> Iterator[str]:
    """Cover and charts apart, a worksheet holds exactly one table."""
    for sheet in written.sheets[1:]:
        if sheet.charts or _is_a_chart_without_figures(sheet):
            continue
        if len(sheet.tables) != 1:
            yield f"Worksheet '{sheet.name}' has {len(sheet.tables)} tables, not one."


def tables_have_names_of_their_own(written: Written) -> Iterator[str]:
    """A screen reader lists tables by name: "Table1" tells nobody anything."""
    tables = [(sheet, table) for sheet in written.sheets for table in sheet.tables]
    counts = Counter(table.displayName.casefold() for _, table in tables)
    for sheet, table in tables:
        name = table.displayName
        if DEFAULT_NAME.fullmatch(name):
            yield f"Worksheet '{sheet.name}', cell {table.ref}: the table is only called '{name}'."
        if counts[name.casefold()] > 1:
            yield f"Worksheet '{sheet.name}', cell {table.ref}: two tables are called '{name}'."


def tables_start_in_column_a(written: Written) -> Iterator[str]:
    """A reader who moves down from A1 meets the table."""
    for sheet in written.sheets:
        for table in sheet.tables:
            if range_boundaries(table.ref)[0] != 1:
                yield (f"Worksheet '{sheet.name}', cell {table.ref}: the table is not in column A.")


def nothing_stands_below_or_beside_tables(written: Written) -> Iterator[str]:
    """What follows a table or sits next to it is found by nobody."""
    for sheet in written.sheets:
        for table in sheet.tables:
            _, top, right, bottom = range_boundaries(table.ref)
            for row in sheet.cells.iter_rows():
                for cell in row:
                    is_out = cell.row > bottom or (cell.row >= top and cell.column > right)
                    if cell.value is not None and is_out:
                        yield (
                            f"Worksheet '{sheet.name}', cell {cell.coordinate}: this stands below "
                            "or beside the table."
                        )


def tables_have_one_row_of_headings(written: Written) -> Iterator[str]:
    """One header row, and every heading filled, different, and the one in the cell."""
    for sheet in written.sheets:
        for table in sheet.tables:
            left, top, _, _ = range_boundaries(table.ref)
            where = f"Worksheet '{sheet.name}', cell"
            if table.headerRowCount != 1:
                yield f"{where} {table.ref}: the table has no header row."
            seen: set[str] = set()
            for position, column in enumerate(table.tableColumns, start=left):
                cell = sheet.cells.cell(top, position)
                text = str(cell.value or "").strip()
                if not text:
                    yield f"{where} {cell.coordinate}: the heading is empty."
                elif text.casefold() in seen:
                    yield f"{where} {cell.coordinate}: the heading is used twice."
                elif text != str(column.name).strip():
                    yield f"{where} {cell.coordinate}: the heading is not the table's own."
                seen.add(text.casefold())


def no_row_is_blank(written: Written) -> Iterator[str]:
    """A blank row reads as the end of the worksheet."""
    for sheet in written.sheets:
        for number, row in enumerate(sheet.cells.iter_rows(values_only=True), start=1):
            if all(value is None for value in row):
                yield f"Worksheet '{sheet.name}', cell A{number}: row {number} is blank."


def no_column_is_blank(written: Written) -> Iterator[str]:
    """A column of nothing reads as the edge of the table; columns to fill in are not nothing."""
    for sheet, table in _tables(written):
        left, top, right, bottom = range_boundaries(table.ref)
        for position in range(left, right + 1):
            cells = [sheet.cells.cell(row, position) for row in range(top + 1, bottom + 1)]
            if _are_blank(cells) and not _is_filled_in_by_hand(sheet, cells[0].coordinate):
                yield (
                    f"Worksheet '{sheet.name}', cell {cells[0].coordinate}: the column is blank."
                )


def no_cell_is_empty(written: Written) -> Iterator[str]:
    """A cell without a value says why: [x], [z], [c]... Cells to fill in may be empty."""
    for sheet, table in _tables(written):
        for row in sheet.cells[table.ref][1:]:
            for cell in row:
                if _are_blank([cell]) and not _is_filled_in_by_hand(sheet, cell.coordinate):
                    yield f"Worksheet '{sheet.name}', cell {cell.coordinate}: the cell is empty."


def every_mark_is_explained(written: Written) -> Iterator[str]:
    """A mark in square brackets stands in the notes."""
    if written.is_worklist or "Notes" not in written.book.sheetnames:
        return
    rows = written.book["Notes"].iter_rows(values_only=True)
    explained = {str(row[0]) for row in rows if row}
    for sheet in written.sheets:
        for row in sheet.cells.iter_rows():
            for cell in (cell for cell in row if isinstance(cell.value, str)):
                for mark in sorted(set(MARK.findall(cell.value)) - explained):
                    yield (
                        f"Worksheet '{sheet.name}', cell {cell.coordinate}: {mark} is not "
                        "explained in the notes."
                    )


def _tables(written: Written) -> Iterator[tuple[Sheet, Table]]:
    for sheet in written.sheets:
        for table in sheet.tables:
            yield sheet, table


def _are_blank(cells: Sequence[Cell]) -> bool:
    return all(cell.value is None or not str(cell.value).strip() for cell in cells)


def _is_filled_in_by_hand(sheet: Sheet, cell: str) -> bool:
    return any(cell in entry.sqref for entry in sheet.cells.data_validations.dataValidation)


def _is_a_chart_without_figures(sheet: Sheet) -> bool:
    return any(value == NO_FIGURES for (value, *_) in sheet.cells.iter_rows(values_only=True))
