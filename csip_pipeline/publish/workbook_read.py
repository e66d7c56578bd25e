"""A written workbook read back: its cells through openpyxl, and what openpyxl hides as XML."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

SHEET_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"
)


@dataclass(frozen=True)
class Link:
    """A link in a cell: where it goes inside the workbook, or out of it, and what it says."""

    cell: str
    text: str
    place: str | None
    target: str | None


@dataclass(frozen=True)
class Chart:
    """A chart on a worksheet: its XML and the alternative text of its frame."""

    root: ET.Element
    description: str


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its cells, the XML it is kept in, and the charts drawn on it."""

    name: str
    cells: Worksheet
    root: ET.Element
    charts: list[Chart]

    @property
    def tables(self) -> list[Table]:
        """The tables marked up on the worksheet."""
        return list(self.cells.tables.values())

    @property
    def links(self) -> list[Link]:
        """Every link; Excel shows what the cell holds, not the link's own display text."""
        found = []
        for row in self.cells.iter_rows():
            for cell in row:
                if (link := cell.hyperlink) is not None:
                    text = "" if cell.value is None else str(cell.value)
                    found.append(Link(cell.coordinate, text, link.location, link.target))
        return found


class Written:
    """A workbook on disk. `is_worklist` says that people fill it in, so some rules differ."""

    def __init__(self, path: Path, *, is_worklist: bool = False) -> None:
        """Read all of it. Raises zipfile.BadZipFile or KeyError where it is no workbook."""
        content = path.read_bytes()
        self.is_worklist = is_worklist
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The worksheets in order."""
        targets = self.targets("xl/workbook.xml")
        listed = named(self.xml("xl/workbook.xml"), "sheet")
        ways = {entry.get("name", ""): targets[_relation_id(entry)] for entry in listed}
        return [
            Sheet(cells.title, cells, self.xml(ways[cells.title]), self._charts(ways[cells.title]))
            for cells in self.book.worksheets
        ]

    def xml(self, part: str) -> ET.Element:
        """A part of the package, parsed."""
        return ET.fromstring(self.parts[part])  # noqa: S314 - a file that this project wrote

    def xml_parts(self) -> Iterator[tuple[str, ET.Element]]:
        """Every XML part of the package with its name."""
        for name in self.parts:
            if name.endswith((".xml", ".rels", ".vml")):
                yield name, self.xml(name)

    def targets(self, part: str) -> dict[str, str]:
        """The parts that a part points to, by relation id; targets outside the package too."""
        folder, base = posixpath.split(part)
        relations = f"{folder}/_rels/{base}.rels"
        if relations not in self.parts:
            return {}
        return {
            entry.get("Id", ""): posixpath.normpath(
                posixpath.join("/", folder, entry.get("Target", ""))
            ).lstrip("/")
            for entry in named(self.xml(relations), "Relationship")
        }

    def _charts(self, part: str) -> list[Chart]:
        drawings = [name for name in self.targets(part).values() if name in self.parts]
        charts = []
        for drawing in (name for name in drawings if "/drawings/drawing" in name):
            targets = self.targets(drawing)
            for frame in named(self.xml(drawing), "graphicFrame"):
                about = next(iter(named(frame, "cNvPr")), None)
                description = "" if about is None else about.get("descr", "")
                charts += [
                    Chart(self.xml(targets[_relation_id(entry)]), description)
                    for entry in named(frame, "chart")
                ]
        return charts


def named(root: ET.Element, name: str) -> list[ET.Element]:
    """The elements of this name at any depth, in whichever namespace."""
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]


def references(formula: str) -> list[tuple[str, str]]:
    """The (worksheet, range) pairs that a chart's formula is made of."""
    return [
        ((quoted or plain).replace("''", "'"), cells.replace("$", ""))
        for quoted, plain, cells in SHEET_REFERENCE.findall(formula)
    ]


def _relation_id(element: ET.Element) -> str:
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), ""
    )
