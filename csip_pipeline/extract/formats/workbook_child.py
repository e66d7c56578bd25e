"""The child process that reads a workbook: in little memory, with no file but its pipes.

It takes the workbook on its standard input and writes frames to its standard output: batches of
rows in the layout of Arrow, then one frame that says how it ended. It imports nothing beyond the
standard library, so that it starts in some hundredths of a second.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import json
import struct
import sys
import zipfile
import zlib
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import IO
from xml.parsers import expat

from csip_pipeline.extract.formats import workbook_book, workbook_sheet
from csip_pipeline.extract.formats.workbook_package import MEGABYTE, Package, UnreadableError
from csip_pipeline.refusals import FaultError, RefusedError, quoting_nobody

try:
    import resource
except ImportError:  # Windows: there the parent's clock and the limits of size are all there is
    HAS_LIMITS = False
else:
    HAS_LIMITS = True

MEMORY = 512 * MEGABYTE
SECONDS = 120
LIMITS = {"AS": MEMORY, "CPU": SECONDS, "CORE": 0, "FSIZE": 0, "NOFILE": 3, "NPROC": 0}
"""What the process may have at most: no core (it would hold rows), and no file but its pipes."""
LARGEST_ZIPPED_AGAIN = 100 * MEGABYTE
FRAME = struct.Struct("<c4Q")
"""A word, and the lengths of the (up to four) pieces that follow it."""
BEGUN, ROWS, WHOLE, REFUSED, UNREADABLE, TOO_BIG, FAULT = (bytes([one]) for one in b"BRWXUMF")
CELLS_A_FRAME, LETTERS_A_FRAME = 100_000, 4_000_000
NOT_A_WORKBOOK = (
    UnreadableError,
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    LookupError,
    ValueError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
    struct.error,
)
"""What reading a file raises, one way or another, that is not a whole workbook."""

CODECS = [codecs.lookup(name) for name in ("cp437", "unicode_escape")]
"""Loaded now, since no file can be opened later on: for old names in a zip, and for `shown`."""


def main() -> None:
    """Read the workbook on standard input as the first argument says, and say how it ended."""
    options = json.loads(sys.argv[-1])
    _limit()
    out = sys.stdout.buffer
    with contextlib.suppress(BrokenPipeError):
        for frame in _frames(sys.stdin.buffer, options["sheet"], zipped=options["zipped"]):
            out.write(frame)
            out.flush()


def _limit() -> None:
    if not HAS_LIMITS:
        return
    for name, most in LIMITS.items():
        limit = getattr(resource, f"RLIMIT_{name}", None)
        with contextlib.suppress(ValueError, OSError):  # a system that will not have it set
            if limit is not None:
                resource.setrlimit(limit, (most, most))


def _frames(file: IO[bytes], sheet: str, *, zipped: bool) -> Iterator[bytes]:
    yield _frame(BEGUN)
    try:
        with quoting_nobody():
            yield from _read(file, sheet, zipped=zipped)
    except RefusedError as refusal:
        yield _frame(REFUSED, str(refusal).encode())
    except FaultError as fault:
        yield _frame(FAULT, str(fault).encode())


def _read(file: IO[bytes], sheet: str, *, zipped: bool) -> Iterator[bytes]:
    try:
        package = Package(_unzipped(file) if zipped else file)
        book = workbook_book.opened(package, sheet)
        yield from _batches(workbook_sheet.rows(package, book))
        yield _frame(WHOLE)
    except MemoryError:
        yield _frame(TOO_BIG)
    except expat.ExpatError as error:
        is_memory = error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
        yield _frame(TOO_BIG if is_memory else UNREADABLE)
    except NOT_A_WORKBOOK:
        yield _frame(UNREADABLE)


def _unzipped(file: IO[bytes]) -> IO[bytes]:
    """What a .gz holds, in memory: a zip is read from its end."""
    with gzip.GzipFile(fileobj=file) as opened:
        whole = opened.read(LARGEST_ZIPPED_AGAIN + 1)
    if len(whole) > LARGEST_ZIPPED_AGAIN:
        raise RefusedError(
            f" unzips to more than {LARGEST_ZIPPED_AGAIN // MEGABYTE} MB, so it was not opened. A "
            "workbook is a zip already: ask the supplier to send it as it is, or CSV."
        )
    return io.BytesIO(whole)


def _batches(rows: Iterable[workbook_sheet.Row]) -> Iterator[bytes]:
    numbers, ends, texts = array("q"), array("i", [0]), list[str]()
    letters = 0
    for number, cells in rows:
        numbers.append(number)
        texts.extend(cells)
        ends.append(len(texts))
        letters += sum(map(len, cells))
        if len(texts) > CELLS_A_FRAME or letters > LETTERS_A_FRAME:
            yield _batch(numbers, ends, texts)
            numbers, ends, texts = array("q"), array("i", [0]), list[str]()
            letters = 0
    if numbers:
        yield _batch(numbers, ends, texts)


def _batch(numbers: array[int], ends: array[int], texts: list[str]) -> bytes:
    """A batch as Arrow lays it out: row numbers, where rows and texts end, and the texts."""
    encoded = [text.encode() for text in texts]
    text_ends = array("i", accumulate(map(len, encoded), initial=0))
    pieces = (numbers.tobytes(), ends.tobytes(), text_ends.tobytes(), b"".join(encoded))
    return _frame(ROWS, *pieces)


def _frame(word: bytes, *pieces: bytes) -> bytes:
    lengths = [len(piece) for piece in pieces] + [0] * (4 - len(pieces))
    return FRAME.pack(word, *lengths) + b"".join(pieces)
