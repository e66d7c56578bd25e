"""Who a contact point belongs to, without saying who: normalise it, then key it.

A person key is HMAC-SHA256(key, kind + normalised contact point). A plain hash of a telephone
number can be reversed by trying them all in minutes, so a secret key is part of every pseudonym.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import pandas as pd
import phonenumbers

IS_POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE
REGION = "GB"
WITHHELD = frozenset(
    {"anonymous", "withheld", "unavailable", "private", "restricted", "unknown", "number withheld"}
)
DAMAGED_PHONE = re.compile(r"^\s*\+?\d+(?:[.,]\d*)?[eE]\+?\d+\s*$|^\s*\+?\d+[.,]0*\s*$")
"""What a spreadsheet makes of a number: 7.7009E+11, 7700900123.0. Quarantined, never guessed."""

LOST_ZERO = re.compile(r"^[1-35789]\d{2}[ ]?\d{3}[ ]?\d{3,4}$")
LOST_ZERO_SAID = "a number without the zero that a spreadsheet takes away"


@lru_cache(maxsize=2**18)
def phone(text: str) -> str | None:
    """A telephone number as E.164, or None where there is none to be had.

    "Possible" numbers are accepted, not only "valid" ones, because the numbers Ofcom sets aside
    for drama (used in test data) are possible but not valid. A number that only works within its
    area or exchange (960123, extension 2001) names nobody: it would join strangers.
    """
    if text.strip().casefold() in WITHHELD or DAMAGED_PHONE.search(text):
        return None
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str | None:
    """An e-mail address in lower case without surrounding space, or None where it is not one."""
    address = text.strip().casefold()
    local, _, domain = address.rpartition("@")
    return address if local and "." in domain and " " not in address else None


def handle(text: str) -> str | None:
    """A social-media account name in lower case without a leading @, or None where empty."""
    return text.strip().removeprefix("@").casefold() or None


def handler(text: str) -> str | None:
    """A member of staff as the supplier names them, or None where empty."""
    return text.strip().casefold() or None


NORMALISE: dict[str, Callable[[str], str | None]] = {
    "phone": phone,
    "email": email,
    "handle": handle,
    "handler": handler,
}


def person_key(key: bytes, kind: str, contact_point: str) -> str:
    """The pseudonym of a normalised contact point: 64 hexadecimal digits."""
    return hmac.new(key, (kind + contact_point).encode(), hashlib.sha256).hexdigest()


def keyed(key: bytes, kind: str, texts: Iterable[str]) -> pd.DataFrame:
    """The pseudonym of each distinct text: columns as_given, contact_point, person_key.

    Texts that hold no usable contact point (withheld, unreadable) are left out.
    """
    normalise = NORMALISE[kind]
    usable = [(text, point) for text in texts if (point := normalise(text)) is not None]
    return pd.DataFrame(
        [(text, point, person_key(key, kind, point)) for text, point in usable],
        columns=["as_given", "contact_point", "person_key"],
        dtype="str",
    )
