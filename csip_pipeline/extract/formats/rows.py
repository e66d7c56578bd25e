"""The rows of a table with a header: split from it, found by column, and read with their faults."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from csip_pipeline.extract.formats.format import Reading, faults_of
from csip_pipeline.extract.row_limits import refuse_row_limit
from csip_pipeline.refusals import RefusedError


@dataclass(frozen=True)
class TextRows:
    """The rows of a file as text, and the rows that do not have as many fields as the header."""

    cells: pd.DataFrame
    """One column per named header field; the index is the row number (the header is row 1)."""
    ragged: list[tuple[int, str, str, str]]
    """Faults of the rows whose field count is wrong."""

    def reading(
        self,
        records: pd.DataFrame,
        faults: list[tuple[int, str, str]],
        moments: pd.Series,
        **clock_changes: int,
    ) -> Reading:
        """What a reader hands back: these records, less the rows at fault; `ragged` counted too.

        records is indexed like cells; moments are those that say how far the file had seen.
        """
        records.loc[[number for number, *_ in faults], "disposition"] = "quarantined"
        lost = pd.DataFrame({"source_row": [number for number, *_ in self.ragged]}, dtype="int64")
        lost["disposition"] = "quarantined"
        usable = moments[records["disposition"] != "quarantined"].dropna()
        last = usable if len(usable) else moments.dropna()
        rows = self.cells.loc[sorted({number for number, *_ in faults})]
        shown = dict(zip(rows.index, map(json.dumps, rows.to_numpy().tolist()), strict=True))
        return Reading(
            records=pd.concat([records, lost], ignore_index=True) if len(lost) else records,
            faults=faults_of([(*fault, shown[fault[0]]) for fault in faults] + self.ragged),
            received=len(records) + len(lost),
            last_moment=last.max() if len(last) else None,
            **clock_changes,
        )


def rows_of(numbered: Iterable[tuple[int, list[str]]], file_name: str) -> TextRows:
    """Split a header from its rows, holding every row to the header's field count."""
    records = iter(numbered)
    _, header = next(records, (0, []))
    names = [name.strip() for name in header]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise RefusedError(
            f'{file_name}: two columns of the header are called "{min(twice)}", so nothing tells '
            "them apart. Ask the supplier to rename one."
        )
    whole: list[list[str]] = []
    numbers: list[int] = []
    ragged: list[tuple[int, str, str, str]] = []
    for number, cells in records:
        if len(cells) == len(names):
            numbers.append(number)
            whole.append(cells)
        else:
            fault = f"has {len(cells)} fields where the header has {len(names)}"
            ragged.append((number, "", fault, json.dumps(cells)))
    refuse_row_limit(len(whole) + len(ragged), file_name)
    if not whole:
        what = f"{len(ragged)} rows, each with another number of fields" if ragged else "no row"
        raise RefusedError(
            f"{file_name} has a header and {what}. Zero rows is a failed extract, not a quiet "
            "month: ask the supplier to send it again (or check the delimiter in feeds.toml)."
        )
    columns = {
        name: pd.Series(column, dtype="str")
        for name, column in zip(names, zip(*whole, strict=True), strict=True)
        if name
    }
    return TextRows(pd.DataFrame(columns).set_axis(numbers), ragged)


def require(cells: pd.DataFrame, needed: Iterable[str], file_name: str, export: str) -> None:
    """Raise RefusedError where a column that every such export has is not there."""
    for name in needed:
        if name not in cells.columns:
            raise RefusedError(
                f'{file_name} has no column "{name}", so it is not {export}. '
                f"{nearest(name, cells)}Check the pattern of files in feeds.toml."
            )


def nearest(name: str, cells: pd.DataFrame) -> str:
    """A sentence that suggests the column whose name is most like the one looked for, or none."""
    near = difflib.get_close_matches(name, list(cells.columns), n=1, cutoff=0.5)
    return f'The nearest is "{near[0]}". ' if near else ""
