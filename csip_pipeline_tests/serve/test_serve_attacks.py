"""What a stranger or a visitor sends is never part of a path, a page's markup or a header."""

import re
import shutil

import door as given
import pytest

from csip_pipeline.serve.limits import LARGEST_FORM
from csip_pipeline.serve.roles import Role
from csip_pipeline.serve.uploads import LARGEST

PAYLOADS = [
    "../manifest.json",
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/manifest.json",
    "..%252f..%252fmanifest.json",
    "....//....//etc/passwd",
    "..\\..\\manifest.json",
    "..%5c..%5cmanifest.json",
    "%c0%ae%c0%ae/manifest.json",
    "%00",
    "panel_pack_2026-Q3.xlsx%00.html",
    "panel_pack_2026-Q3.xlsx/",
    "./panel_pack_2026-Q3.xlsx",
    "PANEL_PACK_2026-Q3.XLSX",
    "manifest.json",
    ".manifest.lock",
    "restricted/manifest.json",
    "restricted/panel_pack_2026-Q3_restricted.xlsx",
    "panel_pack_2026-Q3_restricted.xlsx",
    "panel_pack_2026-Q3_tables/../manifest.json",
    "panel_pack_2026-Q3_tables/",
    "/etc/passwd",
    "file:///etc/passwd",
    "http://example.org/",
    "*",
    "panel_pack_*.xlsx",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "'; drop table accounts; --",
    "$(id)",
    "%0d%0aSet-Cookie:%20csip=1",
    "a" * 4000,
]
PLACES = [
    "/cycles/2026-Q3/1/public/{}",
    "/cycles/2026-Q3/1/restricted/{}",
    "/cycles/2026-Q3/{}/public/panel_pack_2026-Q3.xlsx",
    "/cycles/{}/1/public/panel_pack_2026-Q3.xlsx",
    "/cycles/{}",
    "/sample/{}",
    "/sample/2026-Q3/{}",
    "/callbacks/{}",
    "/{}",
]
FOUND = {
    "/sample/2026-Q3/manifest.json",
    "/cycles/2026-Q3/1/restricted/panel_pack_2026-Q3_restricted.xlsx",
}
"""What is listed there, and may be fetched."""


@pytest.fixture(scope="module")
def everybody(tmp_path_factory, _made):
    """A browser of somebody who may do everything, and a stranger's."""
    own = given.Door(shutil.copytree(_made, tmp_path_factory.mktemp("attacks") / "data"))
    own.add("everybody", *Role)
    browser = own.visitor()
    browser.sign_in("everybody")
    return browser, own.visitor()


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_name_that_is_not_listed_is_not_found_wherever_it_stands(everybody, payload):
    browser, stranger = everybody
    for place in PLACES:
        address = place.format(payload)
        if address in FOUND:
            continue
        status, text = given.as_sent(browser, address)

        assert status == 404, address
        assert "root:" not in text
        assert "<script" not in text
        assert given.as_sent(stranger, address)[0] in (303, 404), address


def test_a_file_listed_outside_its_place_is_not_served(data):
    manifest = data / "published/2026-Q3/manifest.json"
    text = manifest.read_text()
    for path in ("../../restricted/worklists/callbacks_2026-10-1.xlsx", "/etc/hostname"):
        manifest.write_text(text.replace("panel_pack_2026-Q3.xlsx", path))
        browser = given.Door(data).visitor("reader")

        assert "callbacks_2026" not in browser.get("/cycles/2026-Q3").text
        assert browser.get(f"/cycles/2026-Q3/1/public/{path}").status_code == 404


def test_a_restricted_file_listed_as_public_is_not_served(data):
    manifest = data / "published/2026-Q3/manifest.json"
    other = "restricted/panel_pack_2026-Q3_restricted.xlsx"
    manifest.write_text(manifest.read_text().replace("panel_pack_2026-Q3.xlsx", other))

    answer = given.Door(data).visitor("office").get(f"/cycles/2026-Q3/1/public/{other}")

    assert answer.status_code == 404


def test_a_file_that_is_not_the_one_that_was_published_is_not_served(door):
    (door.settings.published / "2026-Q3/panel_pack_2026-Q3.xlsx").write_bytes(b"another")

    answer = door.visitor("reader").get("/cycles/2026-Q3/1/public/panel_pack_2026-Q3.xlsx")

    assert answer.status_code == 500
    assert "is not the file that was published" in answer.text
    assert door.logged("did", "outcome")[-1] == ("download", "damaged")


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(everybody):
    browser, stranger = everybody
    for answer in (browser.get("/"), stranger.get("/nowhere"), stranger.get("/style.css")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_a_packs_page_may_use_its_own_style_and_nothing_else(everybody):
    browser, _ = everybody
    answer = browser.get("/cycles/2026-Q3/1/public/panel_pack_2026-Q3.html")

    policy = answer.headers["content-security-policy"]
    assert re.match(r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; ", policy)
    assert "content-disposition" not in answer.headers
    assert answer.content == given.PAGE


def test_another_host_name_is_no_name_of_ours(everybody):
    browser, _ = everybody

    assert browser.get("/", headers={"host": "evil.example"}).status_code == 400
    assert browser.get("/", headers={"host": "localhost:8300"}).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(everybody, method):
    browser, _ = everybody

    assert browser.request(method, "/").status_code == 405
    assert browser.request(method, "/upload/scores").status_code == 405


def test_a_form_is_taken_from_our_own_page_only(everybody):
    browser, stranger = everybody
    (token, *_) = given.TOKEN.findall(browser.get("/accounts").text)
    lock = {"name": "everybody", "do": "lock"}

    for sent in (lock, {**lock, "token": "0" * 64}, {**lock, "token": "\u00e9"}):
        assert browser.post("/accounts", data=sent).status_code == 403
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ):
        sent = browser.post("/accounts", data={**lock, "token": token}, headers=headers)
        assert sent.status_code == 403
    (other, *_) = given.TOKEN.findall(stranger.get("/sign-in").text)
    assert browser.post("/accounts", data={**lock, "token": other}).status_code == 403
    own = browser.post(
        "/accounts", data={**lock, "token": token}, headers={"origin": "http://localhost"}
    )
    assert own.status_code == 422  # it arrived: nobody locks themselves out


def test_a_body_that_is_too_large_is_turned_away(everybody):
    browser, stranger = everybody
    large = {"file": ("scores.xlsx", b"PK\x03\x04" + bytes(LARGEST + 100_000))}

    assert browser.fill_in("/upload/scores", files=large).status_code == 413
    assert stranger.post("/sign-in", content=bytes(LARGEST_FORM + 1)).status_code in (400, 403, 413)
    form = {"token": "0", "name": "x" * LARGEST_FORM}
    assert stranger.post("/sign-in", data=form).status_code == 413
    unsaid = (bytes(1000) for _ in range(LARGEST // 1000 + 200))
    kind = {"content-type": "multipart/form-data; boundary=x"}
    assert browser.post("/upload/scores", content=unsaid, headers=kind).status_code in (400, 413)


def test_a_form_that_is_no_form_is_refused(everybody):
    browser, _ = everybody
    kind = {"content-type": "multipart/form-data; boundary=x"}

    assert browser.post("/upload/scores", content=b"--y\r\n\r\n", headers=kind).status_code == 400
    many = [(f"field{number}", "x") for number in range(100)]
    assert browser.post("/accounts", data=dict(many)).status_code in (400, 403)


def test_an_error_of_ours_tells_nobody_anything(door, monkeypatch, caplog):
    browser = door.visitor("reader")
    monkeypatch.setattr(door.site.public, "cycles", lambda: int("somebody@example.org"))

    answer = browser.get("/")

    assert answer.status_code == 500
    assert "example.org" not in answer.text + caplog.text
    assert "An unexpected ValueError" in caplog.text
