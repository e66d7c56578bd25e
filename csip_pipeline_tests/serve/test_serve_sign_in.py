"""Signing in: no default password, guessing slowed, sessions that end, and one strict cookie."""

import door as given
import pytest
from starlette.requests import Request

from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import accounts, sign_in_pages
from csip_pipeline.serve.accounts import Accounts
from csip_pipeline.serve.peers import Peers
from csip_pipeline.serve.roles import Role
from csip_pipeline.serve.sessions import IDLE_SECONDS, LONGEST_SECONDS, MOST_OF_ONE, Sessions
from csip_pipeline.serve.throttle import LONGEST_WAIT, MOST_REMEMBERED, Throttle


def test_there_is_no_account_to_begin_with(door):
    assert door.site.accounts.all() == []
    assert door.visitor().sign_in("admin", "admin").status_code == 422


def test_a_session_begins_with_an_id_that_nobody_knew_before(door):
    door.add("ada", "reader")
    browser = door.visitor()
    browser.get("/sign-in")
    before = browser.cookies["csip"]
    answer = browser.sign_in("ada")

    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert "expires" not in cookie.casefold()
    assert browser.cookies["csip"] != before
    assert browser.get("/").status_code == 200


def test_behind_https_the_cookie_is_held_to_it(data):
    door = given.Door(data, Peers(is_https=True))
    door.add("ada", "reader")
    browser = door.visitor()
    browser.base_url = "https://localhost"
    answer = browser.sign_in("ada")

    assert answer.headers["set-cookie"].startswith("__Host-csip=")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_only_hashes_of_ids_are_held():
    sessions = Sessions(lambda: 0)
    session_id = sessions.begin("ada", "proof")

    assert session_id not in repr(vars(sessions))
    assert sessions.find(session_id) == ("ada", "proof")


@pytest.mark.parametrize(
    ("step", "steps", "is_open"),
    [
        pytest.param(IDLE_SECONDS, 1, True, id="half an hour"),
        pytest.param(IDLE_SECONDS + 1, 1, False, id="a second longer"),
        pytest.param(IDLE_SECONDS, LONGEST_SECONDS // IDLE_SECONDS, True, id="eight hours, busy"),
        pytest.param(IDLE_SECONDS, LONGEST_SECONDS // IDLE_SECONDS + 1, False, id="beyond them"),
    ],
)
def test_a_session_ends_when_idle_and_after_eight_hours_in_any_case(door, step, steps, is_open):
    browser = door.visitor("reader")
    for _ in range(steps):
        door.now += step
        answer = browser.get("/")

    assert answer.status_code == (200 if is_open else 303)


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(door):
    browser = door.visitor("reader")
    kept = browser.cookies["csip"]
    answer = browser.fill_in("/sign-out", shown_at="/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    browser.cookies.set("csip", kept, domain="localhost.local", path="/")
    assert browser.get("/").status_code == 303


def test_an_account_has_a_few_sessions_at_most():
    sessions = Sessions(lambda: 0)
    ids = [sessions.begin("ada", "") for _ in range(MOST_OF_ONE + 1)]

    assert [sessions.find(one) is not None for one in ids] == [False, *[True] * MOST_OF_ONE]


@pytest.mark.parametrize("change", ["password", "lock", "remove", "roles"])
def test_a_change_to_the_account_is_felt_by_a_session_that_is_open(door, change):
    browser = door.visitor("reader")
    other = Accounts(door.settings.door / "accounts.json", given.QUICK)  # another process
    if change == "password":
        other.set_password("a.reader", "another three words")
    elif change == "lock":
        other.set_locked("a.reader", is_locked=True)
    elif change == "remove":
        other.remove("a.reader")
    else:
        other.set_roles("a.reader", [Role.ADMINISTRATOR])
        assert browser.get("/cycles/2026-Q3").status_code == 404
        assert browser.get("/log").status_code == 200
        return

    assert browser.get("/").status_code == 303


def test_guessing_is_slowed_more_with_every_failure():
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    waits = []
    for _ in range(16):
        wait = throttle.attempt("ada", "10.0.0.1")
        waits.append(wait)
        now[0] += wait
        if wait:
            assert throttle.attempt("ada", "10.0.0.1") == 0

    assert waits[:4] == [0, 0, 0, 1]
    assert waits[4:] == sorted(waits[4:])
    assert waits[-1] == LONGEST_WAIT
    assert sum(waits) > 60 * 60


def test_many_names_from_one_address_are_slowed_and_other_addresses_are_not():
    throttle = Throttle(lambda: 0.0)
    waits = [throttle.attempt(f"name{number}", "10.0.0.1") for number in range(12)]

    assert waits == [0] * 10 + [1, 1]
    assert throttle.attempt("name1", "10.0.0.2") == 0


def test_success_forgives_the_account_and_not_the_address():
    throttle = Throttle(lambda: 0.0)
    for number in range(9):
        assert throttle.attempt(f"name{number}", "10.0.0.1") == 0
    assert throttle.attempt("ada", "10.0.0.1") == 0
    throttle.succeeded("ada", "10.0.0.1")

    assert [throttle.attempt(name, "10.0.0.1") for name in ("ada", "grace")] == [0, 1]


def test_what_is_remembered_of_failures_has_an_end():
    throttle = Throttle(lambda: 0.0)
    for number in range(MOST_REMEMBERED):
        throttle.attempt(f"name{number}", f"address{number}")

    assert len(throttle._failures) <= MOST_REMEMBERED  # noqa: SLF001 - what it is about


def test_brute_force_is_told_to_wait_and_the_right_password_waits_too(door):
    door.add("ada", "reader")
    browser = door.visitor()
    answers = [browser.sign_in("ada", f"wrong password {number}") for number in range(30)]

    assert [one.status_code for one in answers] == [422] * 3 + [429] * 27
    assert answers[-1].headers["retry-after"] == "1"
    assert browser.sign_in("ada").status_code == 429
    door.now += 1
    assert browser.sign_in("ada").status_code == 303
    assert door.logged("who", "outcome") == [*[("ada", "refused")] * 3, ("ada", "done")]


def test_an_unknown_name_costs_a_hash_too_and_is_not_logged(door, monkeypatch):
    door.add("ada", "reader")
    asked = []
    real = type(given.QUICK).verify
    monkeypatch.setattr(
        type(given.QUICK), "verify", lambda *given: asked.append(given[1]) or real(*given)
    )
    browser = door.visitor()
    known, unknown = browser.sign_in("ada", "a wrong one"), browser.sign_in("eve", "a wrong one")

    assert len(asked) == 2
    known, unknown = (given.TOKEN.sub("", one.text) for one in (known, unknown))
    assert known.replace("ada", "eve") == unknown
    assert door.logged("who") == [("ada",), ("nobody",)]


@pytest.mark.parametrize(
    "onwards",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\r\nSet-Cookie: x=y",
        "javascript:alert(1)",
        "/\tevil",
        "",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(door, onwards):
    assert sign_in_pages.back(onwards) == "/"
    door.add("ada", "reader")
    answer = door.visitor().sign_in("ada", next=onwards)

    assert answer.headers["location"] == "/"


def test_after_signing_in_the_page_asked_for_is_shown(door):
    door.add("ada", "reader")
    browser = door.visitor()
    asked = browser.get("/cycles/2026-Q3")
    form = browser.get(asked.headers["location"])

    assert 'name="next" value="/cycles/2026-Q3"' in form.text
    assert browser.sign_in("ada", next="/cycles/2026-Q3").headers["location"] == "/cycles/2026-Q3"


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        pytest.param("ada", "short", "12 to 256", id="short"),
        pytest.param("ada", "x" * 257, "12 to 256", id="long"),
        pytest.param("ada", "x" * 20, "easily guessed", id="one character"),
        pytest.param("ada", "I am Ada since 1815", "easily guessed", id="its own name"),
        pytest.param("a b", given.PASSWORD, "A name has", id="a space"),
        pytest.param("../ada", given.PASSWORD, "A name has", id="a path"),
        pytest.param("", given.PASSWORD, "A name has", id="no name"),
    ],
)
def test_a_name_or_password_that_cannot_be_used_is_refused(tmp_path, name, password, why):
    with pytest.raises(RefusedError, match=why):
        Accounts(tmp_path / "accounts.json", given.QUICK).add(name, [Role.READER], password)


def test_accounts_are_kept_from_others_and_as_argon2id_hashes(door):
    door.add("ada", "reader")
    path = door.settings.door / "accounts.json"

    assert path.stat().st_mode & 0o777 == 0o600
    assert door.settings.door.stat().st_mode & 0o777 == 0o700
    assert "$argon2id$" in path.read_text()
    assert given.PASSWORD not in path.read_text()


def test_a_name_is_one_account_however_it_is_capitalised(door):
    door.add("Ada", "reader")
    with pytest.raises(RefusedError, match="already"):
        door.site.accounts.add("ADA", [Role.OFFICE], given.PASSWORD)

    assert door.visitor().sign_in("aDA").status_code == 303
    assert door.logged("who") == [("Ada",)]


def test_a_made_password_is_long_and_never_the_same():
    made = {accounts.generated() for _ in range(100)}

    assert len(made) == 100
    assert {len(one) for one in made} == {19}


def test_a_visitor_chooses_another_password_and_signs_in_with_it(door):
    browser = door.visitor("reader")
    new = "four other random words"
    wrong = browser.fill_in("/password", present="not mine at all", new=new, again=new)
    unequal = browser.fill_in("/password", present=given.PASSWORD, new=new, again="else")
    weak = browser.fill_in("/password", present=given.PASSWORD, new="weak", again="weak")
    done = browser.fill_in("/password", present=given.PASSWORD, new=new, again=new)

    assert [one.status_code for one in (wrong, unequal, weak, done)] == [422, 422, 422, 303]
    assert browser.get("/").status_code == 303
    assert browser.sign_in("a.reader").status_code == 422
    assert browser.sign_in("a.reader", new).status_code == 303


def test_an_administrator_locks_others_and_not_themselves(door):
    reader, admin = door.visitor("reader"), door.visitor("administrator")
    own = admin.fill_in("/accounts", name="a.administrator", do="lock")
    done = admin.fill_in("/accounts", name="A.READER", do="lock")

    assert (own.status_code, done.status_code) == (422, 303)
    assert reader.get("/").status_code == 303
    assert door.visitor().sign_in("a.reader").status_code == 422
    admin.fill_in("/accounts", name="a.reader", do="unlock")
    assert door.visitor().sign_in("a.reader").status_code == 303


def _request(peer, *headers):
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return Request({"type": "http", "client": (peer, 1), "headers": raw})


PROXY = "10.0.0.9"
VOUCHING = Peers(frozenset({PROXY}), "X-Remote-User", "X-Remote-Groups", is_https=True)


@pytest.mark.parametrize(
    ("peer", "headers", "found"),
    [
        pytest.param(PROXY, [("X-Remote-User", "ada")], "ada", id="the proxy"),
        pytest.param("10.0.0.8", [("X-Remote-User", "ada")], None, id="another peer"),
        pytest.param(PROXY, [], None, id="no name"),
        pytest.param(
            PROXY, [("X-Remote-User", "eve"), ("x-remote-user", "ada")], None, id="two names"
        ),
        pytest.param(PROXY, [("X-Remote-User", "a/../b")], None, id="no name that we take"),
    ],
)
def test_a_name_is_believed_of_the_proxy_alone(peer, headers, found):
    vouched = VOUCHING.vouched(_request(peer, *headers))

    assert (vouched.name if vouched else None) == found


def test_the_address_is_the_nearest_proxys_word_and_nobody_elses():
    forwarded = ("X-Forwarded-For", "1.1.1.1, 192.0.2.7")

    assert VOUCHING.address(_request(PROXY, forwarded)) == "192.0.2.7"
    assert VOUCHING.address(_request("10.0.0.8", forwarded)) == "10.0.0.8"


def test_the_proxys_roles_are_ours_only_if_they_say_so(data):
    door = given.Door(data, VOUCHING)
    browser = door.visitor(peer=PROXY)
    browser.base_url = "https://localhost"
    for groups, status in [
        ("staff, CSIP-Office", 200),
        ("office; administrator", 404),
        ("csip-contact_team", 404),
        ("", 404),
    ]:
        headers = {"X-Remote-User": "ada", "X-Remote-Groups": groups}
        assert browser.get("/sample", headers=headers).status_code == status
        assert browser.get("/sign-in", headers=headers).status_code == 404
    stranger = door.visitor(peer="10.0.0.8")
    answer = stranger.get(
        "/sample", headers={"X-Remote-User": "a", "X-Remote-Groups": "csip-office"}
    )
    assert answer.status_code == 401


def test_a_visitor_of_the_proxy_sends_forms_and_may_be_locked_out(data):
    door = given.Door(data, Peers(frozenset({PROXY}), "X-Remote-User"))
    door.site.accounts.add("ada", [Role.CHAIR], None)
    browser = door.visitor(peer=PROXY)
    browser.headers["X-Remote-User"] = "ADA"
    sent = browser.fill_in(f"/sample/{given.FROZEN}/draw", seed=given.DICE, size="5", step="draw")

    assert sent.status_code == 303
    assert door.logged("who", "did") == [("ada", "draw")]
    door.site.accounts.set_locked("ada", is_locked=True)
    assert browser.get("/").status_code == 401


def test_an_account_without_a_password_cannot_be_opened_with_one(door):
    door.site.accounts.add("ada", [Role.CHAIR], None)

    assert door.visitor().sign_in("ada", "").status_code == 422
    assert door.visitor().sign_in("ada").status_code == 422
