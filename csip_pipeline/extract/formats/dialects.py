"""How a supplier writes delimited text: declared in feeds.toml, never guessed."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How a supplier writes delimited text. A quote of "" means that nothing is ever quoted."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    """The character that makes a following quotation mark part of the text, besides doubling it."""

    @property
    def field(self) -> str:
        """One field, as a regular expression of RE2 and of Python alike."""
        signs = (self.quote, self.delimiter, self.escape)
        quote, delimiter, escape = (re.escape(sign) for sign in signs)
        if not quote:
            return f"[^{delimiter}]*"
        bare = f"[^{quote}{delimiter}{escape}]"
        inner = f"[^{quote}{escape}]|{quote}{quote}"
        if escape:
            return f"(?:{quote}(?:{inner}|{escape}(?s:.))*{quote}|(?:{bare}|{escape}(?s:.))*)"
        return f"(?:{quote}(?:{inner})*{quote}|{bare}*)"

    def row(self, fields: int) -> str:
        """A whole row of so many fields, as a regular expression."""
        return f"{self.field}(?:{re.escape(self.delimiter)}{self.field}){{{fields - 1}}}"

    def reader(self, lines: list[str]) -> Iterator[list[str]]:
        """Python's own reader. Only lines known to be well formed are given to it."""
        if not self.quote:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape or None,
            strict=True,
        )
