"""CSV and TSV by mapping: declared delimiter, declared columns, exact field count."""

from csip_pipeline.extract.formats import mapping, table
from csip_pipeline.extract.formats.format import Format

FORMAT = Format(
    name="delimited",
    open=table.delimited,
    judge=mapping.judge,
    assemble="extract/formats/mapping",
    options=mapping.OPTIONS | table.TABLE_OPTIONS,
    one_row_each=True,
)
