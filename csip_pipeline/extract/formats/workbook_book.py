"""What a workbook says outside its sheets: which there are, shared texts, styles and its epoch.

Runs in the child process (workbook_child), which has the standard library and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from csip_pipeline.extract.formats import workbook_cells as cells
from csip_pipeline.extract.formats.workbook_package import (
    SPACES,
    Package,
    UnreadableError,
    found,
    spelt,
    steps,
)
from csip_pipeline.refusals import RefusedError, shown

LONGEST_TITLE = 31
"""The characters that Excel lets the name of a sheet have."""
MOST_TOLD = 20


@dataclass(frozen=True)
class Book:
    """One sheet of a workbook, and everything that its cells refer to."""

    sheet: str
    """The part that the sheet is."""
    title: str
    space: str
    """The namespace of its elements."""
    texts: list[str]
    """The texts that cells give by number."""
    styles: dict[str, Callable[[str], str]]
    """How a number is written in a style that shows it as a date, a time or a duration."""


def opened(package: Package, wanted: str) -> Book:
    """The book, at its sheet of that name, hidden or not; at the first to be seen if of none."""
    related = list(package.related(""))
    main = next((part for _, kind, part in related if kind == "officeDocument"), None)
    if main is None:
        raise UnreadableError
    told = found(package.chunks(main))
    space = next((space for space in SPACES if spelt("workbook", space) in told), None)
    if space is None:
        raise UnreadableError
    related = list(package.related(main))
    parts = {kind: part for _, kind, part in related if package.has(part)}
    about = told.get(spelt("workbookPr", space), [])
    from_1904 = any(one.get("date1904") in ("1", "true") for one in about)
    title, sheet = _chosen(told.get(spelt("sheet", space), []), related, wanted)
    texts, styles = parts.get("sharedStrings"), parts.get("styles")
    return Book(
        sheet=sheet,
        title=title,
        space=space,
        texts=_texts(package, texts, space) if texts else [],
        styles=_styles(package, styles, space, from_1904=from_1904) if styles else {},
    )


def _chosen(
    told: list[dict[str, str]], related: list[tuple[str, str, str]], wanted: str
) -> tuple[str, str]:
    """The name and the part of a sheet. Raises RefusedError with the sheets there are."""
    parts = {one: part for one, kind, part in related if kind == "worksheet"}
    sheets = []
    for one in told:
        relation = next((one[key] for key in one if key.endswith("relationships id")), "")
        if relation in parts:
            is_hidden = one.get("state", "visible") != "visible"
            sheets.append((is_hidden, one.get("name", ""), parts[relation]))
    for _, name, part in sorted(sheets, key=lambda sheet: sheet[0]):
        if name == wanted or not wanted:
            return name, part
    names = ", ".join(shown(name[:LONGEST_TITLE]) for _, name, _ in sheets[:MOST_TOLD]) or "none"
    raise RefusedError(
        f' has no sheet "{wanted}". Its sheets: {names}. Correct the sheet in feeds.toml, or ask '
        "the supplier for it."
    )


def _texts(package: Package, part: str, space: str) -> list[str]:
    """The shared texts, in order. How a word is pronounced (rPh) is no part of it."""
    text, whole, aside = (spelt(name, space) for name in ("t", "si", "rPh"))
    texts: list[str] = []
    pieces: list[str] = []
    heard: list[str] = []
    within: set[str] = set()

    def start(name: str, _: dict[str, str]) -> None:
        if name == text:
            pieces.clear()
        elif name == aside:
            within.add(name)

    def end(name: str) -> None:
        if name == text and not within:
            heard.extend(pieces)
        elif name == whole:
            texts.append(cells.unescaped("".join(heard)))
            heard.clear()
        elif name == aside:
            within.clear()

    for _ in steps(package.chunks(part), start, end, pieces.append):
        pass
    return texts


def _styles(
    package: Package, part: str, space: str, *, from_1904: bool
) -> dict[str, Callable[[str], str]]:
    told = found(package.chunks(part), within=(spelt("numFmts", space), spelt("cellXfs", space)))
    codes = {
        int(one["numFmtId"]): one.get("formatCode", "")
        for one in told.get(spelt("numFmt", space), [])
    }
    formats = [int(one.get("numFmtId", 0)) for one in told.get(spelt("xf", space), [])]
    written: dict[str, Callable[[str], str]] = {
        "date": partial(cells.moment, from_1904=from_1904),
        "duration": cells.duration,
    }
    kinds = [cells.kind_of_format(number, codes.get(number)) for number in formats]
    return {str(style): written[kind] for style, kind in enumerate(kinds) if kind}
