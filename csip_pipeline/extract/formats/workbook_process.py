"""The rows of a workbook, read in a child process: what it sends, and what it means if it dies."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa

from csip_pipeline import settings
from csip_pipeline.extract.formats import workbook_child as child
from csip_pipeline.extract.formats.workbook_package import MEGABYTE
from csip_pipeline.refusals import PACKAGE, FaultError, RefusedError

SCHEMA = pa.schema({"source_row": pa.int64(), "cells": pa.list_(pa.string())})
PATIENCE_SECONDS = 180.0
"""How long the child may keep us waiting, in all."""
CLOSING_SECONDS = 10.0
LARGEST_FRAME = 1 << 30
BOOT = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from csip_pipeline.extract.formats.workbook_child import main; main()"
)


def row_batches(path: Path, sheet: str) -> Iterator[pa.RecordBatch]:
    """Each row of a sheet that holds anything: its number as Excel counts, and its cells as text.

    The first sheet that is not hidden where `sheet` is empty. Raises RefusedError naming the file
    where it is not a workbook that can be read, or asks for more than a reader of ours may have.
    """
    if not path.is_file():
        raise RefusedError(f"{path.name} is no file, so it was not read. Deliver a file.")
    with path.open("rb") as file, _started(file, path, sheet) as process:
        pipe = _Pipe(process)
        word = pipe.word()
        if word != child.BEGUN:
            raise FaultError("The process that reads workbooks did not start (python -I -S).")
        while (word := pipe.word()) == child.ROWS:
            yield _batch(pipe.pieces)
        if word != child.WHOLE:
            raise _refusal(path.name, word, pipe)


@contextmanager
def _started(file: IO[bytes], path: Path, sheet: str) -> Iterator[subprocess.Popen[bytes]]:
    """The child at work on a file; none is left behind, whatever happens here."""
    options = {"sheet": sheet, "zipped": path.suffix.casefold() == ".gz"}
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-I", "-S", "-B", "-c", BOOT, str(PACKAGE.parent), json.dumps(options)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=settings.bare_environment(),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class _Pipe:
    """What the child sends, waited for until patience ends, which ends the child."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.pieces: list[memoryview] = []
        self._left = PATIENCE_SECONDS

    @property
    def is_late(self) -> bool:
        """Whether the child was ended because it took too long."""
        if self._left <= 0:
            return True
        out_of_work = -getattr(signal, "SIGXCPU", 0)
        return bool(out_of_work) and self.process.wait(CLOSING_SECONDS) == out_of_work

    def word(self) -> bytes:
        """The next frame's word, with its `pieces`; no word where the child has ended."""
        began = time.monotonic()
        timer = threading.Timer(max(self._left, 0), self.process.kill)
        timer.daemon = True
        timer.start()
        try:
            return self._frame()
        finally:
            timer.cancel()
            self._left -= time.monotonic() - began

    def _frame(self) -> bytes:
        stream = self.process.stdout
        head = stream.read(child.FRAME.size) if stream else b""
        if stream is None or len(head) < child.FRAME.size:
            return b""
        word, *lengths = child.FRAME.unpack(head)
        if sum(lengths) > LARGEST_FRAME:
            return b""
        body = memoryview(stream.read(sum(lengths)))
        if len(body) < sum(lengths):
            return b""
        self.pieces = []
        for length in lengths:
            self.pieces.append(body[:length])
            body = body[length:]
        return bytes(word)


def _batch(pieces: list[memoryview]) -> pa.RecordBatch:
    numbers, row_ends, text_ends, letters = map(pa.py_buffer, pieces)
    rows, texts = numbers.size // 8, text_ends.size // 4 - 1
    values = pa.StringArray.from_buffers(texts, text_ends, letters)
    ends = pa.Array.from_buffers(pa.int32(), rows + 1, [None, row_ends])
    cells = pa.ListArray.from_arrays(ends, values, type=SCHEMA.field("cells").type)
    source_row = pa.Array.from_buffers(pa.int64(), rows, [None, numbers])
    batch = pa.RecordBatch.from_arrays([source_row, cells], schema=SCHEMA)
    batch.validate(full=True)
    return batch


def _refusal(name: str, word: bytes, pipe: _Pipe) -> RefusedError:
    """What the child's last word, or its death without one, means for the file."""
    if word == child.REFUSED:
        return RefusedError(name + bytes(pipe.pieces[0]).decode())
    if word == child.FAULT:
        return RefusedError(
            f"{name} could not be read. {bytes(pipe.pieces[0]).decode()} Other files go "
            "on; until then, ask the supplier for CSV."
        )
    if word == child.UNREADABLE:
        return RefusedError(
            f"{name} is not a workbook that can be read (cut off, protected by a password, "
            "or not .xlsx). Ask the supplier to send it again, without a password."
        )
    memory = f"{child.MEMORY // MEGABYTE} MB of memory"
    beyond = memory if word == child.TOO_BIG else f"{memory} or {child.SECONDS} s of work"
    if pipe.is_late:
        beyond = f"{child.SECONDS} s of work"
    return RefusedError(
        f"{name} needs more than {beyond} to be read, which no workbook should, so it was "
        "left. Ask the supplier for CSV, or for fewer rows a file."
    )
