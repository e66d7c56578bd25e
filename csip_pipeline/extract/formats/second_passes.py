"""Where the order of the rows says that a repeated hour is passed for the second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csip_pipeline import clocks

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.table import Table
    from csip_pipeline.extract.sources import Source
    from csip_pipeline.warehouse import Connection


def found(
    con: Connection, table: Table, source: Source, clock_query: str
) -> list[tuple[object, int]]:
    """For each day with a repeated hour, the row from which it is the second pass.

    The file is read once more for it; `raw_cells` then stands at its beginning again.
    """
    again = source.format.open(table.path, source)
    again.lay_out(con)
    passes = con.execute(_query(clock_query)).fetchall()
    again.finish()
    con.unregister("raw_cells")
    table.lay_out(con)
    return [(day, int(row)) for day, row in passes]


def _query(clock_query: str) -> str:
    """Where, within each day's repeated hour, the clock first jumps back."""
    return f"""
        with inside as (
            select source_row, clock, clock_date
            from ({clock_query}) inner join clock_days on clock_date = clock::date
            where {clocks.repeated("clock", "clock_days")}
        ),
        jumps as (
            select *, max(clock) over (partition by clock_date order by source_row) - clock
                > interval {int(clocks.DISORDER.total_seconds())} second as has_jumped
            from inside
        )
        select clock_date, min(source_row) from jumps where has_jumped group by clock_date
    """
