"""Bytes into lines of text: explicit, never guessed, and a few megabytes at a time.

A byte order mark decides, then strict UTF-8, then the encoding that the source declares. NUL and
the sign of a lost letter (U+FFFD) refuse the file. LF, CRLF and CR all end a line.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from csip_pipeline.extract.formats import encodings
from csip_pipeline.refusals import RefusedError

DAMAGED = "\ufffd"
"""What a decoder writes in place of bytes it cannot read: the letter itself is lost."""
OTHER_END = "\x1e"
"""Put at the end of a line that ends in another way than the file's first line does."""
CHUNK = 4 << 20
LONGEST_LINE = 64 << 20
LINE_END = re.compile("\r\n|\r|\n")
LONE_LF = re.compile("(?<!\r)\n")
LONE_CR = re.compile("\r(?!\n)")


@dataclass(frozen=True)
class Chunk:
    """Some whole lines of a file, each ended by LF but the last."""

    text: str
    first: int
    """The number of its first line; the first of a file is 1."""

    @property
    def count(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1

    @property
    def numbers(self) -> pa.Array:
        """The number of each line."""
        return pa.array(np.arange(self.first, self.first + self.count, dtype="int64"))

    @property
    def lines(self) -> pa.Array:
        """Each line."""
        return pc.list_flatten(pc.split_pattern(pa.array([self.text]), "\n"))

    def after(self, lines: int) -> "Chunk":
        """The same without its first lines."""
        rest = self.text.split("\n", lines)[lines:]
        return Chunk(rest[0] if rest else "", self.first + lines)


@dataclass
class Lines:
    """A file's lines, a few megabytes at a time."""

    path: Path
    encoding: str = "utf-8"
    lost_letters: bool = False
    """Whether U+FFFD may stand in the file; it is then for the rows that hold it to be refused."""
    count: int = field(default=0, init=False)
    """How many lines were handed out so far."""

    def chunks(self) -> Iterator[Chunk]:
        """Every line. Raises RefusedError naming the line where the text cannot be trusted."""
        with encodings.opened(self.path) as file:
            named = encodings.encoding_of(file, self.path, self.encoding)
            decoder = codecs.getincrementaldecoder(named)("strict")
            rest, own_end, begun = "", "", False
            while True:
                raw = encodings.read(file, self.path, CHUNK)
                text = rest + self._decoded(decoder, raw)
                if text and not begun:
                    text, begun = text.removeprefix("\ufeff"), True
                own_end = own_end or _first_end(text, is_last=not raw)
                whole, rest = _cut(text, is_last=not raw)
                if len(rest) > LONGEST_LINE:
                    raise self._endless()
                if whole:
                    yield self._chunk(whole, own_end)
                if not raw:
                    break
        if not self.count:
            raise RefusedError(
                f"{self.path.name} is empty. Ask the supplier to send it again; the month keeps "
                "what it had."
            )

    def _chunk(self, text: str, own_end: str) -> Chunk:
        for sign, told in ((chr(0), self._nul), (DAMAGED, self._damaged)):
            if sign in text and not (sign == DAMAGED and self.lost_letters):
                raise told(self.count + len(LINE_END.findall(text, 0, text.index(sign))) + 1)
        chunk = Chunk(_normalised(text, own_end), self.count + 1)
        self.count += chunk.count
        return chunk

    def _decoded(self, decoder: codecs.IncrementalDecoder, raw: bytes) -> str:
        try:
            return decoder.decode(raw, final=not raw)
        except UnicodeDecodeError:
            declared = "" if self.encoding == "utf-8" else f" nor in {self.encoding}"
            raise RefusedError(
                f"{self.path.name} is not text in UTF-8{declared} (after line {self.count:,}). Say "
                'in feeds.toml which encoding the supplier uses, for example encoding = "cp1252".'
            ) from None

    def _endless(self) -> RefusedError:
        return RefusedError(
            f"{self.path.name}, line {self.count + 1:,}: is longer than {LONGEST_LINE >> 20} MB, "
            "so it is no table of text. Ask the supplier what was sent."
        )

    def _nul(self, line: int) -> RefusedError:
        return RefusedError(
            f"{self.path.name}, line {line:,}: holds NUL characters, so its copying was "
            "interrupted, or it is UTF-16 without a byte order mark (then say so in feeds.toml: "
            'encoding = "utf-16-le"). Ask the supplier for an undamaged copy.'
        )

    def _damaged(self, line: int) -> RefusedError:
        return RefusedError(
            f"{self.path.name}, line {line:,}: holds a letter that was lost when somebody decoded "
            "the text wrongly (U+FFFD), so other letters may be wrong too. Ask the supplier to "
            "export it again; where the signs stand in free text only, say in feeds.toml "
            'lost_letters = "quarantine", and only rows that hold one where it matters are refused.'
        )


def _first_end(text: str, *, is_last: bool) -> str:
    """How the first line ends: LF, CRLF or CR; nothing while that cannot be said yet."""
    found = LINE_END.search(text)
    if found is None or (found[0] == "\r" and found.end() == len(text) and not is_last):
        return ""
    return found[0]


def _cut(text: str, *, is_last: bool) -> tuple[str, str]:
    """The text up to its last whole line, and the rest. A last CR may be half a CRLF."""
    if is_last:
        return text, ""
    body = text.removesuffix("\r")
    at = max(body.rfind("\n"), body.rfind("\r")) + 1
    return text[:at], text[at:]


def _normalised(text: str, own_end: str) -> str:
    """Lines ended by LF, the last by nothing; a line that ends in another way is marked."""
    other = f"{OTHER_END}\n"
    if own_end == "\r\n":
        if text.count("\r\n") != text.count("\n"):
            text = LONE_LF.sub(other, text)
        text = text.replace("\r\n", "\n")
        text = text.replace("\r", other) if "\r" in text else text
    elif own_end == "\r":
        parts = LINE_END.split(text) if "\n" in text else []
        ends = LINE_END.findall(text) if parts else []
        text = (
            "".join(
                f"{part}{OTHER_END if end != own_end else ''}\n"
                for part, end in zip(parts, ends, strict=False)
            )
            + parts[-1]
            if parts
            else text.replace("\r", "\n")
        )
    elif "\r" in text:
        text = LONE_CR.sub(other, text.replace("\r\n", "\n"))
    return text.removesuffix("\n")
