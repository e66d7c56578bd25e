"""A role sees what it may and nothing else: every pair of role and address of the route table."""

import shutil

import door as given
import pytest

from csip_pipeline.serve.roles import ALLOWED, May, Role, Zone
from csip_pipeline.serve.routes import PAGES

CYCLE = "2026-Q3"
EXAMPLES = {
    "/cycles/{cycle}": [f"/cycles/{CYCLE}"],
    "/cycles/{cycle}/{revision}/public/{file:path}": [
        f"/cycles/{CYCLE}/1/public/panel_pack_{CYCLE}.xlsx",
        f"/cycles/{CYCLE}/2/public/panel_pack_{CYCLE}_revision_2.html",
        f"/cycles/{CYCLE}/1/public/panel_pack_{CYCLE}_tables/waits.csv",
    ],
    "/cycles/{cycle}/{revision}/restricted/{file:path}": [
        f"/cycles/{CYCLE}/1/restricted/panel_pack_{CYCLE}_restricted.xlsx",
        f"/cycles/{CYCLE}/1/restricted/panel_pack_{CYCLE}_restricted.html",
        f"/cycles/{CYCLE}/2/restricted/panel_pack_{CYCLE}_revision_2_restricted_tables/waits.csv",
    ],
    "/sample/{cycle}": [f"/sample/{CYCLE}", f"/sample/{given.DRAWN}"],
    "/sample/{cycle}/draw": [f"/sample/{CYCLE}/draw"],
    "/sample/{cycle}/{file}": [
        f"/sample/{CYCLE}/sample_frame.csv",
        f"/sample/{CYCLE}/manifest.json",
    ],
    "/callbacks/{list}": [f"/callbacks/{given.LIST}"],
}
"""An address of each route that has parts which vary: a new one without an example fails."""
MAY_SEE = {
    Role.READER: {May.READ},
    Role.OFFICE: {May.READ, May.COMPARE, May.WATCH},
    Role.CHAIR: {May.READ, May.COMPARE, May.WATCH, May.DRAW},
    Role.PANELLIST: {May.READ, May.SCORE},
    Role.CONTACT_TEAM: {May.CALL},
    Role.ADMINISTRATOR: {May.AUDIT},
}
"""Said again, by hand, so that a slip in the table of roles shows."""


def addresses(page):
    return EXAMPLES[page.path] if "{" in page.path else [page.path]


PAIRS = [
    pytest.param(role, page, address, id=f"{role} {address}")
    for role in Role
    for page in PAGES
    if page.needs is not None
    for address in addresses(page)
]


@pytest.fixture(scope="module")
def visitors(_made, tmp_path_factory):
    """A browser for each role, all of one door."""
    place = shutil.copytree(_made, tmp_path_factory.mktemp("roles") / "data")
    own = given.Door(place)
    return own, {role: own.visitor(role) for role in Role}


def test_the_roles_are_those_that_the_office_asked_for():
    assert {role: set(can) for role, can in ALLOWED.items()} == MAY_SEE


@pytest.mark.parametrize(("role", "page", "address"), PAIRS)
def test_a_role_reads_only_its_own(visitors, role, page, address):
    _, browsers = visitors
    answer = browsers[role].get(address)

    assert answer.status_code == (200 if page.needs in MAY_SEE[role] else 404)


@pytest.mark.parametrize(
    ("role", "page", "address"), [each for each in PAIRS if each.values[1].post is not None]
)
def test_a_role_sends_only_its_own_forms(visitors, role, page, address):
    _, browsers = visitors
    sent = browsers[role].fill_in(address, shown_at=address if page.get else "/")

    assert (sent.status_code == 404) == (page.needs not in MAY_SEE[role])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_who_is_not_signed_in_is_asked_to_and_sees_nothing(visitors, page):
    own, _ = visitors
    for address in addresses(page):
        answer = own.visitor().get(address)

        if page.is_open:
            assert answer.status_code == 200
        else:
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in?next=/")
            assert answer.content == b""


def test_what_may_not_be_seen_looks_like_what_is_not_there(visitors):
    _, browsers = visitors
    forbidden = browsers[Role.READER].get("/log")
    absent = browsers[Role.READER].get("/no-such-page")

    assert (forbidden.status_code, forbidden.text) == (absent.status_code, absent.text)


def test_restricted_files_and_lists_are_not_kept_by_a_browser(visitors):
    _, browsers = visitors
    for role, path in [
        *((Role.OFFICE, one) for one in EXAMPLES[PAGES[3].path]),
        (Role.CONTACT_TEAM, f"/callbacks/{given.LIST}"),
    ]:
        answer = browsers[role].get(path)

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_is_logged_without_the_words_of_the_visitor(door):
    door.visitor("reader").get("/callbacks/a-name-that-somebody-typed")

    assert door.logged("who", "did", "what", "outcome")[-1] == (
        "a.reader",
        "GET",
        "/callbacks/{list}",
        "refused",
    )


@pytest.mark.parametrize("zone", Zone)
def test_what_a_process_does_not_serve_is_not_there_for_anybody(data, zone):
    others = tuple(one for one in Zone if one != zone)
    own = given.Door(data, zones=others)
    for role in Role:
        browser = own.visitor(role)
        for page in PAGES:
            if page.zone == zone:
                assert browser.get(addresses(page)[0]).status_code == 404
        assert browser.get("/").status_code == 200
