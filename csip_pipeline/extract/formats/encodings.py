"""Which encoding a file is in: a byte order mark, then strict UTF-8, then what is declared."""

import codecs
import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from csip_pipeline.refusals import RefusedError

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CHUNK = 4 << 20


def encoding_of(file: BinaryIO, path: Path, encoding: str) -> str:
    """The encoding to read with: the mark's, else UTF-8 if all of it is, else the declared."""
    declared = codecs_name(encoding, path)
    start = read(file, path, 4)
    file.seek(0)
    marked = next((name for bom, name in BOMS.items() if start.startswith(bom)), None)
    if marked:
        return marked
    # Every byte of UTF-16 may also be UTF-8, so a declared one comes first.
    if declared == "utf-8" or declared.startswith("utf-16") or not _is_utf8(path):
        return declared
    return "utf-8"


def codecs_name(encoding: str, path: Path) -> str:
    """Python's own name of an encoding. Raises RefusedError where there is none such."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise RefusedError(
            f"{path.name} was not read: feeds.toml gives its encoding as {encoding}, and no "
            'encoding is called that. Common ones: "utf-8", "cp1252", "utf-16".'
        ) from None


def opened(path: Path) -> BinaryIO:
    """The file's bytes, unpacked if its name ends in .gz."""
    try:
        return cast("BinaryIO", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))
    except OSError:
        raise _unreadable(path) from None


def read(file: BinaryIO, path: Path, size: int) -> bytes:
    """So many bytes, unpacked. Raises RefusedError where the file is cut off."""
    try:
        return file.read(size)
    except (OSError, EOFError, zlib.error):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> RefusedError:
    return RefusedError(
        f"{path.name} cannot be read (cut off, not the gzip file that its name says, or without "
        "permission). Ask the supplier to send it again."
    )


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with opened(path) as file:
        while True:
            raw = read(file, path, CHUNK)
            try:
                decoder.decode(raw, final=not raw)
            except UnicodeDecodeError:
                return False
            if not raw:
                return True
