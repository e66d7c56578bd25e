"""A trail followed from a published cell to the warehouse, and who is at its end."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from csip_pipeline.calendars import Cycle
from csip_pipeline.measure.definitions import definitions, plain
from csip_pipeline.publish import edition_bases, edition_history, edition_making, pack_figures
from csip_pipeline.publish.edition_history import RESTRICTED, Entry
from csip_pipeline.publish.tracing import cells, live, selections, sources
from csip_pipeline.publish.tracing.cells import Place
from csip_pipeline.publish.tracing.declared import TRACED
from csip_pipeline.publish.tracing.declaring import Traced
from csip_pipeline.publish.tracing.figures_of import Behind, Figure
from csip_pipeline.publish.tracing.live import Live
from csip_pipeline.publish.tracing.trails import Trail
from csip_pipeline.publish.workbook_read import Written
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection

PUBLIC = "public"
EDITIONS = (RESTRICTED, PUBLIC)
HIDDEN = "[c]"
GONE = "The warehouse has no such figure any more, so its contacts cannot be counted."
NO_FIGURE = "There is no figure in this cell, so nothing was counted."
NO_FIGURES = ("[x]", "[z]")
NOBODY = pd.DataFrame({"contact_id": [], "month": [], "times": []})


@dataclass(frozen=True)
class _Found:
    """A published cell, and the same one among the figures of the warehouse if it is there."""

    place: Place
    keys: int
    traced: Traced
    figure: Figure
    live: Live | None
    basis: edition_bases.Basis

    @property
    def behind(self) -> Behind | str:
        """Who is behind it, or why nobody is."""
        if self.live is None:
            return GONE
        return NO_FIGURE if self.live.shown in NO_FIGURES else self.traced.found(self.figure)

    @property
    def months(self) -> list[dt.date]:
        """The months looked at."""
        behind = self.behind
        if isinstance(behind, str):
            own = set(self.figure.months)
        else:
            own = {month for asked in behind.selections for month in asked.months}
        return sources.months_looked_at(self.traced, own)


def trace(  # noqa: PLR0913, PLR0917 - which cell, of what, from where
    con: Connection, published: Path, cycle: Cycle, sheet: str, cell: str, edition: str = RESTRICTED
) -> Trail:
    """The trail of a cell of a cycle's last edition, restricted or public.

    Raises RefusedError where nothing is published, or the cell holds no figure.
    """
    entry, file = _edition(published / cycle.cycle, edition)
    grid = cells.grid(_written(published / cycle.cycle, file), sheet)
    found = _find(con, published, cycle, entry, grid, cell)
    return _told(con, cycle, edition, entry, file, found)


def _find(  # noqa: PLR0913, PLR0917 - as above
    con: Connection, published: Path, cycle: Cycle, entry: Entry, grid: cells.Grid, cell: str
) -> _Found:
    traced = TRACED.get(grid.table)
    if traced is None:
        raise RefusedError(
            f"{grid.sheet.name} was published by another version of csip: only that can trace it."
        )
    figures, basis = pack_figures.read(con, cycle), edition_bases.read(con, cycle)
    whole = edition_making.whole(figures, basis, published, int(entry["revision"]))
    table = whole.draft.tables.get(grid.table)
    keys = traced.keys or (1 if table is None else table.keys)
    place = cells.place(grid, cell, keys)
    same = None if table is None else live.find(table, place, keys)
    row, column = ({}, "") if same is None else (same.row, same.column)
    return _Found(place, keys, traced, Figure(row, column, figures), same, basis)


def _told(  # noqa: PLR0913, PLR0917 - as above
    con: Connection, cycle: Cycle, edition: str, entry: Entry, file: Entry, found: _Found
) -> Trail:
    place, traced, behind = found.place, found.traced, found.behind
    then, queries = edition_bases.from_dict(entry), sources.queries(traced)
    packed = (traced.pack_query,) if traced.pack_query else ()
    is_hidden = edition == PUBLIC and place.shown == HIDDEN
    is_known = found.live is not None and not is_hidden
    title, formula = _definition(traced.defined(found.figure.column))
    ids = NOBODY if isinstance(behind, str) else selections.contacts(con, behind.selections)
    asked = traced.judged(found.figure) if found.live else None
    feeds = traced.fed(found.figure, behind)
    return Trail(
        cycle=cycle.cycle,
        edition=edition,
        revision=int(entry["revision"]),
        file=str(file["file"]),
        code_version=then.code_version,
        sheet=place.grid.sheet.name,
        cell=place.cell,
        heading=place.heading,
        row=place.about(found.keys),
        shown=place.shown,
        now=found.live.shown if found.live and is_known else None,
        is_same_now=None if is_hidden else found.live is not None and found.live.is_same,
        measure=traced.measured(found.figure) if found.live else traced.measure,
        definition=title,
        formula=formula,
        queries=sources.of_queries(queries, then, found.basis),
        pack_query=next(iter(sources.of_queries(packed, then, found.basis)), None),
        standards=sources.standards(con, asked),
        references=sources.of_rules((*queries, *packed), then, found.basis),
        months=tuple(f"{month:%Y-%m}" for month in found.months),
        inputs=sources.inputs(con, then.inputs, cycle.months, found.months, feeds),
        contacts=None if isinstance(behind, str) else len(ids),
        times=None if isinstance(behind, str) else int(ids["times"].sum()),
        whom=None if isinstance(behind, str) else behind.whom,
        why_no_contacts=behind if isinstance(behind, str) else None,
        contact_ids=ids[["contact_id", "month"]],
    )


def _edition(folder: Path, edition: str) -> tuple[Entry, Entry]:
    """The last edition as its manifest lists it, and the file of the edition asked for."""
    entries = edition_history.editions(folder)
    if not entries:
        raise RefusedError(
            f"No pack of {folder.name} is published, so there is nothing to trace. Publish it: "
            f"csip pack --cycle {folder.name}"
        )
    entry = entries[-1]
    if edition == PUBLIC:
        return entry, entry
    file = edition_history.restricted(folder, int(entry["revision"]))
    if not file:
        raise RefusedError(
            f"The last pack of {folder.name} has no restricted edition. Trace the public one: "
            "--edition public"
        )
    return entry, file


def _written(folder: Path, file: Entry) -> Written:
    """The workbook of an edition. Raises RefusedError where it is not the one published."""
    path = folder / str(file["file"])
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
        raise RefusedError(
            f"published/{folder.name}/{file['file']} is gone or was changed since it was "
            f"published. Restore it from the backup of the folder published, or: csip pack --cycle "
            f"{folder.name}"
        )
    return Written(path)


def _definition(name: str | None) -> tuple[str | None, str | None]:
    """The title and formula of a definition."""
    for one in definitions():
        if one.name == name:
            return one.title, plain(one.formula)
    return None, None
