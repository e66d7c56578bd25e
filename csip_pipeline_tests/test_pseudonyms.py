"""A pseudonym is the keyed hash of a contact point, and means nothing outside its purpose."""

import hashlib
import hmac

import pytest

from csip_pipeline import pseudonyms
from csip_pipeline.contact_points import WANTED
from csip_pipeline.pseudonyms import PURPOSES, Purpose

KEY = b"k" * 40
EXPECTED = "be6e038a23e12db755f9909d80f63413705ddcf84c380fafa7b713ed7b1c1148"


def test_a_person_key_is_the_keyed_hash_of_kind_and_contact_point():
    # openssl: printf 'phone+447700900123' | openssl dgst -sha256 -hmac kkkk... (40 times k)
    assert pseudonyms.pseudonym(KEY, "phone", "+447700900123") == EXPECTED


def test_a_member_of_staff_is_keyed_with_a_key_of_that_purpose():
    own = hmac.digest(KEY, b"csip purpose: handler", hashlib.sha256)

    keyed = pseudonyms.pseudonym(KEY, "handler", "op1")
    assert keyed == hmac.digest(own, b"handlerop1", hashlib.sha256).hex()
    assert keyed != hmac.digest(KEY, b"handlerop1", hashlib.sha256).hex()


def test_no_two_purposes_have_one_key():
    keys = {pseudonyms.purpose_key(KEY, purpose) for purpose in Purpose}

    assert len(keys) == len(Purpose)
    assert pseudonyms.purpose_key(KEY, Purpose.PERSON) == KEY


def test_every_kind_of_contact_point_has_a_purpose():
    assert PURPOSES.keys() == {"phone", *WANTED}


def test_another_key_or_kind_gives_another_pseudonym():
    keys = {
        pseudonyms.pseudonym(key, kind, "ann") for key in (KEY, b"other" * 8) for kind in PURPOSES
    }

    assert len(keys) == 2 * len(PURPOSES)


@pytest.mark.parametrize("length", [0, 1, 40, 63, 64, 65, 131, 1000])
def test_the_pads_make_the_same_hash_as_python_whatever_the_keys_length(length):
    key = bytes(range(256)) * 4
    own = pseudonyms.pads(key[:length])

    inner = hashlib.sha256(own["inner"] + b"message").digest()
    hashed = hashlib.sha256(own["outer"] + inner).digest()
    assert hashed == hmac.digest(key[:length], b"message", hashlib.sha256)
