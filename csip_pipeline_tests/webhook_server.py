"""A webhook on this computer that keeps what it is given, and answers as it is told."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    """What the server was given, and what it answers."""

    status: int = 200
    headers: dict = field(default_factory=dict)
    url: str = ""
    received: list = field(default_factory=list)


@contextmanager
def running(status=200, **headers):
    """A server in this process, for as long as a test needs it."""
    hook = Webhook(status, headers)

    class Handler(BaseHTTPRequestHandler):
        """Keeps each body."""

        def do_POST(self):
            """Take a body and answer."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.received.append(json.loads(body))
            self.send_response(hook.status)
            for name, value in hook.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/alerts"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
