"""The team is told that a list is ready; nothing about anybody, and no failure stops a list."""

import datetime as dt
import email
import email.policy
import shutil
import socket
import ssl
import subprocess
import time

import mail_server
import pytest
from mail_server import STEPS, Fault, running

from csip_pipeline.publish.callbacks.list_ready import ListReady, MailSettings, note, tell

READY = ListReady("2026-10-1", 1240, dt.date(2026, 11, 14), "/srv/data/callbacks_2026-10-1.xlsx")
PATIENCE = 0.4
PASSWORD = "correct horse"  # noqa: S105 - of a server that lives for a second


def settings(mail=None, **given) -> MailSettings:
    """Settings for a server; each test says only what its case is about."""
    usual = {
        "host": "127.0.0.1",
        "port": mail.port if mail else 587,
        "sender": "csip@office.example",
        "to": ("team@force.example",),
        "starttls": False,
    }
    return MailSettings(**(usual | given))


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate for this computer that nobody trusts unless told to, and its path."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "cert.pem", folder / "key.pem"
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext"
    command = ["openssl", *request.split(), "subjectAltName=IP:127.0.0.1", "-out", str(files[0])]
    subprocess.run([*command, "-keyout", str(files[1])], check=True, capture_output=True)  # noqa: S603 - our own
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context, files[0]


def test_the_note_says_which_list_how_many_when_and_where():
    with running() as mail:
        assert tell(settings(mail), READY, None) is None

    (received,) = mail.received
    message = email.message_from_string(received, policy=email.policy.default)
    assert message["Subject"] == "Callback list 2026-10-1 is ready"
    assert message["To"] == "team@force.example"
    assert message.get_content().replace("\r\n", "\n").strip() == (
        "Callback list 2026-10-1 is ready, with 1,240 notices.\n"
        "The first is due to be explained by 14 November 2026.\n\n"
        "Fetch callbacks_2026-10-1.xlsx from the restricted folder as usual.\n"
        "Do not send the list by e-mail, and do not reply to this message."
    )


def test_neither_this_computers_name_nor_a_path_is_in_what_is_sent():
    with running() as mail:
        tell(settings(mail), READY, None)

    said = "\n".join([*mail.commands, *mail.received])
    assert "/srv" not in said
    assert socket.gethostname() not in said
    assert mail.commands[0] == "ehlo office.example"


def test_a_second_note_about_a_list_is_seen_to_be_the_same():
    other = ListReady("2026-10-2", 1, dt.date(2026, 11, 14), "b.xlsx")

    first, again, another = (note(settings(), each) for each in (READY, READY, other))

    assert first["Message-ID"] == again["Message-ID"] == "<callback-list-2026-10-1@office.example>"
    assert another["Message-ID"] != first["Message-ID"]
    assert "with 1 notice." in another.get_content()


@pytest.mark.parametrize(
    "step", [step for step in STEPS if step not in ("starttls", "auth", "quit")]
)
@pytest.mark.parametrize("what", ["drop", "delay", "refuse", "garble"])
def test_whatever_goes_wrong_before_it_is_taken_is_a_warning_and_no_more(step, what):
    with running(Fault(step, what)) as mail:
        started = time.monotonic()
        warning = tell(settings(mail), READY, None, PATIENCE)

    if not (step == "ehlo" and what in ("refuse", "garble")):  # it may still speak the older HELO
        assert "may not have been sent" in warning
        assert "Please tell the team yourself" in warning
        assert "ann@example.org" not in warning
        assert warning.isprintable()
    assert len(mail.received) <= 1
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("step", STEPS)
def test_an_answer_that_comes_twice_sends_one_note_at_most_and_never_hangs(step):
    with running(Fault(step, "twice")) as mail:
        warning = tell(settings(mail), READY, None, PATIENCE)

    assert len(mail.received) <= 1
    assert warning is None or "may not have been sent" in warning


@pytest.mark.parametrize("what", ["drop", "delay", "refuse", "garble"])
def test_a_note_that_was_taken_is_sent_however_the_server_takes_leave(what):
    with running(Fault("quit", what)) as mail:
        assert tell(settings(mail), READY, None, PATIENCE) is None

    assert len(mail.received) == 1


def test_nobody_at_the_port_is_a_warning():
    with running() as mail:
        gone = settings(mail)

    assert "nothing answers under that host and port" in tell(gone, READY, None, PATIENCE)


def test_an_address_that_is_refused_is_counted_not_named():
    with running() as mail:
        mail.refused = "away@force.example"
        both = settings(mail, to=("team@force.example", "away@force.example"))
        warning = tell(both, READY, None)

    assert "1 of 2 addresses" in warning
    assert "away" not in warning
    assert len(mail.received) == 1


def test_a_note_goes_encrypted_and_signed_in(pair, monkeypatch):
    context, path = pair
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with running(certificate=context) as mail:
        safe = settings(mail, starttls=True, username="csip")
        assert tell(safe, READY, PASSWORD) is None

    assert mail.is_encrypted == [True]
    assert mail.logins == [f"\0csip\0{PASSWORD}"]


def test_a_certificate_that_is_not_trusted_is_shown_nothing(pair):
    with running(certificate=pair[0]) as mail:
        warning = tell(settings(mail, starttls=True, username="csip"), READY, PASSWORD)

    assert "certificate is not trusted" in warning
    assert mail.logins == mail.received == []


def test_a_server_without_encryption_is_shown_nothing():
    with running() as mail:
        warning = tell(settings(mail, starttls=True, username="csip"), READY, PASSWORD)

    assert "offers no encryption" in warning
    assert mail.logins == mail.received == []


def test_a_wrong_password_is_a_warning_without_it(pair, monkeypatch):
    context, path = pair
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with running(Fault("auth", "refuse"), context) as mail:
        warning = tell(settings(mail, starttls=True, username="csip"), READY, PASSWORD)

    assert "did not accept the user name and password" in warning
    assert PASSWORD not in warning
    assert mail_server.REFUSALS["auth"] not in warning
