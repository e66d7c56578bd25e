"""How each kind of contact point is normalised, so that one person's has one way of writing."""

import re
import unicodedata

from csip_pipeline.phones import DEFAULT_RULE, PhoneRule, phone

SPACES = r"[\s\x0b\x1c-\x1f]*"
NO_ADDRESS = r"[^\s\x00-\x20\x7f@,;<>\"]+"
WANTED = {
    "email": rf"{SPACES}({NO_ADDRESS}@{NO_ADDRESS}\.{NO_ADDRESS}){SPACES}",
    "handle": rf"{SPACES}@?{SPACES}(.*?){SPACES}",
    "handler": rf"{SPACES}(.*?){SPACES}",
}
"""The part of a text that is a contact point, by kind: an address of one person, an account's name
without its @, a member of staff. Python's `re` and DuckDB's RE2 read these alike in ASCII."""


def contact_point(kind: str, text: str, rule: PhoneRule = DEFAULT_RULE) -> str | None:
    """The contact point in a text as it is normalised, or None where it holds none.

    Names and addresses are in lower case, and an accented letter is one letter (NFC). Letters that
    only look alike or fold together (ß and ss) stay apart: they may be two people.
    """
    return phone(text, rule) if kind == "phone" else _name(kind, text)


def _name(kind: str, text: str) -> str | None:
    found = re.fullmatch(WANTED[kind], text, re.DOTALL)
    return unicodedata.normalize("NFC", found[1].lower()) or None if found else None
