"""`csip serve` refuses what is unsafe, and a process of one zone opens nothing of another."""

import json
import sys

import door as given
import pytest
from click.testing import CliRunner

from csip_pipeline.cli import csip
from csip_pipeline.cli_door import hold_to_safety
from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve.peers import Peers
from csip_pipeline.serve.roles import Role, Zone

OPENED = []
"""Every path that is opened while a test listens."""
LISTENING = []


def _listen(event, told):
    if event == "open" and LISTENING:
        OPENED.append(str(told[0]))


sys.addaudithook(_listen)
ADDRESSES = [
    "/",
    "/cycles/2026-Q3",
    "/cycles/2026-Q3/1/public/panel_pack_2026-Q3.xlsx",
    "/cycles/2026-Q3/1/restricted/panel_pack_2026-Q3_restricted.xlsx",
    "/cycles/2026-Q3/1/public/../restricted/panel_pack_2026-Q3_restricted.xlsx",
    "/sample/2026-Q3",
    "/callbacks",
    "/callbacks/2026-10-1",
    "/upload/callbacks",
    "/log",
]


def run(folder, *arguments, entered=None):
    whole = ["serve", "--state", str(folder), *arguments]
    return CliRunner().invoke(csip, whole, input=entered)


@pytest.mark.parametrize(
    ("zone", "reads"),
    [
        pytest.param("public", "published/2026-Q3/panel_pack_2026-Q3.xlsx", id="public"),
        pytest.param("meeting", "published/2026-Q3/sample_frame.csv", id="meeting"),
        pytest.param("access", "serve/access.log", id="access"),
    ],
)
def test_a_process_without_restricted_zones_opens_nothing_restricted(data, zone, reads):
    OPENED.clear()
    LISTENING.append(zone)
    try:
        own = given.Door(data, zones=(Zone(zone),))
        for role in Role:
            browser = own.visitor(role)
            for address in ADDRESSES:
                given.as_sent(browser, address)
    finally:
        LISTENING.clear()

    opened = {one.removeprefix(str(data)) for one in OPENED if one.startswith(str(data))}
    assert f"/{reads}" in opened
    assert [one for one in opened if "restricted" in one or "extracts" in one] == []


@pytest.mark.parametrize(
    ("host", "peers"),
    [
        pytest.param("127.0.0.1", Peers(), id="this machine"),
        pytest.param("::1", Peers(), id="this machine, IPv6"),
        pytest.param("localhost", Peers(), id="this machine by name"),
        pytest.param("0.0.0.0", Peers(is_https=True), id="behind HTTPS"),  # noqa: S104 - said so
        pytest.param("127.0.0.1", Peers(frozenset({"127.0.0.1"}), "X-User"), id="a proxy"),
    ],
)
def test_it_listens_where_nobody_overhears(host, peers):
    hold_to_safety(host, peers)


@pytest.mark.parametrize(
    ("host", "peers", "why"),
    [
        pytest.param("0.0.0.0", Peers(), "unencrypted", id="every network"),  # noqa: S104 - refused
        pytest.param("192.0.2.1", Peers(), "unencrypted", id="one network"),
        pytest.param("example.org", Peers(), "unencrypted", id="a name"),
        pytest.param("127.0.0.1", Peers(name_header="X-User"), "anybody", id="whoever says so"),
        pytest.param("127.0.0.1", Peers(roles_header="X-Roles"), "goes with", id="roles alone"),
    ],
)
def test_it_refuses_what_is_unsafe(host, peers, why):
    with pytest.raises(RefusedError, match=why):
        hold_to_safety(host, peers)


def test_the_command_refuses_before_it_listens(tmp_path):
    result = run(tmp_path, "--host", "0.0.0.0")  # noqa: S104 - it is refused

    assert result.exit_code == 1
    assert "--behind-https" in result.output


def test_accounts_are_looked_after_by_verbs(tmp_path):
    made = run(tmp_path, "add-user", "ada", "--role", "office", "--role", "chair", "--generate")
    assert "Its password, shown this once: " in made.output
    assert run(tmp_path, "add-user", "ada", "--role", "reader", "--generate").exit_code == 1
    typed = "three random words\n"
    run(tmp_path, "add-user", "bob", "--role", "reader", entered=typed * 2)
    run(tmp_path, "set-password", "bob", entered="four other random words\n" * 2)
    run(tmp_path, "set-roles", "bob", "--role", "panellist")
    assert json.loads(run(tmp_path, "users", "--json").output) == [
        {"name": "ada", "roles": ["chair", "office"], "locked": False},
        {"name": "bob", "roles": ["panellist"], "locked": False},
    ]
    run(tmp_path, "remove-user", "bob")
    assert run(tmp_path, "users").output == "ada: chair, office\n"
    assert run(tmp_path, "remove-user", "bob").exit_code == 1


def test_a_password_is_never_an_option_of_the_command(tmp_path):
    assert run(tmp_path, "add-user", "ada", "--role", "office", "--password", "x").exit_code == 2
    assert run(tmp_path, "add-user", "ada", "--role", "no such").exit_code == 2
    assert run(tmp_path, "add-user", "ada", "--generate").exit_code == 2


def test_the_log_is_proved_by_a_verb(door):
    door.visitor("reader")
    folder = door.settings.door
    assert "The log holds: 1 entry" in run(folder, "log").output
    log = folder / "access.log"
    log.write_bytes(log.read_bytes().replace(b"done", b"gone"))

    result = run(folder, "log", "--json")
    assert result.exit_code == 1
    assert json.loads(result.output)["fault"].startswith("entry 1 was changed")
