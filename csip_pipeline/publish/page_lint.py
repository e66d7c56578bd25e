"""Reads a written page back: it fetches nothing, runs nothing, and can be read out."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "path", "rect", "circle", "polyline"})
RUNS_OR_FETCHES = frozenset(
    {
        *("script", "iframe", "frame", "object", "embed", "form", "link", "base"),
        *("img", "image", "use", "video", "audio", "source", "track"),
    }
)
OUTSIDE = re.compile(r"(?i)\b(?:https?|file|ftp|data|javascript):|//\w|@import|\burl\((?!#)")
REFERS = frozenset({"href", "src", "fill", "action", "xlink:href"})
HEADING = re.compile(r"h[1-6]")


class Page(HTMLParser):
    """A page as its elements: what is open, what each holds, what is broken."""

    def __init__(self) -> None:
        """Start with nothing read."""
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.held: list[Counter[str]] = [Counter()]
        self.faults: list[str] = []
        self.style = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        told = {name: value or "" for name, value in attrs}
        self.elements.append((tag, told, tuple(name for name, _ in self.open)))
        for held in self.held:
            held[tag] += 1
        if tag not in VOID:
            self.open.append((tag, told))
            self.held.append(Counter())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is closed at once, as in SVG."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends: it must be the last that began."""
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"The page closes {tag} where something else is open.")
            return
        name, told = self.open.pop()
        self.faults += list(_lacks(name, told, self.held.pop()))

    def handle_data(self, data: str) -> None:
        """Text; that of the style is kept."""
        if self.open and self.open[-1][0] == "style":
            self.style += data


def lint(path: Path) -> list[str]:
    """Every failure of a page as a sentence; none is good."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    told = [f"The page never closes {tag}." for tag, _ in page.open]
    return [*page.faults, *told, *_whole(page), *_links(page), *_safe(page)]


def _lacks(tag: str, told: dict[str, str], held: Counter[str]) -> Iterator[str]:
    """What an element should hold, or say of itself, and does not."""
    needed = {"table": ("caption", "thead", "th"), "svg": ("title", "desc")}.get(tag, ())
    for part in needed:
        if not held[part]:
            yield f"A {tag} of the page has no {part}."
    if tag == "th" and told.get("scope") not in ("col", "row"):
        yield "A heading cell of the page does not say whether it is of a column or of a row."
    if tag == "svg" and told.get("role") != "img":
        yield "A chart of the page is not marked as an image."


def _whole(page: Page) -> Iterator[str]:
    tags = Counter(tag for tag, _, _ in page.elements)
    for tag in ("title", "main", "h1"):
        own = [inside for name, _, inside in page.elements if name == tag and "svg" not in inside]
        if len(own) != 1:
            yield f"The page has {len(own)} of {tag}, not one."
    if not any(tag == "html" and told.get("lang") for tag, told, _ in page.elements):
        yield "The page does not say which language it is in."
    levels = [int(tag[1]) for tag, _, _ in page.elements if HEADING.fullmatch(tag)]
    if any(after > before + 1 for before, after in pairwise([0, *levels])):
        yield "A heading of the page skips a level."
    if tags["style"] > 1:
        yield "The page has more than one style."


def _links(page: Page) -> Iterator[str]:
    ids = Counter(told["id"] for _, told, _ in page.elements if "id" in told)
    for name, count in ids.items():
        if count > 1:
            yield f"The page uses the id {name} {count} times."
    for _, told, _ in page.elements:
        wanted = [told["href"][1:]] if told.get("href", "").startswith("#") else []
        wanted += told.get("aria-labelledby", "").split()
        for name in wanted:
            if name not in ids:
                yield f"The page points to {name}, which is not there."


def _safe(page: Page) -> Iterator[str]:
    for tag, told, _ in page.elements:
        if tag in RUNS_OR_FETCHES:
            yield f"The page has a {tag}."
        for name, value in told.items():
            if name.startswith("on") or name in ("style", "http-equiv", "srcdoc"):
                yield f"The page has {name} on a {tag}."
            if name in REFERS and OUTSIDE.search(value):
                yield f"The page refers to something outside it on a {tag}."
    if OUTSIDE.search(page.style):
        yield "The style of the page refers to something outside it."
