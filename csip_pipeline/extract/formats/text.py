"""Bytes into text: explicit, never guessed. BOM, then strict UTF-8, then the declared encoding."""

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from csip_pipeline.refusals import RefusedError

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
FIRST_LINE_END = re.compile(r'(?:[^"\r\n]|"[^"]*")*([\r\n])')
DAMAGED = "\ufffd"
"""What a decoder writes in place of bytes it cannot read: the letter itself is lost."""


def decoded(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file, unpacked if its name ends in .gz.

    Raises RefusedError where the bytes are not text in UTF-8 nor in the declared encoding, or
    hold NUL, which is what an interrupted copy leaves behind.
    """
    raw = _bytes(path)
    if not raw.strip():
        raise RefusedError(
            f"{path.name} is empty. Ask the supplier to send it again; the month keeps what it had."
        )
    text = _as_text(raw, path, encoding)
    if not text.strip():
        raise RefusedError(f"{path.name} holds nothing but blank lines. Ask the supplier for it.")
    at = text.find("\x00")
    if at >= 0:
        raise RefusedError(
            f"{path.name}, line {len(lines(text[:at]))}: holds NUL characters, so its copying was "
            "interrupted, or it is UTF-16 without a byte order mark (then say so in feeds.toml: "
            'encoding = "utf-16-le"). Ask the supplier for an undamaged copy.'
        )
    return text


def lines(text: str) -> list[str]:
    """The lines of a text, ended as its first one is: by LF, CRLF or CR.

    The other kind, then, is a line break inside a field, and stands as a space.
    """
    text = text.replace("\r\n", "\n")
    first = FIRST_LINE_END.match(text)
    ends_in_cr = first[1] == "\r" if first else "\n" not in text
    return (
        text.replace("\n", " ").split("\r") if ends_in_cr else text.replace("\r", " ").split("\n")
    )


def records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each record of delimited text with its number, as a spreadsheet numbers its rows.

    A record that holds nothing (a blank line, or delimiters alone) has a number and is left out.
    Raises RefusedError naming the line where quoting breaks.
    """
    reader = csv.reader((line + "\n" for line in lines(text)), delimiter=delimiter, strict=True)
    number, opened = 0, 1
    try:
        for cells in reader:
            number, opened = number + 1, reader.line_num + 1
            if any(cell and not cell.isspace() for cell in cells):
                yield number, cells
    except csv.Error:
        raise RefusedError(
            f"{name}: in the row that begins on line {opened}, a quotation mark is opened and not "
            "closed properly, so rows can no longer be told apart. Ask the supplier to quote "
            "fields as RFC 4180 says."
        ) from None


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
    # Every byte of UTF-16 may also be UTF-8, so a declared one comes first.
    declared_first = codecs_name(encoding, path).startswith("utf-16")
    in_turn = [encoding, "utf-8"] if declared_first else ["utf-8", encoding]
    for candidate in [marked] if marked else in_turn:
        try:
            return raw.decode(candidate)
        except UnicodeDecodeError:
            continue
    raise RefusedError(
        f"{path.name} is not text in UTF-8"
        + ("" if codecs_name(encoding, path) == "utf-8" else f" nor in {encoding}")
        + ". Say in feeds.toml which encoding the supplier uses, for example "
        'encoding = "cp1252".'
    )


def codecs_name(encoding: str, path: Path) -> str:
    """Python's own name of an encoding. Raises RefusedError where there is none such."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise RefusedError(
            f"{path.name} was not read: feeds.toml gives its encoding as {encoding}, and no "
            'encoding is called that. Common ones: "utf-8", "cp1252", "utf-16".'
        ) from None
