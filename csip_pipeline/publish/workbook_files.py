"""How a workbook becomes a file: text stays text, same data same bytes, all or nothing."""

import copy
import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from csip_pipeline.publish.workbook_parts import Properties

FONT = "Arial"
SAFE_OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "in_memory": True,
    "default_format_properties": {"font_name": FONT, "font_size": 12},
    "default_column_width": 80,
}
"""Options for xlsxwriter.Workbook. Excel draws its default column 80 pixels wide in Arial 12."""

EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3


def package(properties: Properties, fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """The bytes of a workbook that `fill` writes: a function of its arguments and nothing else."""
    buffer = io.BytesIO()
    # a copy, since XlsxWriter writes into it: else the second workbook would differ from the first
    book = xlsxwriter.Workbook(buffer, copy.deepcopy(SAFE_OPTIONS))
    book.set_properties(
        {
            "title": properties.title,
            "subject": properties.subject,
            "author": properties.author,
            "company": properties.author,
            "created": properties.created,
        }
    )
    fill(book)
    book.close()
    return _speaking(buffer, properties.language)


def put(path: Path, content: bytes) -> str:
    """Write `content` to `path` whole or not at all; give its SHA-256 in hexadecimal."""
    half_written = path.with_name(f".{path.name}.part")
    try:
        with half_written.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half_written.replace(path)
        _keep_the_name(path.parent)
    finally:
        half_written.unlink(missing_ok=True)
    return hashlib.sha256(content).hexdigest()


def _keep_the_name(folder: Path) -> None:
    """Have a rename survive a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _speaking(buffer: io.BytesIO, language: str) -> bytes:
    """The package with its language declared (XlsxWriter cannot), free of platform traces."""
    spoken = f"<dc:language>{language}</dc:language></cp:coreProperties>".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(buffer) as given, zipfile.ZipFile(target, "w") as package:
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = part.replace(b"</cp:coreProperties>", spoken)
            elif name.startswith("xl/charts/"):
                part = part.replace(b'"en-US"', f'"{language}"'.encode())
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = UNIX
            entry.external_attr = 0o600 << 16
            package.writestr(entry, part, zipfile.ZIP_DEFLATED, 6)
    return target.getvalue()
