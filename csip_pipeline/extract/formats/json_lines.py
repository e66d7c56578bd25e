"""JSON lines by mapping: each line one object, its names as columns."""

from collections.abc import Mapping

from csip_pipeline.extract.formats import json_text, mapping, table
from csip_pipeline.extract.formats.format import Format
from csip_pipeline.extract.formats.json_text import JsonRows


def read(file_name: str, columns: Mapping[str, Mapping[str, object]]) -> JsonRows:
    """The names that a mapping's columns are filled from, as a file's columns of the same name.

    columns is `[source.columns]` of feeds.toml, where a name within an object within an object is
    written with dots: `queue = { column = "Queue.Name" }`.
    """
    names = [name for spec in columns.values() for name in _names(spec)]
    wanted = {name: name for name in names}
    return JsonRows(file_name, wanted, needed=wanted)


def _names(spec: Mapping[str, object]) -> list[str]:
    several = spec.get("columns")
    if isinstance(several, list):
        return [str(name) for name in several]
    return [str(spec["column"])] if "column" in spec else []


FORMAT = Format(
    name="json_lines",
    open=lambda path, source: json_text.table_of(path, source, read(path.name, source.columns)),
    judge=mapping.judge,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | table.TEXT_OPTIONS,
    one_row_each=True,
)
