"""Contact points are keyed in one query, and come out as Python makes them one by one."""

import hashlib
import hmac
import random
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from extract_samples import CALLS, HEADER, OCTOBER, call
from hypothesis import given, settings
from hypothesis import strategies as st

from csip_pipeline import pseudonyms, warehouse
from csip_pipeline.contact_points import contact_point
from csip_pipeline.extract import keyed, restricted
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.phones import PhoneRule, phone

KEY = b"k" * 40
POSSIBLE, VALID, IRISH = PhoneRule(), PhoneRule(accept="valid"), PhoneRule(region="IE")
RFC_4231 = {
    "1": (
        b"\x0b" * 20,
        "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    "2": (
        b"Jefe",
        "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    "6": (
        b"\xaa" * 131,
        "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    "7": (
        b"\xaa" * 131,
        (
            "This is a test using a larger than block-size key and a larger than block-size data. "
            "The key needs to be hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
}
"""The test cases of RFC 4231 whose data are text (3 and 4 are not UTF-8; 5 is cut short)."""
BEFORE = (
    *("", "0", "44", "440", "+44", "+440", "+44 (0)", "0044", "00440", "(0", "'0", '="0', " +44 "),
    *("00", "+", "+1", "001", "1", "4", "+4", "+444", "++44", "tel:+44", "(+44) ", "+353", "-0"),
)
BETWEEN = ("", "", "", "", " ", "-", ".", "  ", ") ", "(", "\xa0", "/", "\u2013")
AFTER = ("", "", "", "", " ", '"', "'", ".", ".0", "?", " ext 12", "-1", "\n")


@pytest.fixture
def store():
    """A database with nothing in it."""
    with warehouse.connected(Path(":memory:")) as con:
        yield con


def keys(con, kind, texts, rule=POSSIBLE, key=KEY):
    """What each text is keyed as: its contact point and its pseudonym."""
    con.register("texts", pa.table({"as_given": pa.array(texts, pa.string())}))
    con.execute("create or replace temporary table given as select distinct as_given from texts")
    con.unregister("texts")
    keyed.key_texts(con, key, kind, rule, "keys")
    return {text: (point, own) for text, point, own in con.execute("from keys").fetchall()}


def one_by_one(kind, texts, rule=POSSIBLE):
    """The same from Python."""
    points = {text: contact_point(kind, text, rule) for text in texts}
    return {
        text: (point, pseudonyms.pseudonym(KEY, kind, point))
        for text, point in points.items()
        if point is not None
    }


def written(chance, digits):
    """Digits as somebody might write them."""
    parts = [digit + (chance.choice(BETWEEN) if chance.random() < 0.2 else "") for digit in digits]
    return chance.choice(BEFORE) + "".join(parts) + chance.choice(AFTER)


def numbers(seed, step):
    """Numbers of every beginning and length, in many shapes; every other as most are written."""
    chance = random.Random(seed)  # noqa: S311 - samples, not secrets
    for beginning in range(0, 100_000, step):
        for length in (10, 9, chance.randrange(4, 14)):
            rest = "".join(chance.choices("0123456789", k=length - 5 if length > 5 else 1))
            yield written(chance, f"{beginning:05d}{rest}")
            yield chance.choice(BEFORE[:7]) + f"{beginning:05d}{rest}"


@pytest.mark.parametrize("rule", [POSSIBLE, VALID, IRISH], ids=["possible", "valid", "irish"])
@pytest.mark.parametrize(
    "step", [pytest.param(37, id="some"), pytest.param(1, id="all", marks=pytest.mark.soak)]
)
def test_a_number_settled_by_its_shape_is_what_the_library_says(store, rule, step):
    texts = list(numbers(seed=step, step=step))

    found = {text: point for text, (point, _) in keys(store, "phone", texts, rule).items()}
    expected = {text: phone(text, rule) for text in texts}
    assert found == {text: point for text, point in expected.items() if point}
    assert len(found) > len(texts) / 20


def test_most_numbers_never_reach_the_library(store, monkeypatch):
    monkeypatch.setattr(keyed.contact_points, "contact_point", lambda *_: None)
    usual = ["07700 900123", "+447700900124", "447700900125", "0044 7700 900126", "7700900127"]

    assert keys(store, "phone", usual).keys() == set(usual)


PHONES = st.text(st.sampled_from("0123456789+-.,() '\"=/x;#\xa0\uff10\n"), max_size=18)
NAMES = st.text(st.sampled_from("aAzZ@.-_ ,;<\t\n\x1f\x0b\xa0\xdf\u0130\u03a3e\u0308"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(pseudonyms.PURPOSES)),
    st.sampled_from([POSSIBLE, VALID, IRISH]),
    st.lists(PHONES | NAMES | st.emails() | st.text(max_size=12), max_size=80),
)
def test_any_text_is_keyed_as_python_keys_it(kind, rule, texts):
    with warehouse.connected(Path(":memory:")) as con:
        assert keys(con, kind, texts, rule) == one_by_one(kind, texts, rule)


@pytest.mark.parametrize(("key", "message", "expected"), RFC_4231.values(), ids=RFC_4231)
def test_the_keyed_hash_is_that_of_the_standard(store, key, message, expected):
    assert hashed(store, key, [message]) == [expected]


@pytest.mark.parametrize("length", [32, 64, 65])
def test_the_keyed_hash_of_thousands_of_texts_is_pythons(store, length):
    chance = random.Random(length)  # noqa: S311 - samples, not secrets
    key = chance.randbytes(length)
    letters = "ab0+@ \x00\n\xe9\u0301\u4e2d\U0001f600"
    texts = ["", *("".join(chance.choices(letters, k=chance.randrange(200))) for _ in range(3000))]

    expected = [hmac.digest(key, text.encode(), hashlib.sha256).hex() for text in texts]
    assert hashed(store, key, texts) == expected


def hashed(con, key, texts):
    """What extract/keyed.sql makes of contact points of no kind."""
    con.register("texts", pa.table({"as_given": texts, "contact_point": texts}))
    con.execute("create or replace temporary table normalised as from texts")
    query = warehouse.read_query("extract/keyed")
    rows = con.execute(query, {"kind": "", **pseudonyms.pads(key)}).fetchall()
    return [own for _, _, own in rows]


def test_an_error_does_not_hold_the_key(store):
    query = warehouse.read_query("extract/keyed")
    key = b"SECRETSECRETSECRETSECRETSECRETSECRET"
    with pytest.raises(duckdb.Error) as error:
        store.execute(query, {"kind": "phone", **pseudonyms.pads(key)})

    told = f"{error.value!r} {query}"
    for secret in (key, *pseudonyms.pads(key).values()):
        assert secret.hex() not in told.casefold()
        assert secret.decode("latin-1")[:8] not in told


def test_the_rule_decides_whose_calls_have_a_person(folder):
    folder.expect(CALLS)
    folder.drop(
        "telephony/calls.csv",
        HEADER,
        call("1", cli="07700 900123"),
        call("2", cli="07400 123456"),
        call("3", cli="Withheld"),
    )
    folder.take("telephony")
    assert folder.column("select contact_point from keys_caller_number order by 1") == [
        "+447400123456",
        "+447700900123",
    ]

    restricted.key_contact_points(
        folder.con, folder.settings, FEEDS["telephony"], OCTOBER, PhoneRule(accept="valid")
    )

    assert folder.column("select contact_point from keys_caller_number") == ["+447400123456"]
    assert folder.column("select person_key from keys_caller_number") == [
        pseudonyms.pseudonym(KEY, "phone", "+447400123456")
    ]
