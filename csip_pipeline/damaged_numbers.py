"""What a spreadsheet leaves of a telephone number: recognised and quarantined, never guessed.

Each pattern is written in what Python's `re` and DuckDB's RE2 read alike.
"""

import re

SPACE = "\t\n\x0b\x0c\r\x1c-\x20\x85\xa0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
"""Whatever is seen as a space, for use within square brackets."""
EDGE = f"[{SPACE}'\"\u2018\u2019=]*"
"""What may stand around a number in a cell: space, and how a spreadsheet is told "this is text"."""
DIGIT = "[0-9\uff10-\uff19]"
POINT = "[.,\uff0e\uff0c]"
SIGN = "[+\uff0b-]?"
BETWEEN = f"[{SPACE}().,/\uff0e\uff0c\u2010-\u2015-]*"

SCIENTIFIC = f"{SIGN}{DIGIT}+(?:{POINT}{DIGIT}*)?[{SPACE}]*[eE\uff25\uff45][{SPACE}]*{SIGN}{DIGIT}+"
TRAILING_POINT = f"{SIGN}{DIGIT}+{POINT}0*"
TRAILING_ZEROS = f"{SIGN}{DIGIT}[0-9\uff10-\uff19{SPACE}]*{POINT}[0\uff10]{{1,2}}"
DECIMAL = f"{SIGN}{DIGIT}{{7,}}{POINT}{DIGIT}{{0,3}}"
DATE_SERIAL = f"[1-9]{DIGIT}{{4}}{POINT}{DIGIT}+"

DAMAGED_PHONE = re.compile(
    f"^{EDGE}(?:{SCIENTIFIC}|{TRAILING_POINT}|{TRAILING_ZEROS}|{DECIMAL}|{DATE_SERIAL}){EDGE}$"
)
"""A number that became a quantity (7.7009E+11, 7700900123.0) or a date (46300.4167)."""

LOST_ZERO = re.compile(
    f"^{EDGE}[(-]?[1-357-8\uff11-\uff13\uff15\uff17-\uff18](?:{BETWEEN}{DIGIT}){{8,9}}{EDGE}$"
)
"""A British national number without its first 0: 9 or 10 digits that begin with 1, 2, 3, 5, 7 or 8.

Only for what may have gone through a spreadsheet. A switch's own log may leave the zero out.
"""

DAMAGED_SENTENCE = "a number damaged by a spreadsheet (7.7E+11, or a trailing .0)"
LOST_ZERO_SENTENCE = (
    "a telephone number without its first 0 (lost in a spreadsheet? format the column as text)"
)


def damage(text: str, *, mapped: bool = True) -> str | None:
    """What is wrong with a telephone number, for its supplier to read, or None.

    A lost zero is judged only where a mapping reads the text (`mapped`): CSV, workbooks, JSON.
    """
    if DAMAGED_PHONE.search(text):
        return DAMAGED_SENTENCE
    return LOST_ZERO_SENTENCE if mapped and LOST_ZERO.search(text) else None


def damage_sql(column: str, *, mapped: bool = True) -> str:
    """`damage` as an SQL expression over a VARCHAR column of ours; null where nothing is wrong."""
    judged = [(DAMAGED_PHONE, DAMAGED_SENTENCE)]
    if mapped:
        judged.append((LOST_ZERO, LOST_ZERO_SENTENCE))
    cases = " ".join(
        f"when regexp_matches({column}, {_quoted(pattern.pattern)}) then {_quoted(sentence)}"
        for pattern, sentence in judged
    )
    return f"case {cases} end"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
