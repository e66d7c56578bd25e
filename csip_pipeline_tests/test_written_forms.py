"""A contact point is found however it is written, and nobody else's is."""

import re

import duckdb
import pytest

from csip_pipeline.written_forms import InBytes, Point, replaced, without

PHONE = Point("phone", "+447700900123")
LANDLINE = Point("phone", "+441788598800")
"""Its national number is also a moment in seconds since 1970."""
ABROAD = Point("phone", "+35312345678")
EMAIL = Point("email", "ann@example.org")
ACCENTED = Point("email", "andré@example.org")
HANDLE = Point("handle", "yellowhammer")
SHORT = Point("handle", "ann")
NUMBERED = Point("handle", "115712")


@pytest.mark.parametrize(
    ("point", "text", "is_there"),
    [
        (PHONE, "07700900123", True),
        (PHONE, "rang from 07700 900 123, twice", True),
        (PHONE, "+44 (0)7700-900123", True),
        (PHONE, "(07700) 900123", True),
        (PHONE, "00447700900123", True),
        (PHONE, "%2B447700900123", True),
        (PHONE, "rec_7700900123.wav", True),
        (PHONE, "7.700900123E+9", True),
        (PHONE, "07700900124", False),
        (PHONE, "107700900123", False),
        (PHONE, "077009001234", False),
        (LANDLINE, "01788 598800", True),
        (LANDLINE, "1788598800.1", False),
        (ABROAD, "+353 1 234 5678", True),
        (EMAIL, "Ann@Example.ORG", True),
        (EMAIL, "mailto:ann%40example.org?subject=x", True),
        (EMAIL, "Write to ann@example.org.", True),
        (EMAIL, "joann@example.org", False),
        (EMAIL, "ann@example.org.uk", False),
        (ACCENTED, "andre\u0301@example.org", True),
        (ACCENTED, "ANDRÉ@EXAMPLE.ORG", True),
        (HANDLE, "said Yellowhammer", True),
        (HANDLE, "yellowhammers", False),
        (SHORT, "@ann", True),
        (SHORT, "ann said", False),
        (NUMBERED, "115712", False),
        (NUMBERED, "@115712", True),
    ],
)
def test_a_contact_point_is_found_in_text_bytes_and_sql_alike(point, text, is_there):
    query = f"select {replaced('$text', {point})}, regexp_matches($text, $pattern)"
    given = {"text": text, "pattern": point.pattern}
    ((said, in_sql),) = duckdb.execute(query, given).fetchall()

    assert bool(re.search(point.pattern, text)) == is_there
    assert bool(InBytes({point}).count(text.encode())) == is_there
    assert in_sql == is_there
    assert (without(text, {point}) != text) == is_there
    assert said == without(text, {point})


def test_all_that_stands_around_a_contact_point_stays():
    text = "a,07700900123,07700 900123;b"

    assert without(text, {PHONE}) == "a,erased,erased;b"


def test_bytes_are_looked_through_for_other_words_too():
    looking_for = InBytes({PHONE}, {"ab12" * 16})

    assert looking_for.count(b"x" * 1000 + b"07700900123 " + b"y" * 1000 + b"07700-900123") == 2
    assert looking_for.count(b"key:" + b"ab12" * 16) == 1


def test_a_contact_point_says_its_kind_alone():
    assert repr(EMAIL) == "a contact point of kind email"
    assert EMAIL.point not in f"{EMAIL}"
