"""CSV and TSV by mapping: declared delimiter, declared columns, exact field count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats import mapping, rows, text
from csip_pipeline.extract.formats.format import Format, Reading

if TYPE_CHECKING:
    from csip_pipeline.extract.sources import Source


def read(path: Path, source: Source) -> Reading:
    """Every record of a delimited file, restated by the source's mapping."""
    content = text.decoded(path, source.text("encoding", "utf-8"))
    numbered = text.records(content, source.text("delimiter", ","), path.name)
    return mapping.restate(rows.rows_of(numbered, path.name), source, path.name)


FORMAT = Format(
    name="delimited",
    read=read,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | {"encoding", "delimiter"},
)
