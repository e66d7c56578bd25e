"""Whom GOV.UK Notify can reach, and how it wants their number or address written.

The rules are those of its own recipient checks (alphagov/notifications-utils,
recipient_validation), made no laxer and in places stricter: whoever is left out is on the worklist.
"""

import re
from functools import cache

import pandas as pd
from phonenumbers import PhoneMetadata

CODE = "+44"
DRAMA = r"7700900\d{3}"
"""Numbers that Ofcom keeps for drama and for tests; Notify takes them."""
ABROAD = r"7(?:781|839|911|509|797|937|700|829|624|524|924)\d{6}"
"""Ranges of Jersey, Guernsey and the Isle of Man: Notify counts them as international."""
LOCAL = r"[a-z0-9.!#$%&'*/?^_`{|}~][a-z0-9.!#$%&'*+/=?^_`{|}~\-]*"
"""The part before @. One that begins with = + or - would be a formula in a spreadsheet."""
LABEL = r"(?:xn|[a-z0-9]+)(?:--?[a-z0-9]+)*"
TOP = r"(?:[a-z]{2,63}|xn--(?:[a-z0-9]+-)*[a-z0-9]+)"
EMAIL = rf"{LOCAL}@(?:{LABEL}\.)+{TOP}"
LONGEST_EMAIL, LONGEST_HOST, LONGEST_LABEL = 320, 253, 63


def reachable(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows of a batch Notify can reach at any time of day.

    UK mobiles and e-mail addresses. Not a person with a safe time: nobody can say when a message
    is read, but a person who calls can keep to it.
    """
    point = rows["contact_point"].astype("object").fillna("").astype(str)
    is_phone = (rows["kind"] == "phone") & _is_mobile(point)
    is_email = (rows["kind"] == "email") & _is_email(point)
    return ((is_phone | is_email) & rows["safe_time"].isna()).astype(bool)


def written(points: pd.Series) -> pd.Series:
    """Contact points as Notify wants them: 07700900123, never +44; addresses as they are."""
    return points.astype("object").str.replace(r"^\+44(?=\d{10}$)", "0", regex=True)


@cache
def _mobile() -> str:
    """A pattern of every UK mobile with its country code, by the library's own ranges."""
    britain = PhoneMetadata.metadata_for_region("GB")
    mobiles = britain.mobile if britain else None
    shape = mobiles.national_number_pattern if mobiles else None
    return rf"{re.escape(CODE)}(?:{DRAMA}|(?:{shape or DRAMA}))"


def _is_mobile(points: pd.Series) -> pd.Series:
    is_uk = points.str.fullmatch(_mobile())
    is_drama = points.str.fullmatch(re.escape(CODE) + DRAMA)
    return is_uk & (is_drama | ~points.str.fullmatch(re.escape(CODE) + ABROAD))


def _is_email(points: pd.Series) -> pd.Series:
    host = points.str.replace(r"^.*@", "", regex=True)
    return (
        points.str.fullmatch(EMAIL, case=False)
        & points.map(str.isascii).astype(bool)
        & ~points.str.contains("..", regex=False)
        & (points.str.len() <= LONGEST_EMAIL)
        & (host.str.len() <= LONGEST_HOST)
        & ~host.str.contains(rf"[^.]{{{LONGEST_LABEL + 1}}}")
    )
