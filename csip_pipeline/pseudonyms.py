"""Who a contact point belongs to, without saying who: a keyed hash, with a key for each purpose.

A person key is HMAC-SHA256(key, kind + normalised contact point). A plain hash of a telephone
number can be reversed by trying them all in minutes, so a secret key is part of every pseudonym.
"""

import hashlib
import hmac
from enum import StrEnum

BLOCK = 64
"""Bytes that SHA-256 takes in at a time."""


class Purpose(StrEnum):
    """What pseudonyms are for. Those of two purposes cannot be joined without the secret key.

    A new purpose is a new word here. Changing a word changes all its pseudonyms.
    """

    PERSON = "person"
    """A member of the public, on whatever channel: person_key."""
    HANDLER = "handler"
    """A member of staff: handler_key."""
    LEDGER = "callback ledger"
    """Nobody: the chain of the callback ledger, and the codes of its worklists."""
    SAMPLE = "call sample"
    """A call: the public reference by which the panel knows it."""
    ERASED = "erased contact point"
    """Somebody who was erased: the mark by which intake leaves their contact point out."""


PURPOSES = {
    "phone": Purpose.PERSON,
    "email": Purpose.PERSON,
    "handle": Purpose.PERSON,
    "handler": Purpose.HANDLER,
}
"""The purpose that each kind of contact point is keyed for."""


def purpose_key(key: bytes, purpose: Purpose) -> bytes:
    """The key of a purpose: the secret itself for people, and one derived from it for the rest.

    HMAC-SHA256(key, "csip purpose: " + purpose) does not give the secret away, nor another
    purpose's key: whoever is told one can undo that purpose's pseudonyms and no other's.
    """
    if purpose is Purpose.PERSON:
        return key
    return hmac.digest(key, f"csip purpose: {purpose}".encode(), hashlib.sha256)


def pseudonym(key: bytes, kind: str, contact_point: str, purpose: Purpose | None = None) -> str:
    """The pseudonym of a normalised contact point: 64 hexadecimal digits.

    `key` is the secret; the key of the purpose, by default the kind's own, is derived here.
    extract/keyed.sql is the same.
    """
    own = purpose_key(key, purpose or PURPOSES[kind])
    return hmac.new(own, (kind + contact_point).encode(), hashlib.sha256).hexdigest()


def pads(key: bytes) -> dict[str, bytes]:
    """The inner and the outer pad of HMAC-SHA256 (RFC 2104), for a query to bind as parameters.

    HMAC is sha256(outer + sha256(inner + message)). They are as secret as the key itself.
    """
    short = hashlib.sha256(key).digest() if len(key) > BLOCK else key
    block = short.ljust(BLOCK, b"\0")
    return {
        "inner": bytes(byte ^ 0x36 for byte in block),
        "outer": bytes(byte ^ 0x5C for byte in block),
    }
