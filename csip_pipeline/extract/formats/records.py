"""Delimited text into rows: declared dialect, exact field count, one bad row costs one row.

A line that is a row by itself is one, whatever stood before it: so a quotation mark that is opened
and never closed takes no other row with it. What lies between two such lines is put together where
a quoted field runs over several lines, and set aside line by line where it cannot be.
"""

import csv
import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from csip_pipeline.extract.formats.batches import CELLS, batch_of, schema_of, split_up
from csip_pipeline.extract.formats.dialects import Dialect
from csip_pipeline.extract.formats.text import OTHER_END, Chunk

MOST_LINES = 1_000
"""How many lines one row may run over."""
WIDEST = 1_001  # fields that a regular expression of PyArrow's can count
QUOTING = "has a quotation mark that is not opened and closed as RFC 4180 says"


Broken = tuple[int, str, str, str]
"""source_row, column, the promise it breaks, and the line itself."""


@dataclass
class Rows:
    """Rows of exactly so many fields, and the lines that are not such rows.

    Once `batches` has been read, `broken` holds what was set aside and `blank` counts the lines
    with nothing on them: lines = rows + lines that a row runs over + broken + blank.
    """

    dialect: Dialect
    fields: int
    broken: list[Broken] = field(default_factory=list)
    rows: int = 0
    continued: int = 0
    blank: int = 0

    def __post_init__(self) -> None:
        """Compile what a row looks like, for one line and for several."""
        csv.field_size_limit(64 << 20)
        row = self.dialect.row(self.fields)
        self._row, self._one_line = re.compile(row), f"^(?:{row})$"

    @property
    def schema(self) -> pa.Schema:
        """What a batch of rows holds: source_row, c0, c1..."""
        return schema_of(self.fields)

    def of(self, chunk: Chunk) -> pa.RecordBatch:
        """The rows of some lines. Call `last` after the last of them."""
        if not self._open and (plain := self._all_plain(chunk)):
            return plain
        numbers, lines = chunk.numbers, chunk.lines
        if self._open:
            numbers, lines = self._with_the_open(numbers, lines)
        plain, quoted = self._kinds(lines)
        odd = pc.invert(pc.or_(plain, quoted))
        parts = [
            self._plain(numbers.filter(plain), lines.filter(plain)),
            self._read(numbers.filter(quoted), lines.filter(quoted)),
        ]
        if pc.any(odd).as_py():
            parts.append(self._odd(numbers, lines, odd.to_numpy(zero_copy_only=False)))
        return self._in_order([part for part in parts if len(part)])

    def last(self) -> pa.RecordBatch:
        """What the lines kept back at the end of the last chunk come to."""
        kept, self._open = self._open, []
        return batch_of(self._settled(kept, is_last=True), self.schema)

    def _all_plain(self, chunk: Chunk) -> pa.RecordBatch | None:
        """The rows of lines without any quotation mark; None where a line is not such a row.

        PyArrow's reader is told that nothing is quoted, so it splits at each delimiter, and counts
        fields and lines.
        """
        signs = (self.dialect.quote, self.dialect.escape, OTHER_END)
        knows = self.fields > 1 and self.dialect.delimiter.isascii()
        if not knows or any(sign and sign in chunk.text for sign in signs):
            return None
        raw = chunk.text.encode()
        names = self.schema.names[1:]
        try:
            rows = arrow_csv.read_csv(
                pa.BufferReader(raw),
                arrow_csv.ReadOptions(
                    use_threads=False, column_names=names, block_size=len(raw) + 1
                ),
                arrow_csv.ParseOptions(
                    delimiter=self.dialect.delimiter, quote_char=False, ignore_empty_lines=False
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        if len(rows) != chunk.count:
            return None
        trim = pc.ascii_trim_whitespace if raw.isascii() else pc.utf8_trim_whitespace
        columns = [trim(column.combine_chunks()) for column in rows.columns]
        batch = pa.RecordBatch.from_arrays([chunk.numbers, *columns], schema=self.schema)
        return self._counted(batch)

    def _counted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows that hold anything; the others are counted as blank."""
        nothing = pc.equal(batch[1], "")
        for column in batch.columns[2:]:
            if not pc.any(nothing).as_py():
                break
            nothing = pc.and_(nothing, pc.equal(column, ""))
        blank = pc.sum(nothing).as_py() or 0
        self.blank += blank
        self.rows += len(batch) - blank
        return batch.filter(pc.invert(nothing)) if blank else batch

    _open: list[tuple[int, str]] = field(default_factory=list, init=False)
    """Lines at the end of the last batch in which a quotation mark is still open."""

    def _kinds(self, lines: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Which lines are rows with no quotation mark in them, and which are rows with some."""
        delimiters = pc.count_substring(lines, self.dialect.delimiter)
        right = pc.equal(delimiters, self.fields - 1)
        ends_otherwise = pc.match_substring(lines, OTHER_END)
        has_quote = pc.and_(right, False)
        for sign in (self.dialect.quote, self.dialect.escape):
            if sign:
                has_quote = pc.or_(has_quote, pc.match_substring(lines, sign))
        plain = pc.and_(right, pc.invert(pc.or_(has_quote, ends_otherwise)))
        if not pc.any(has_quote).as_py():
            return plain, pc.and_(plain, False)
        if self.fields <= WIDEST:
            is_row = pc.match_substring_regex(lines, self._one_line)
        else:
            is_row = pa.array([bool(self._row.fullmatch(line)) for line in lines.to_pylist()])
        return plain, pc.and_(pc.and_(has_quote, is_row), pc.invert(ends_otherwise))

    def _plain(self, numbers: pa.Array, lines: pa.Array) -> pa.RecordBatch:
        """Rows to be split at each delimiter."""
        return self._counted(
            split_up(numbers, pc.split_pattern(lines, self.dialect.delimiter), self.schema)
        )

    def _read(self, numbers: pa.Array, lines: pa.Array) -> pa.RecordBatch:
        """Well-formed rows with quotation marks, each on its own line."""
        cells = pa.array(list(self.dialect.reader(lines.to_pylist())), CELLS)
        return self._counted(split_up(numbers, cells, self.schema))

    def _odd(self, numbers: pa.Array, lines: pa.Array, odd: np.ndarray) -> pa.RecordBatch:
        """Runs of lines that are not rows by themselves; the last may go on in the next batch."""
        places = np.flatnonzero(odd)
        starts = np.flatnonzero(np.diff(places, prepend=-2) > 1)
        found: list[tuple[int, list[str]]] = []
        picked = list(
            zip(numbers.take(places).to_pylist(), lines.take(places).to_pylist(), strict=True)
        )
        for start, end in zip(starts, [*starts[1:], len(picked)], strict=True):
            reaches_the_end = places[end - 1] == len(odd) - 1
            found += self._settled(picked[start:end], is_last=not reaches_the_end)
        return batch_of(found, self.schema)

    def _settled(self, run: list[tuple[int, str]], *, is_last: bool) -> list[tuple[int, list[str]]]:
        """The rows that a run of lines makes; lines that make none are set aside as broken."""
        found: list[tuple[int, list[str]]] = []
        at = 0
        while at < len(run):
            number, line = run[at]
            if not line.strip(f"{self.dialect.delimiter} \t{OTHER_END}"):
                self.blank += 1
                at += 1
                continue
            taken, text = self._joined(run, at, is_last=is_last)
            if taken:
                lines = [f"{part}\n" for part in text.split("\n")]
                found.append((number, next(self.dialect.reader(lines))))
                self.rows += 1
                self.continued += taken - 1
                at += taken
            elif text and not is_last and len(run) - at < MOST_LINES:
                self._open = run[at:]
                break
            else:
                self.broken.append((number, "", self._fault(line), line.removesuffix(OTHER_END)))
                at += 1
        return found

    def _joined(self, run: list[tuple[int, str]], at: int, *, is_last: bool) -> tuple[int, str]:
        """How many lines from here make a row, and the row; 0 where none do.

        With 0, the text so far is given where further lines might still complete the row.
        """
        quotes, text = 0, ""
        for taken, (_, line) in enumerate(run[at : at + MOST_LINES], start=1):
            marked = line.endswith(OTHER_END)
            text += line.removesuffix(OTHER_END)
            quotes += line.count(self.dialect.quote) if self.dialect.quote else 0
            closed = quotes % 2 == 0
            has_more = at + taken < len(run)
            if (closed or self.dialect.escape) and self._row.fullmatch(text):
                # after another line end comes the rest of the field, or a row of its own
                if not marked or (is_last and not has_more):
                    return taken, text
                if has_more and self._begins_row(run, at + taken):
                    return taken, text
            if closed and not marked and not self.dialect.escape:
                return 0, ""
            # a line that ends in another way, outside quotation marks, is a break within a field
            text += " " if closed and marked else "\n"
        return 0, text

    def _begins_row(self, run: list[tuple[int, str]], at: int) -> bool:
        """Whether the lines from here make a row, up to where each quotation mark is closed."""
        quotes, lines = 0, []
        for _, line in run[at : at + MOST_LINES]:
            lines.append(line.removesuffix(OTHER_END))
            quotes += line.count(self.dialect.quote) if self.dialect.quote else 0
            if quotes % 2 == 0:
                break
        return self._row.fullmatch("\n".join(lines)) is not None

    def _with_the_open(self, numbers: pa.Array, lines: pa.Array) -> tuple[pa.Array, pa.Array]:
        kept, self._open = self._open, []
        earlier, texts = zip(*kept, strict=True)
        return (
            pa.concat_arrays([pa.array(earlier, pa.int64()), numbers]),
            pa.concat_arrays([pa.array(texts, pa.string()), lines]),
        )

    def _fault(self, line: str) -> str:
        fields = line.count(self.dialect.delimiter) + 1
        if self.dialect.quote and self.dialect.quote in line:
            return QUOTING
        return f"has {fields} fields where the header has {self.fields}"

    def _in_order(self, parts: list[pa.RecordBatch]) -> pa.RecordBatch:
        if not parts:
            return batch_of([], self.schema)
        if len(parts) == 1:
            return parts[0]
        whole = pa.Table.from_batches(parts, self.schema).combine_chunks()
        order = pc.sort_indices(whole, sort_keys=[("source_row", "ascending")])
        return whole.take(order).combine_chunks().to_batches()[0]
