"""XLSX by mapping: every cell read as text, so that nothing is guessed before the promise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import mapping, table
from csip_pipeline.extract.formats.format import Format
from csip_pipeline.extract.formats.workbook_process import row_batches

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source


def opened(path: Path, source: Source) -> table.Table:
    """Every row of the declared sheet, as text."""
    return table.exactly(row_batches(path, source.text("sheet", "")), path)


FORMAT = Format(
    name="workbook",
    open=opened,
    judge=mapping.judge,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | {"sheet"},
    one_row_each=True,
)
