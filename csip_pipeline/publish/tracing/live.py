"""A published cell found again among the figures that the warehouse holds now."""

from dataclasses import dataclass
from typing import Any

from csip_pipeline.publish.tracing.cells import Place, is_same, without_unit
from csip_pipeline.publish.workbook_layout import Layout
from csip_pipeline.publish.workbook_parts import Table
from csip_pipeline.publish.workbook_shown import shown
from csip_pipeline.publish.workbook_values import heading


@dataclass(frozen=True)
class Live:
    """The same cell as it would be published now."""

    row: dict[str, Any]
    """The row of the table's frame, with what only the frame says of it."""
    column: str
    shown: str
    is_same: bool


def find(table: Table, place: Place, keys: int) -> Live | None:
    """The cell with the same heading, in the row about the same; None where there is none now."""
    layout = Layout(table)
    column = _column(layout, place)
    row = None if layout.is_empty else _row(layout, place, keys)
    if column is None or row is None:
        return None
    inside = layout.grid[column][row]
    return Live(
        row=table.rows.iloc[row].to_dict(),
        column=table.columns[column].name,
        shown=shown(inside, table.columns[column], layout.grid[column]),
        is_same=is_same(inside, place.content),
    )


def _column(layout: Layout, place: Place) -> int | None:
    pairs = zip(layout.table.columns, layout.grid, strict=True)
    headings = [heading(column, cells, {}, with_notes=False) for column, cells in pairs]
    if place.heading in headings:
        return headings.index(place.heading)
    bare = [without_unit(each) for each in headings]
    own = without_unit(place.heading)
    return bare.index(own) if own in bare else None


def _row(layout: Layout, place: Place, keys: int) -> int | None:
    """The row whose keys read the same; of several, the one that is as far down among them."""
    cells = list(zip(layout.table.columns[:keys], layout.grid[:keys], strict=True))
    own = place.grid.texts(place.row)[:keys]
    alike = [
        row
        for row in range(len(layout.table.rows))
        if [shown(grid[row], column, grid) for column, grid in cells] == own
    ]
    nth = place.nth(keys)
    return alike[nth] if nth < len(alike) else None
