"""Bytes into text: explicit, never guessed. BOM, then strict UTF-8, then the declared encoding."""

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from csip_pipeline.refusals import RefusedError

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file, unpacked if its name ends in .gz.

    Raises RefusedError where the bytes are not text in UTF-8 nor in the declared encoding, or
    hold NUL or the replacement character, which both mean that text was damaged on its way.
    """
    raw = _bytes(path)
    if not raw.strip():
        raise RefusedError(
            f"{path.name} is empty. Ask the supplier to send it again; the month keeps what it had."
        )
    text = _as_text(raw, path, encoding)
    if "\x00" in text or "\ufffd" in text:
        raise RefusedError(
            f"{path.name} holds NUL or replacement characters, so it was damaged or decoded "
            "wrongly before it came here. Ask the supplier for an undamaged copy."
        )
    return text


def records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each record of delimited text with its number; the header is record 1. Blank lines are none.

    Raises RefusedError naming the line where quoting breaks.
    """
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            if not cells:
                continue
            number += 1
            yield number, cells
    except csv.Error:
        raise RefusedError(
            f"{name}, line {reader.line_num}: a quotation mark is opened and not closed properly, "
            "so rows can no longer be told apart. Ask the supplier to quote fields as RFC 4180 says."
        ) from None


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends kept, whichever of LF, CRLF and CR ends them."""
    for chunk in text.split("\n"):
        if "\r" in chunk.rstrip("\r"):
            yield from (piece + "\n" for piece in chunk.rstrip("\r").split("\r"))
        else:
            yield chunk + "\n"


def _bytes(path: Path) -> bytes:
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as file:
                return file.read()
        return path.read_bytes()
    except (OSError, EOFError, zlib.error):
        raise RefusedError(
            f"{path.name} cannot be read (cut off, or not the gzip file that its name says). "
            "Ask the supplier to send it again."
        ) from None


def _as_text(raw: bytes, path: Path, encoding: str) -> str:
    marked = next((name for bom, name in BOMS.items() if raw.startswith(bom)), None)
    for candidate in (marked,) if marked else ("utf-8", encoding):
        try:
            return raw.decode(candidate)
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise RefusedError(f"feeds.toml: no encoding is called {encoding}.") from None
    raise RefusedError(
        f"{path.name} is not text in UTF-8"
        + (f" nor in {encoding}" if encoding.casefold() not in ("utf-8", "utf8") else "")
        + ". Say in feeds.toml which encoding the supplier uses, for example "
        'encoding = "cp1252".'
    )
