"""Where a table of text begins: lines before its header, and the names of its columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from csip_pipeline.extract.formats.text import OTHER_END, Chunk
from csip_pipeline.refusals import RefusedError

if TYPE_CHECKING:
    from csip_pipeline.extract.formats.dialects import Dialect
    from csip_pipeline.extract.sources import Source


def head(
    first: Chunk, source: Source, dialect: Dialect, file_name: str
) -> tuple[list[str], list[str], Chunk]:
    """The lines before the header, the header, and the lines after it."""
    lines = [line.removesuffix(OTHER_END) for line in first.text.split("\n", 1_000)[:1_000]]
    patterns = source.texts("preamble")
    preamble = lines[: len(patterns)]
    at = len(preamble)
    if fields := source.texts("fields"):
        return preamble, checked(fields, file_name), first.after(at)
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines):
        raise RefusedError(
            f"{file_name} holds nothing but blank lines. Ask the supplier to send it again."
        )
    text, taken = lines[at], 1
    quote = dialect.quote
    while quote and text.count(quote) % 2 and at + taken < min(len(lines), at + 20):
        text += "\n" + lines[at + taken]
        taken += 1
    row = f"{dialect.field}(?:{re.escape(dialect.delimiter)}{dialect.field})*"
    if not re.fullmatch(row, text):
        raise RefusedError(
            f"{file_name}, line {at + 1:,}: the header has a quotation mark that is not opened and "
            "closed as RFC 4180 says, so its columns cannot be told apart. Ask the supplier for it "
            "again."
        )
    names = next(dialect.reader([f"{part}\n" for part in text.split("\n")]))
    return preamble, checked(names, file_name), first.after(at + taken)


def checked(header: list[str], file_name: str) -> list[str]:
    """The header's names. Raises RefusedError where two columns have the same."""
    names = [name.strip() for name in header]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise RefusedError(
            f'{file_name}: two columns of the header are called "{min(twice)}", so nothing tells '
            "them apart. Ask the supplier to rename one."
        )
    return names
