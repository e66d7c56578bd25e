"""Nobody in the demo can be reached: drama telephone numbers and example addresses only."""

import re

NUMBER = re.compile(r"(?<![\d.])(?:\+44 ?|0)[1-9]\d{3} ?\d{5,6}(?!\d)")
DRAMA = re.compile(r"(?:\+44|0)(?:7700900\d{3}|1632\d{6})")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
LINK = re.compile(r"https?://([\w.-]+)")


def texts(extracts):
    return [path.read_bytes().decode("cp1252", "replace") for path in extracts.rglob("*.*")]


def test_every_telephone_number_is_one_that_ofcom_keeps_for_drama(extracts):
    numbers = {found for text in texts(extracts) for found in NUMBER.findall(text)}

    assert len(numbers) > 100
    assert all(DRAMA.fullmatch(number.replace(" ", "")) for number in numbers)


def test_every_address_and_link_is_at_an_example_domain(extracts):
    addresses = {found for text in texts(extracts) for found in EMAIL.findall(text)}
    hosts = {host for text in texts(extracts) for host in LINK.findall(text)}

    assert len(addresses) > 100
    assert {address.rpartition("@")[2] for address in addresses} == {"example.org", "example.com"}
    assert hosts == {"example.org"}
