"""A number that a spreadsheet spoilt is nobody's, and Python and DuckDB agree on which are."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csip_pipeline import warehouse
from csip_pipeline.damaged_numbers import (
    DAMAGED_SENTENCE,
    LOST_ZERO_SENTENCE,
    damage,
    damage_sql,
)
from csip_pipeline.phones import phone

RIGHT = "+447700900123"

DAMAGED = {
    "7.7009E+11": "of a mobile number",
    "7.7E+11": "rounded",
    "7.7e11": "small e, no sign",
    "7,7E+11": "a decimal comma",
    "7,7009E+011": "three digits of power",
    "+4.477E+11": "with a plus",
    "1.63E+09": "of a land line",
    "8E+09": "one digit",
    " 7.7009E+11 ": "space around",
    "7.7009 E+11": "space within",
    "'7.7009E+11": "an apostrophe before",
    '="7.7009E+11"': "in a formula",
    "\uff17.\uff17\uff25+11": "full-width",
    "7.7009E+11\r\n": "a line end",
    "447700900123.0": "a whole number with .0",
    "7700900123.0": "its zero lost too",
    "7700900123.00": "two places",
    "7700900123,0": "a decimal comma and 0",
    "447700900123.": "a point alone",
    "07700900123.0": "text, and .0",
    "770090012.0": "nine digits and .0",
    "01632 96012.0": "space, and .0",
    "770090012.5": "half a number",
    "-7700900123.0": "a negative one",
    "46300.4167": "a date as a day's number",
    "39448.41667": "an old date as a day's number",
    "46300,375": "a date with a comma",
}
LOST_ZERO = {
    "7700900123": "mobile",
    "1632960123": "land line",
    "2079460123": "London",
    "3069990123": "03",
    "5511234567": "corporate",
    "8081570123": "free",
    "163296012": "nine digits",
    "7700 900123": "space within",
    " 7700 900 123 ": "space around",
    "'7700900123": "an apostrophe before",
    "(7700) 900123": "brackets",
    "7700-900-123": "hyphens",
    "7,700,900,123": "thousands",
    "7.700.900.123": "thousands with points",
    "-7700900123": "a negative one",
    "\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13": "full-width",
}
NOBODY = {
    "05/10/2026": "a date",
    "08/10/2026": "a date that looks like a free number",
    "1/10/2026": "a short date",
    "05.10.2026": "a date with points",
    "2026-10-05": "an ISO date",
    "05-Oct-26": "a date with a month",
    "2026-10-05 09:00:00": "a moment",
    "05/10/2026 09:00": "a moment as shown",
    "09:00:00": "a time",
    "01632 960123 / 07700 900123": "two numbers",
    "01632960123/07700900123": "two numbers without space",
    "01632 960123, 07700 900123": "two numbers, a comma",
    "07700900123;01632960123": "two numbers, a semicolon",
    "01632 960123\n07700 900123": "two lines",
    "01632 960123 or 07700 900123": "one or the other",
    "07700900123 x01632 960123": "the second as an extension",
    "01946 72345/6": "the next number, too",
    "01946 72345-6": "the next number, too, with a hyphen",
    "0770O 900123": "the letter O",
    "077OO 900123": "twice the letter O",
    "01632 NOT YET": "words that are keys",
    "0800 FLOWERS": "letters as keys",
    "07700 900123 (mobile)": "words after it",
    "sip:07700900123@example.org": "an internet call's address",
    "#####": "a column too narrow",
    "#N/A": "a failed look-up",
    "\xa37,700,900,123.00": "money",
    "447,700,900,123": "thousands with a country code",
    "7.7009*10^11": "a power of ten",
    "TRUE": "a claim",
    "nan": "not a number",
}
WHOLE = {
    "07700 900123": "national",
    "+447700900123": "international",
    "447700900123": "without a plus",
    "+44 7700 900123": "with spaces",
    "447.700.900.123": "thousands with points and a country code",
    "+44.7700900123": "as domain registers write it",
    "0044 7700 900123": "dialled",
    "'07700 900123": "an apostrophe before",
}


def judged(texts, *, mapped):
    """What DuckDB says of each text."""
    with warehouse.connected(Path(":memory:")) as con:
        query = f"select {damage_sql('text', mapped=mapped)} from unnest($texts) with ordinality "
        rows = con.execute(f"{query} as given (text, place) order by place", {"texts": texts})
        return [sentence for (sentence,) in rows.fetchall()]


@pytest.mark.parametrize("text", DAMAGED, ids=DAMAGED.values())
def test_what_a_spreadsheet_makes_of_a_number_is_damage_wherever_it_comes_from(text):
    assert [damage(text, mapped=mapped) for mapped in (True, False)] == [DAMAGED_SENTENCE] * 2
    assert phone(text) is None


@pytest.mark.parametrize("text", LOST_ZERO, ids=LOST_ZERO.values())
def test_a_lost_zero_is_damage_only_in_what_may_have_been_in_a_spreadsheet(text):
    assert damage(text) == LOST_ZERO_SENTENCE
    assert damage(text, mapped=False) is None


@pytest.mark.parametrize("text", NOBODY, ids=NOBODY.values())
def test_what_is_no_number_is_nobodys(text):
    assert phone(text) is None


@pytest.mark.parametrize("text", WHOLE, ids=WHOLE.values())
def test_a_whole_number_is_no_damage(text):
    assert damage(text) is None
    assert phone(text) == RIGHT


@pytest.mark.parametrize("mapped", [True, False])
def test_duckdb_judges_every_case_as_python_does(mapped):
    texts = [*DAMAGED, *LOST_ZERO, *NOBODY, *WHOLE]

    assert judged(texts, mapped=mapped) == [damage(text, mapped=mapped) for text in texts]


LIKE_NUMBERS = st.text(
    st.sampled_from("0123456789+-.,eE ()'\"=/\xa0\uff10\uff17\uff25\n"), max_size=16
)


@settings(max_examples=40, deadline=None)
@given(st.lists(LIKE_NUMBERS | st.text(max_size=16), min_size=10, max_size=60))
def test_duckdb_judges_any_text_as_python_does(texts):
    assert judged(texts, mapped=True) == [damage(text) for text in texts]
