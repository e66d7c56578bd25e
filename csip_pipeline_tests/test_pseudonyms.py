"""Two ways of writing the same contact point have one pseudonym; what names nobody has none."""

import pytest

from csip_pipeline import pseudonyms

KEY = b"k" * 40
EXPECTED = "be6e038a23e12db755f9909d80f63413705ddcf84c380fafa7b713ed7b1c1148"


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "7700900123",
        "447700900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "07700.900.123",
        "07700-900123 ",
    ],
)
def test_every_usual_way_of_writing_a_number_is_the_same_number(text):
    assert pseudonyms.phone(text) == "+447700900123"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Withheld", id="withheld"),
        pytest.param(" ANONYMOUS ", id="anonymous"),
        pytest.param("999", id="a short code"),
        pytest.param("2001", id="an extension"),
        pytest.param("960123", id="a number without its area"),
        pytest.param("7.7009E+11", id="damaged by a spreadsheet"),
        pytest.param("447700900123.0", id="damaged by a spreadsheet, whole"),
        pytest.param("01632 960123 / 07700 900123", id="two numbers"),
    ],
)
def test_a_text_that_reaches_no_one_person_is_no_number(text):
    assert pseudonyms.phone(text) is None


@pytest.mark.parametrize(
    ("kind", "text", "contact_point"),
    [
        ("email", " Ann@Example.ORG ", "ann@example.org"),
        ("email", "ann@localhost", None),
        ("email", "@example.org", None),
        ("email", "ann smith@example.org", None),
        ("handle", "@Ann", "ann"),
        ("handle", "@", None),
        ("handler", " OP1 ", "op1"),
    ],
)
def test_other_contact_points_are_normalised(kind, text, contact_point):
    assert pseudonyms.NORMALISE[kind](text) == contact_point


def test_a_pseudonym_is_the_keyed_hash_of_kind_and_contact_point():
    # openssl: printf 'phone+447700900123' | openssl dgst -sha256 -hmac kkkk... (40 times k)
    assert pseudonyms.person_key(KEY, "phone", "+447700900123") == EXPECTED


def test_another_key_or_kind_gives_another_pseudonym():
    keys = {
        pseudonyms.person_key(key, kind, "ann")
        for key in (KEY, b"other" * 8)
        for kind in ("handle", "handler")
    }

    assert len(keys) == 4


def test_texts_without_a_contact_point_are_left_out():
    keyed = pseudonyms.keyed(KEY, "phone", ["07700 900123", "+447700900123", "Withheld"])

    assert keyed["as_given"].tolist() == ["07700 900123", "+447700900123"]
    assert keyed["person_key"].nunique() == 1
    assert list(pseudonyms.keyed(KEY, "phone", [])) == ["as_given", "contact_point", "person_key"]
