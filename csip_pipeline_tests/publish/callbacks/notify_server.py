"""A GOV.UK Notify on this computer: it keeps what it accepts, and goes wrong as it is told to.

In a test: `with running(Faults(lost=0.08)) as notify: ... notify.accepted`. As a process of its
own, so that what it accepted outlives whoever asked:

    python notify_server.py 8080 accepted.jsonl --seed 1 --errors 0.05 --lost 0.08

Then GET /accepted gives every message, in order. It prints "ready PORT"; port 0 picks one.
"""

import argparse
import json
import random
import re
import socket
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE = "11111111-2222-3333-4444-555555555555"
SECRET = "66666666-7777-8888-9999-000000000000"  # noqa: S105 - of this server and of no other
KEY = f"csip_test-{SERVICE}-{SECRET}"
SMS_TEMPLATE = "aaaaaaaa-0000-0000-0000-000000000001"
EMAIL_TEMPLATE = "aaaaaaaa-0000-0000-0000-000000000002"
TYPES = {SMS_TEMPLATE: "sms", EMAIL_TEMPLATE: "email"}
CLOCK = 30
"""Seconds that a token may be old."""
FAILING = {
    "07700900003": "temporary-failure",
    "07700900002": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
}


@dataclass
class Faults:
    """How often sending goes wrong (shares of requests), by a seed; and what is refused."""

    seed: int = 1
    errors: float = 0
    """HTTP 500, and nothing is accepted."""
    lost: float = 0
    """Accepted, but the connection is dropped before an answer."""
    accepted_errors: float = 0
    """Accepted, but the answer is HTTP 500."""
    garbled: float = 0
    """Accepted, but the answer is cut off, no JSON, or about another message."""
    hollow: float = 0
    """Not accepted, but something on the way answers HTTP 200 in JSON."""
    late: float = 0
    """The connection is dropped, and the message is accepted late_seconds afterwards."""
    late_seconds: float = 0.2
    unasked: float = 0
    """Questions (GET) that are answered by HTTP 500."""
    busy: range = range(0)
    """Which sending requests, counted from 0, are answered by HTTP 429."""
    is_daily_limit: bool = False
    """Whether HTTP 429 means the limit of the day."""
    forbidden_from: int | None = None
    """From which sending request on the key is not accepted."""
    is_trial: bool = False
    """Whether every message is refused because of the service."""
    refused: set[str] = field(default_factory=set)
    """Numbers and addresses that are not valid."""
    delay: float = 0
    """Seconds before each answer."""
    page: int = 250
    placeholders: tuple[str, ...] = ("what_happened", "promise")


class Notify:
    """What the server holds; safe for its threads."""

    def __init__(self, faults: Faults, kept_in: Path | None = None):
        """With what it had accepted before, where that was kept in a file."""
        self.faults = faults
        self.accepted: list[dict] = []
        self.asked: list[str] = []
        """Every question (GET), as path and query."""
        self.sends = 0
        self.port = 0
        self._random = random.Random(faults.seed)  # noqa: S311 - faults that come again by their seed
        self._lock = threading.Lock()
        self._kept_in = kept_in
        if kept_in and kept_in.exists():
            lines = kept_in.read_text(encoding="utf-8").splitlines()
            self.accepted = [json.loads(line) for line in lines]

    @property
    def url(self) -> str:
        """What base_url says."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def references(self) -> list[str]:
        """The reference of every message it accepted, in order."""
        return [one["reference"] for one in self.accepted]

    def fault(self) -> tuple[str | None, int]:
        """What goes wrong with the next sending request, and which one it is."""
        faults = self.faults
        with self._lock:
            number, draw = self.sends, self._random.random()
            self.sends += 1
        if faults.forbidden_from is not None and number >= faults.forbidden_from:
            return "forbidden", number
        if number in faults.busy:
            return "busy", number
        for name in ("errors", "lost", "accepted_errors", "garbled", "hollow", "late"):
            share = getattr(faults, name)
            if draw < share:
                return name, number
            draw -= share
        return None, number

    def is_unasked(self) -> bool:
        """Whether the next question goes unanswered."""
        with self._lock:
            return self._random.random() < self.faults.unasked

    def accept(self, kind: str, body: dict) -> dict:
        """Keep a message, and hand it on at once."""
        to = body.get("phone_number") or body.get("email_address")
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
        message = {
            "id": str(uuid.uuid4()),
            "reference": body.get("reference"),
            "phone_number": body.get("phone_number"),
            "email_address": body.get("email_address"),
            "type": kind,
            "status": FAILING.get(to, "delivered"),
            "template": {"id": body["template_id"], "version": 1},
            "personalisation": body.get("personalisation", {}),
            "sanitise_content_for": body.get("sanitise_content_for"),
            "created_at": now,
            "sent_at": now,
            "completed_at": now,
        }
        with self._lock:
            self.accepted.append(message)
            if self._kept_in:
                with self._kept_in.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(message) + "\n")
        return message

    def found(self, asked: dict[str, list[str]]) -> list[dict]:
        """A page of messages, newest first."""
        with self._lock:
            messages = self.accepted[::-1]
        if older_than := asked.get("older_than"):
            ids = [one["id"] for one in messages]
            messages = messages[ids.index(older_than[0]) + 1 :] if older_than[0] in ids else []
        for name, key in (("reference", "reference"), ("template_type", "type")):
            if name in asked:
                messages = [one for one in messages if one[key] in asked[name]]
        return messages[: self.faults.page]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out whole: in parts, each would wait for the client's system
    disable_nagle_algorithm = True
    notify: Notify

    def log_message(self, *_):
        """Nothing: a test's output is the test's."""

    def do_POST(self):
        """Accept a message, or go wrong."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = {"/v2/notifications/sms": "sms", "/v2/notifications/email": "email"}.get(self.path)
        if kind is None:
            self._error(404, "NoResultFound", "Not found")
            return
        if not self._is_signed():
            return
        fault, number = self.notify.fault()
        time.sleep(self.notify.faults.delay)
        if fault == "forbidden":
            self._error(403, "AuthError", "Invalid token: API key not found")
        elif fault == "busy":
            is_day = self.notify.faults.is_daily_limit
            self._error(429, "TooManyRequestsError" if is_day else "RateLimitError", "Exceeded")
        elif (refusal := self._refusal(kind, body)) is not None:
            self._error(400, *refusal)
        elif fault == "errors":
            self._error(500, "Exception", "Internal server error")
        elif fault == "hollow":
            self.answer(200, {"status": "ok", "reference": None})
        elif fault == "late":
            late = threading.Timer(
                self.notify.faults.late_seconds, self.notify.accept, (kind, body)
            )
            late.start()
            self._drop()
        else:
            self._accepted(self.notify.accept(kind, body), fault, number)

    def _accepted(self, message, fault, number):
        if fault == "lost":
            self._drop()
        elif fault == "accepted_errors":
            self._error(500, "Exception", "Internal server error")
        elif fault == "garbled":
            whole = json.dumps(message).encode()
            other = json.dumps(message | {"reference": "another"}).encode()
            self._raw(201, [whole[: len(whole) // 2], b"<html>ok</html>", other, b"[]"][number % 4])
        else:
            self.answer(201, message)

    def do_GET(self):
        """Say what was accepted."""
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/accepted":
            self.answer(200, self.notify.accepted)
            return
        if not self._is_signed():
            return
        self.notify.asked.append(self.path)
        if self.notify.is_unasked():
            self._error(500, "Exception", "Internal server error")
        elif path == "/v2/notifications":
            found = self.notify.found(asked)
            links = {"current": self.path}
            if found:
                links["next"] = f"{self.notify.url}/v2/notifications?older_than={found[-1]['id']}"
            self.answer(200, {"notifications": found, "links": links})
        elif path.startswith("/v2/notifications/"):
            one = [each for each in self.notify.accepted if each["id"] == path.split("/")[-1]]
            self.answer(200, one[0]) if one else self._error(404, "NoResultFound", "No result")
        elif path.startswith("/v2/template/"):
            self._template(path.split("/")[-1])
        else:
            self._error(404, "NoResultFound", "Not found")

    def _template(self, template):
        if template not in TYPES:
            self._error(404, "NoResultFound", "No result found")
            return
        placeholders = {name: {"required": True} for name in self.notify.faults.placeholders}
        self.answer(200, {"id": template, "type": TYPES[template], "personalisation": placeholders})

    def _refusal(self, kind, body):
        """The type and text of an HTTP 400; its text quotes whom the message was for."""
        to = str(body.get("phone_number") if kind == "sms" else body.get("email_address"))
        if self.notify.faults.is_trial:
            return "BadRequestError", f"Can't send to {to} when service is in trial mode"
        if TYPES.get(body.get("template_id")) != kind:
            return "BadRequestError", "Template not found"
        digits = re.sub(r"^(?:\+?44|0)", "", to)
        is_valid = re.fullmatch(r"7\d{9}", digits) if kind == "sms" else "@" in to
        if not is_valid or to in self.notify.faults.refused:
            return "ValidationError", f"{to} is not valid"
        return None

    def _is_signed(self):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], leeway=CLOCK)
            is_signed = claims["iss"] == SERVICE and abs(time.time() - claims["iat"]) <= CLOCK
        except (jwt.InvalidTokenError, KeyError):
            is_signed = False
        if not is_signed:
            self._error(403, "AuthError", "Invalid token: API key not found")
        return is_signed

    def _error(self, status, error, message):
        errors = [{"error": error, "message": message}]
        self.answer(status, {"status_code": status, "errors": errors})

    def answer(self, status, body):
        """Answer in JSON."""
        self._raw(status, json.dumps(body).encode())

    def _raw(self, status, content):
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # whoever asked was killed meanwhile

    def _drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class Server(ThreadingHTTPServer):
    """One thread a connection, none of which outlives the process."""

    daemon_threads = True

    def handle_error(self, *_):
        """Nothing: a connection that breaks off is what the tests are about."""


def served(faults: Faults, port: int = 0, kept_in: Path | None = None) -> tuple[Server, Notify]:
    """A server that is bound to a port, and what it holds."""
    notify = Notify(faults, kept_in)
    server = Server(("127.0.0.1", port), type("OwnHandler", (Handler,), {"notify": notify}))
    notify.port = server.server_address[1]
    return server, notify


@contextmanager
def running(faults: Faults | None = None):
    """A server in this process, for as long as a test needs it."""
    server, notify = served(faults or Faults())
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield notify
    finally:
        server.shutdown()
        server.server_close()


def main(arguments: list[str]) -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("state_file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    shares = ("errors", "lost", "accepted_errors", "garbled", "hollow", "late", "unasked")
    for name in (*shares, "late_seconds", "delay"):
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=None)
    given = vars(parser.parse_args(arguments))
    port, kept_in = given.pop("port"), given.pop("state_file")
    faults = Faults(**{name: value for name, value in given.items() if value is not None})
    server, notify = served(faults, port, kept_in)
    sys.stdout.write(f"ready {notify.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
