"""How a contact point may stand written in a text: patterns that find it whatever its spelling.

Python's `re` (of text or bytes) and DuckDB's RE2 read these alike. None looks ahead or behind: what
stands before and after is a group of its own.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

BRITISH = "+44"
SEPARATOR = "(?:[ ().\\-/\\[\\]]|\xa0|\u00ad|\u2010|\u2011|\u2012|\u2013|\u2014|\u2212){0,3}"
AT = r"(?:@|%40|\\u0040|&#64;)"
AROUND = 400
"""Bytes to either side of a gist: more than any way of writing a contact point."""
SHORTEST_WORD = 5
"""A handle of fewer letters, or of digits, is found in a text only with its @."""
MOMENT = re.compile(r"1[5-9]\d{8}")
"""A national number that could be a moment in seconds since 1970: found with its prefix only."""


@dataclass(frozen=True, order=True)
class Point:
    """A normalised contact point and its kind. What it prints says only the kind."""

    kind: str
    point: str

    def __repr__(self) -> str:
        """The kind alone, so that no error quotes anybody."""
        return f"a contact point of kind {self.kind}"

    @property
    def pattern(self) -> str:
        """Finds it: group 1 is what stands before it, group 3 what stands after."""
        before, after = {
            "phone": ("[^0-9]", "[^0-9]"),
            "email": (r"[^0-9A-Za-z._%+-]", r"[^0-9A-Za-z.-]|\.[^0-9A-Za-z]|\.$"),
            "handle": ("[^0-9A-Za-z_]", "[^0-9A-Za-z_]"),
        }[self.kind]
        return f"(?i)(^|{before})({self._written()})($|{after})"

    @property
    def gist(self) -> bytes:
        """A pattern for bytes in small letters, in which the point stands only where it matches.

        It is a hundred times as fast as the whole pattern.
        """
        if self.kind == "phone":
            return SEPARATOR.join(self.point.removeprefix(BRITISH).lstrip("+")).encode()
        local = self.point.partition("@")[0]
        spelt = {form.encode().lower() for form in _spellings(local)}
        return b"|".join(sorted(map(re.escape, spelt)))

    def _written(self) -> str:
        if self.kind == "phone":
            return _phone(self.point)
        spelt = "|".join(sorted({_escaped(form) for form in _spellings(self.point)}))
        if self.kind == "email":
            return f"(?:{spelt})"
        is_word = len(self.point) >= SHORTEST_WORD and not self.point.isdigit()
        return f"{AT}{'?' if is_word else ''}(?:{spelt})"


def together(points: set[Point]) -> str:
    """One pattern that finds any of the points."""
    patterns = [re.sub(r"^\(\?i\)", "", point.pattern) for point in sorted(points)]
    return "(?i)(?:" + "|".join(patterns) + ")"


def without(text: str, points: set[Point], instead: str = "erased") -> str:
    """A text with other words in place of each of the points."""
    for point in points:
        pattern = re.compile(point.pattern)
        while (said := pattern.sub(rf"\g<1>{instead}\g<3>", text)) != text:
            text = said
    return text


def replaced(column: str, points: set[Point], instead: str = "erased") -> str:
    """The SQL expression of a column with other words in place of each of the points."""
    for point in sorted(points):
        pattern = point.pattern.replace("'", "''")
        for _ in range(2):  # two that share what stands between them are not found at once
            column = f"regexp_replace({column}, '{pattern}', '\\1{instead}\\3', 'g')"
    return column


class InBytes:
    """Points, and other words, to be found in bytes of text in UTF-8."""

    def __init__(self, points: Iterable[Point], words: Iterable[str] = ()) -> None:
        """Compile what each may look like."""
        given, self._words = set(points), [word.encode() for word in sorted(words)]
        self._gists = [re.compile(one.gist) for one in sorted(given)]
        self._whole = re.compile(together(given).encode())

    def count(self, given: bytes) -> int:
        """How often any of them stands there."""
        found = sum(given.count(word) for word in self._words)
        small = given.lower()
        places = {hit.start() for gist in self._gists for hit in gist.finditer(small)}
        around = (given[max(place - AROUND, 0) : place + AROUND] for place in places)
        return found + sum(self._whole.search(each) is not None for each in around)


def _spellings(text: str) -> set[str]:
    """Its letters composed and decomposed, in small letters and capitals."""
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
    return forms | {form.upper() for form in forms}


def _escaped(text: str) -> str:
    return re.escape(text).replace("@", AT)


def _phone(number: str) -> str:
    if not number.startswith(BRITISH):
        digits = SEPARATOR.join(number[1:])
        return rf"(?:\+|%2B|00)?{digits}"
    national = number.removeprefix(BRITISH)
    abroad = rf"(?:\+|%2B|00)?{SEPARATOR}4{SEPARATOR}4{SEPARATOR}\(?0?\)?{SEPARATOR}"
    prefix = rf"(?:{abroad}|\(?0{SEPARATOR})"
    needs_prefix = "" if MOMENT.fullmatch(national) else "?"
    in_powers = rf"{national[0]}\.{national[1:]}E\+?0?{len(national) - 1}"
    return rf"(?:{in_powers}|{prefix}{needs_prefix}{SEPARATOR.join(national)})"
