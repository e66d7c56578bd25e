"""A mail server on this computer that breaks off, waits, refuses or answers twice where it is told.

`with running(Fault("data", "drop")) as mail: ... mail.received`. The steps are those of SMTP:
banner, ehlo, starttls, auth, mail, rcpt, data, body (the message is in) and quit.
"""

import base64
import socketserver
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

STEPS = ("banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "quit")
USUAL = {
    "banner": "220 here",
    "starttls": "220 go on",
    "auth": "235 welcome",
    "mail": "250 fine",
    "rcpt": "250 fine",
    "data": "354 go on",
    "body": "250 kept",
    "quit": "221 goodbye",
}
REFUSALS = {"banner": "554 no", "auth": "535 wrong password", "body": "552 ann@example.org is full"}


@dataclass(frozen=True)
class Fault:
    """What goes wrong at a step: drop, delay, twice, refuse or garble."""

    step: str
    what: str
    seconds: float = 1


@dataclass
class Mail:
    """What the server holds."""

    fault: Fault | None = None
    certificate: ssl.SSLContext | None = None
    port: int = 0
    received: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    is_encrypted: list[bool] = field(default_factory=list)
    """For each message, whether it came over TLS."""
    logins: list[str] = field(default_factory=list)
    refused: str = ""
    """An address that it does not know."""


class DroppedError(Exception):
    """The connection was broken off on purpose."""


class Handler(socketserver.StreamRequestHandler):
    """One conversation."""

    mail: Mail

    def handle(self):
        """Answer until told to quit, or told to break off."""
        try:
            self._answer("banner")
            while self._turn():
                pass
        except (DroppedError, OSError, ValueError):
            self.close_early()

    def close_early(self):
        """Leave without a word."""
        self.connection.close()

    def _turn(self) -> bool:
        line = self.rfile.readline().decode("ascii").strip()
        word = line.split(" ")[0].upper()
        self.mail.commands.append(line)
        if word == "EHLO":
            self._ehlo()
        elif word == "STARTTLS":
            self._answer("starttls")
            self._encrypt()
        elif word == "AUTH":
            self.mail.logins.append(base64.b64decode(line.split(" ")[-1]).decode())
            self._answer("auth")
        elif word == "RCPT" and self.mail.refused and self.mail.refused in line:
            self._say("550 unknown")
        elif word in ("MAIL", "RCPT"):
            self._answer(word.lower())
        elif word == "DATA":
            self._answer("data")
            self._body()
        elif word == "QUIT":
            self._answer("quit")
            return False
        elif not word:
            return False
        else:
            self._say("250 fine")
        return True

    def _ehlo(self):
        is_plain = not isinstance(self.connection, ssl.SSLSocket)
        offers = ["STARTTLS"] if self.mail.certificate and is_plain else ["AUTH PLAIN"]
        self._answer("ehlo", "\r\n".join(["250-here", f"250 {offers[0]}"]))

    def _encrypt(self):
        self.connection = self.mail.certificate.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", 0)
        self.wfile = self.connection.makefile("wb", 0)

    def _body(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode("utf-8"))
        if self.mail.fault == Fault("body", "refuse"):
            self._answer("body")
            return
        self.mail.received.append("".join(lines))
        self.mail.is_encrypted.append(isinstance(self.connection, ssl.SSLSocket))
        self._answer("body")

    def _answer(self, step, usual=None):
        """Answer a step, or go wrong at it."""
        text = usual or USUAL[step]
        fault = self.mail.fault
        what = fault.what if fault and fault.step == step else None
        if what == "drop":
            raise DroppedError
        if what == "delay":
            time.sleep(fault.seconds)
        if what == "refuse":
            text = REFUSALS.get(step, "451 ann@example.org: not now")
        if what == "garble":
            text = "\x00\xff\u2603 ann@example.org"
        self._say(text)
        if what == "twice":
            self._say(text)

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """One thread a conversation."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def handle_error(self, *_):
        """Nothing: conversations that break off are what the tests are about."""


@contextmanager
def running(fault: Fault | None = None, certificate: ssl.SSLContext | None = None):
    """A server in this process, for as long as a test needs it."""
    mail = Mail(fault, certificate)
    server = Server(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"mail": mail}))
    mail.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield mail
    finally:
        server.shutdown()
        server.server_close()
