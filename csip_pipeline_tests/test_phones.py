"""Two ways of writing the same number are one number; what reaches no one person is none."""

import pytest

from csip_pipeline.phones import PhoneRule, phone

VALID = PhoneRule(accept="valid")
DRAMA = (
    "0113 496 0",
    "0114 496 0",
    "0115 496 0",
    "0116 496 0",
    "0117 496 0",
    "0118 496 0",
    "0121 496 0",
    "0131 496 0",
    "0141 496 0",
    "0151 496 0",
    "0161 496 0",
    "0191 498 0",
    "020 7946 0",
    "028 9649 6",
    "029 2018 0",
    "01632 960",
    "07700 900",
    "0808 157 0",
    "0909 8790",
    "03069 990",
)
"""The numbers that Ofcom sets aside for drama, but for their last three digits."""


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "7700900123",
        "447700900123",
        "4407700900123",
        "+447700900123",
        "++447700900123",
        "+4407700900123",
        "+44 (0)7700 900123",
        "+(44) 7700 900123",
        "(+44) 7700-900123",
        "0044 7700 900123",
        "0044 (0) 7700 900 123",
        "(07700) 900123",
        "07700.900.123",
        "07700/900123",
        "07700-900123 ",
        "07700\xa0900\xa0123",
        "07700\u2013900123",
        "'07700 900123",
        '="07700900123"',
        "0 7 7 0 0 9 0 0 1 2 3",
        "tel:+44-7700-900123",
        "Mobile: 07700 900123",
        "07700 900123?",
        "07700 900123 ext. 12",
        "07700900123x12",
        "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13",
    ],
)
def test_every_usual_way_of_writing_a_number_is_the_same_number(text):
    assert phone(text) == "+447700900123"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Withheld", id="withheld"),
        pytest.param(" ANONYMOUS ", id="anonymous"),
        pytest.param("number withheld", id="number withheld"),
        pytest.param("999", id="emergency"),
        pytest.param("101", id="police"),
        pytest.param("116 123", id="a short code"),
        pytest.param("2001", id="an extension"),
        pytest.param("960123", id="a number without its area"),
        pytest.param("946 0123", id="seven digits without their area"),
        pytest.param("00000000000", id="zeros"),
        pytest.param("+44", id="a country code alone"),
        pytest.param("07700 90012", id="a digit too few"),
        pytest.param("07700 900123 4", id="a digit too many"),
        pytest.param("+999 7700 900123", id="no country's code"),
        pytest.param("7" * 251, id="longer than any number"),
        pytest.param("\xb2\xb3 07700", id="superscripts"),
    ],
)
def test_a_text_that_reaches_no_one_person_is_no_number(text):
    assert phone(text) is None


@pytest.mark.parametrize("beginning", DRAMA)
def test_numbers_that_ofcom_sets_aside_for_drama_are_possible(beginning):
    numbers = {phone(f"{beginning}{last:03d}") for last in range(0, 1000, 37)}

    assert None not in numbers
    assert len(numbers) == 28


def test_valid_numbers_are_in_a_range_that_is_given_out():
    given_out = [text for text in DRAMA if phone(f"{text}123", VALID)]

    assert set(DRAMA) - set(given_out) == {"0115 496 0", "01632 960", "07700 900"}
    assert phone("07400 123456", VALID) == "+447400123456"
    assert phone("01111 111111", VALID) is None


def test_a_short_number_is_accepted_where_it_reaches_somebody_from_everywhere():
    assert [phone("0800 1111", rule) for rule in (PhoneRule(), VALID)] == ["+448001111"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+1 202 555 0123", "+12025550123"),
        ("001 202 555 0123", "+12025550123"),
        ("+353 1 555 0123", "+35315550123"),
        ("+33 1 99 00 12 34", "+33199001234"),
        ("+39 06 1234 5678", "+390612345678"),
        ("+800 1234 5678", "+80012345678"),
    ],
)
def test_other_countries_numbers_are_numbers(text, expected):
    assert phone(text) == expected


def test_a_number_without_a_country_code_is_dialled_in_the_region():
    assert phone("01 555 0123", PhoneRule(region="IE")) == "+35315550123"
    assert phone("+44 7700 900123", PhoneRule(region="IE")) == "+447700900123"
