"""Rows of text in batches: source_row, c0, c1..., without white space around what a cell holds."""

import pyarrow as pa
import pyarrow.compute as pc

CELLS = pa.list_(pa.string())


def schema_of(fields: int) -> pa.Schema:
    """The schema of rows of so many fields: source_row, c0, c1..."""
    cells = [(f"c{place}", pa.string()) for place in range(fields)]
    return pa.schema([("source_row", pa.int64()), *cells])


def split_up(numbers: pa.Array, cells: pa.Array, schema: pa.Schema) -> pa.RecordBatch:
    """Rows given as lists of cells, a column for each, without white space around its text."""
    columns = [
        pc.utf8_trim_whitespace(pc.list_element(cells, place)) for place in range(len(schema) - 1)
    ]
    return pa.RecordBatch.from_arrays([numbers, *columns], schema=schema)


def batch_of(rows: list[tuple[int, list[str]]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows of Python lists as a batch."""
    numbers = pa.array([number for number, _ in rows], pa.int64())
    return split_up(numbers, pa.array([cells for _, cells in rows], CELLS), schema)
