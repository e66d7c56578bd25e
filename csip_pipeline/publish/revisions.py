"""What a pack says of its own changes: the ledger of revised figures, and the marks beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from csip_pipeline.publish.edition_figures import Change
from csip_pipeline.publish.pack_drafts import Draft
from csip_pipeline.publish.workbook import Column, Table

NAME = "revisions"
REVISED, BREAK, NO_MARK = "[r]", "[b]", "None"
MARKS = Column("marks", "Marks", width=10)
Breaks = Mapping[str, Iterable[int]]
"""By table, the rows at which the way of counting changed."""


def ledger(changes: list[Change], causes: list[str], since: str) -> Table:
    """Every figure that changed `since` an earlier pack: by how much, and its cause."""
    rows = [
        (
            change.sheet,
            change.row,
            change.heading,
            change.before,
            change.after,
            change.difference,
            cause,
            "Yes" if change.is_conclusion else "No",
            (change.table, change.place, change.column),
        )
        for change, cause in zip(changes, causes, strict=True)
    ]
    names = ("sheet", "row", "figure", "before", "after", "difference", "cause", "conclusion")
    return Table(
        name=NAME,
        sheet="Revisions",
        title="Revisions: every figure that is another than in an earlier pack",
        intro=(
            f"Compared with {since}.",
            "A conclusion is what the pack says in words of its figures, such as a target met.",
        ),
        columns=(
            Column("sheet", "Worksheet", width=20),
            Column("row", "Row", width=34),
            Column("figure", "Figure", width=24),
            Column("before", "Was", width=20),
            Column("after", "Is now", width=20),
            Column("difference", "Difference", width=14),
            Column("cause", "Why", width=24, notes=("cause",)),
            Column("conclusion", "Conclusion changed", width=13),
        ),
        rows=pd.DataFrame(rows, columns=[*names, "cell"]),
    )


def marked(draft: Draft, changes: Iterable[Change], breaks: Breaks) -> Draft:
    """The draft with a column of marks in each table that has a revised row, or a break."""
    revised: dict[str, set[int]] = {}
    for change in changes:
        if change.place is not None:
            revised.setdefault(change.table, set()).add(change.place)
    tables = draft.tables
    marks = {
        name: _marks(len(tables[name].rows), revised.get(name, set()), set(breaks.get(name, ())))
        for name in {**revised, **breaks}
        if name in tables
    }
    return draft.with_tables(
        {
            name: _with_marks(tables[name], told)
            for name, told in marks.items()
            if any(mark != NO_MARK for mark in told)
        }
    )


def _marks(rows: int, revised: set[int], broken: set[int]) -> list[str]:
    return [
        " ".join([*([BREAK] if row in broken else []), *([REVISED] if row in revised else [])])
        or NO_MARK
        for row in range(rows)
    ]


def _with_marks(table: Table, marks: list[str]) -> Table:
    rows = table.rows.assign(**{MARKS.name: marks})
    return replace(table, columns=(*table.columns, MARKS), rows=rows)
