"""Telephone numbers as E.164: by the library `phonenumbers`, and by patterns that agree with it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber

from csip_pipeline.damaged_numbers import DAMAGED_PHONE, EDGE

BRITAIN = "GB"
BRITISH_CODE = 44
SHORTEST_BRITISH = 9
LONGEST_TEXT = 250
"""Characters; the library itself reads no more."""
IS_POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE
WITHHELD = frozenset(
    {"anonymous", "withheld", "unavailable", "private", "restricted", "unknown", "number withheld"}
)
EXTENSION = re.compile(
    r"[\s,;]*(?<![a-z])(?:ext(?:n|ension)?|x)[.:=\s]*\d{1,7}[^\w]*$", re.IGNORECASE | re.ASCII
)
ONE_NUMBER = re.compile(
    r"[\d\s().\[\]/~\xad\u200b\u2010-\u2015\u2060\u2212\u30fc\uff08\uff09\uff0d-\uff0f-]+"
)
"""What stands between a number's first and last digit: no words, no comma, no second number."""
ALTERNATIVE = re.compile(r"/\s*\d{1,3}$|-\s*\d$")
"""01632 960123/4: two numbers, of which the library would make one of a stranger's."""
TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)

PLAIN = rf"^{EDGE}[(]?[+]?[0-9][0-9 \xa0().-]*[0-9][ \xa0().]*[0-9]{EDGE}$"
"""The texts that need no library, if NATIONAL finds a British number in their digits."""
NATIONAL = "^(?:(?:[+]|00)?440?|0)?([1-357-9][0-9]{9}|[18][0-9]{8})$"
"""A British number in a text's digits and plus sign, with or without country code or first 0."""


@dataclass(frozen=True)
class PhoneRule:
    """Which telephone numbers reach somebody, and where one without a country code is dialled.

    A possible number is as long as its country's are, and begins as they may. A valid one is in a
    range that is given out, too: those that Ofcom sets aside for drama (used in test data) are not.
    """

    accept: Literal["possible", "valid"] = "possible"
    region: str = BRITAIN


DEFAULT_RULE = PhoneRule()


def phone(text: str, rule: PhoneRule = DEFAULT_RULE) -> str | None:
    """A telephone number as E.164, or None where there is none to be had.

    A number that only works within its area or exchange (960123, extension 2001, 999) names
    nobody: it would join strangers. So would letters read as keys, or one of two numbers.
    """
    if len(text) > LONGEST_TEXT or text.strip().casefold() in WITHHELD:
        return None
    if DAMAGED_PHONE.search(text) or not _is_one_number(text):
        return None
    try:
        number = phonenumbers.parse(text, rule.region)
    except phonenumbers.NumberParseException:
        return None
    if not _reaches_somebody(number, rule):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def valid_british() -> str:
    """A pattern of every valid British national number, from the library's own ranges.

    Jersey, Guernsey and the Isle of Man share the country code, and have ranges of their own.
    """
    ranges = [
        getattr(PhoneMetadata.metadata_for_region(region), kind)
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[BRITISH_CODE]
        for kind in TYPES
    ]
    given_out = {one.national_number_pattern for one in ranges if one is not None}
    return "|".join(sorted(filter(None, given_out)))


def _is_one_number(text: str) -> bool:
    """Whether all that stands in a text, but for its edges and an extension, is one number."""
    body = EXTENSION.sub("", text)
    places = [place for place, letter in enumerate(body) if letter.isdigit()]
    if not places or any(letter.isalpha() for letter in body[places[0] :]):
        return False
    core = body[places[0] : places[-1] + 1]
    return ONE_NUMBER.fullmatch(core) is not None and ALTERNATIVE.search(core) is None


def _reaches_somebody(number: PhoneNumber, rule: PhoneRule) -> bool:
    if rule.accept == "valid":
        return phonenumbers.is_valid_number(number)
    if phonenumbers.is_possible_number_with_reason(number) != IS_POSSIBLE:
        return False
    national = phonenumbers.national_significant_number(number)
    code = number.country_code or 0
    if code == BRITISH_CODE and len(national) < SHORTEST_BRITISH:
        return phonenumbers.is_valid_number(number)  # 0800 1111, but not a number without its area
    region = phonenumbers.region_code_for_country_code(code)
    country = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    shape = country.general_desc if country else None
    return bool(shape and re.fullmatch(shape.national_number_pattern or "", national))
