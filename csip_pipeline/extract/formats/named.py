"""What formats by name share: their columns by name, judged by a query file of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from csip_pipeline import warehouse
from csip_pipeline.extract.formats.format import Judged
from csip_pipeline.extract.formats.table import Table, require

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source
    from csip_pipeline.warehouse import Connection

Judge = Callable[["Connection", Table, "Source"], Judged]
Parameters = Callable[["Source"], Mapping[str, object]]


def nothing(source: Source) -> Mapping[str, object]:  # noqa: ARG001 - the shape of Parameters
    """The parameters of a query that has none."""
    return {}


def judged_by(
    query: str,
    export: str,
    needed: Iterable[str],
    parameters: Parameters = nothing,
    optional: Iterable[str] = (),
) -> Judge:
    """A judge that hands its query file `cells`: source_row and the named columns.

    Columns of `optional` are null where the file does not have them. Raises RefusedError where a
    needed one is not there.
    """
    needed, optional = tuple(needed), tuple(optional)

    def judge(con: Connection, table: Table, source: Source) -> Judged:
        require(table, needed, export)
        columns = ["source_row"]
        for name in (*needed, *optional):
            place = table.place(name)
            cell = "null::varchar" if place is None else f"nullif(c{place}, '')"
            columns.append(f'{cell} as "{name}"')
        con.execute("create temporary table cells_read as from raw_cells")
        con.execute(f"create temporary view cells as select {', '.join(columns)} from cells_read")
        return Judged(warehouse.read_query(query), parameters(source), rows="cells_read")

    return judge
