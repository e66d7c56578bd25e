"""What every answer tells the browser: run nothing, load nothing from elsewhere, keep nothing."""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
NO_STORE = "no-store"
PUBLIC_FILE = "private, max-age=300"
"""How long a browser may keep a public edition; not a proxy, since it was asked for by name."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer our own forms would come from nowhere
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
HSTS = "max-age=31536000"
CSP = "Content-Security-Policy"


def page_policy(page: bytes) -> str:
    """The policy of a pack's page: its own style by its hash, and nothing else at all."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"
        for style in STYLE.findall(page)
    )
    return (
        f"default-src 'none'; style-src {hashes or chr(39) + 'none' + chr(39)}; img-src data:; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )


class SafeHeaders:
    """Puts the headers on every answer, errors too; a page may only make its own stricter."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        """Around `app`; with `is_https` browsers are told to come by HTTPS only."""
        self._app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                headers.setdefault(CSP, OWN_POLICY)
                headers.setdefault("Cache-Control", NO_STORE)
                if self._is_https:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        await self._app(scope, receive, with_headers)
