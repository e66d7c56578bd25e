"""GOV.UK Notify's own checks of an uploaded file, written again from its published code.

Source: alphagov/notifications-utils (recipients.py, recipient_validation/, insensitive_dict.py,
formatters.py). Nothing of csip_pipeline is used: it is what the file is held against.
"""

import csv
import io
import re
import string
from dataclasses import dataclass, field

import phonenumbers

MOST_ROWS = 100_000
LONGEST_TEXT_MESSAGE = 918
FIRST_COLUMN = {"sms": "phone number", "email": "email address"}
OBSCURE = "\u180e\u200b\u200c\u200d\u2060\ufeff\u00a0\u202f"
WHITESPACE = string.whitespace + OBSCURE
HOST_PART = re.compile(r"^(xn|[a-z0-9]+)(-?-[a-z0-9]+)*$", re.IGNORECASE)
TOP_PART = re.compile(r"^([a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+)$", re.IGNORECASE)
ADDRESS = re.compile(r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@([^.@][^@\s]+)$")
MOBILE = phonenumbers.PhoneNumberType.MOBILE
CROWN_DEPENDENCIES = (
    "7781 7839 7911 7509 7797 7937 7700 7829 7624 7524 7924".split()  # noqa: SIM905 - as published
)


@dataclass
class Checked:
    """What the checks found; Notify sends a file only where nothing was."""

    rows: list[dict[str, str]]
    errors: list[str] = field(default_factory=list)


def check(content: bytes, kind: str, placeholders: tuple[str, ...], body: str = "") -> Checked:
    """Check a file for a template with these placeholders; `body` is its text, for the length."""
    text = content.decode("utf-8").strip(WHITESPACE + ",")
    read = list(csv.reader(io.StringIO(text), quoting=csv.QUOTE_MINIMAL, skipinitialspace=True))
    header, *lines = read or [[]]
    keys = [key(name) for name in header]
    found = Checked([])
    wanted = {key(FIRST_COLUMN[kind]), *map(key, placeholders)}
    found.errors += [f"no column {name}" for name in sorted(wanted - set(keys))]
    if keys.count(key(FIRST_COLUMN[kind])) > 1:
        found.errors.append("two columns of recipients")
    if len(lines) > MOST_ROWS:
        found.errors.append("too many rows")
    for number, line in enumerate(lines, 1):
        if len(line) != len(header):
            found.errors.append(f"row {number} has {len(line)} cells")
        row = {name: stripped(cell) for name, cell in zip(keys, line, strict=False)}
        found.rows.append(row)
        found.errors += [f"row {number}: missing {name}" for name in wanted if not row.get(name)]
        to = row.get(key(FIRST_COLUMN[kind]), "")
        error = phone_error(to) if kind == "sms" else email_error(to)
        if error:
            found.errors.append(f"row {number}: {error}")
        filled = re.sub(r"\(\((.+?)\)\)", lambda one, row=row: row.get(key(one[1]), ""), body)
        if kind == "sms" and len(filled) > LONGEST_TEXT_MESSAGE:
            found.errors.append(f"row {number}: too long")
    return found


def key(name: str) -> str:
    """A heading as Notify compares it."""
    return re.sub(r"[ _-]", "", name).lower()


def stripped(cell: str) -> str:
    """A cell as Notify reads it."""
    return "".join(one for one in cell if one not in OBSCURE).strip(string.whitespace)


def phone_error(number: str) -> str | None:
    """What a service that sends to UK mobiles only says of a number: the older and newer rules."""
    if set(number) - set(WHITESPACE + "()-+" + string.digits):
        return "Must not contain letters or symbols"
    digits = "".join(one for one in number if one.isdigit()).lstrip("0").lstrip("4").lstrip("0")
    if not digits.startswith("7") or len(digits) != 10:
        return "Not a UK mobile number"
    is_drama = re.match(r"7700[900000-900999]", digits) is not None
    if digits[:4] in CROWN_DEPENDENCIES and not digits.startswith("7700900"):
        return "Cannot send to international mobile numbers"
    parsed = phonenumbers.parse(number, "GB")
    if parsed.country_code != 44 or phonenumbers.region_code_for_number(parsed) not in ("GB", None):
        return "Cannot send to international mobile numbers"
    is_mobile = phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) == MOBILE
    return None if is_mobile or is_drama else "Not a real phone number"


def email_error(address: str) -> str | None:
    """What Notify says of an e-mail address."""
    match = ADDRESS.match(address)
    if not match or len(address) > 320 or ".." in address:
        return "Not a valid email address"
    try:
        host = match[1].encode("idna").decode("ascii")
    except UnicodeError:
        return "Not a valid email address"
    parts = host.split(".")
    if len(host) > 253 or len(parts) < 2 or not TOP_PART.match(parts[-1]):
        return "Not a valid email address"
    is_fine = all(part and len(part) <= 63 and HOST_PART.match(part) for part in parts)
    return None if is_fine else "Not a valid email address"
