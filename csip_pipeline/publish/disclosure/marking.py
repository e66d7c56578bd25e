"""How a table looks in the public edition: a mark in each cell that would tell a hidden count."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from csip_pipeline.publish.disclosure.quantities import Quantity
from csip_pipeline.publish.disclosure.sayings import Cells
from csip_pipeline.publish.workbook import Table

CONFIDENTIAL = "[c]"


def hidden(table: Table, cells: Cells, quantities: AbstractSet[Quantity]) -> Table:
    """The table with the mark wherever a cell tells, or rests on, one of these counts.

    A cell of words is marked too where it follows from the count, such as what a chart shows.
    """
    marked: dict[str, list[int]] = {}
    for (row, column), given in cells.items():
        if not quantities.isdisjoint(given) and column in table.rows:
            marked.setdefault(column, []).append(row)
    if not marked:
        return table
    rows = table.rows.copy()
    for column, places in marked.items():
        values = rows[column].astype("object").tolist()
        for place in places:
            values[place] = CONFIDENTIAL
        rows[column] = values
        rows[column] = rows[column].astype("object")
    return replace(table, rows=rows)
