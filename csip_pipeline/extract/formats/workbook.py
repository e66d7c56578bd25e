"""XLSX by mapping: every cell read as text, so that nothing is guessed before the promise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import mapping
from csip_pipeline.extract.formats import rows as table
from csip_pipeline.extract.formats.format import Format, Reading
from csip_pipeline.extract.formats.workbook_process import row_batches

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source


def read(path: Path, source: Source) -> Reading:
    """Every row of the declared sheet, restated by the source's mapping."""
    numbered = _rows(path, source.text("sheet", ""))
    return mapping.restate(table.rows_of(numbered, path.name), source, path.name)


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    for batch in row_batches(path, sheet):
        columns = (column.to_pylist() for column in batch.columns)
        yield from zip(*columns, strict=True)


FORMAT = Format(
    name="workbook",
    read=read,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | {"sheet"},
)
