"""What is turned away before anything looks at it: other host names, and bodies too big."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_FORM = 64 * 1024
ROOM_FOR_FIELDS = 64 * 1024
"""What a form with a file may hold beside the file."""


class TooLargeError(Exception):
    """A body that goes on beyond what it may have; `is_all`: the whole of it has come."""

    def __init__(self, *, is_all: bool) -> None:
        """A body of which the rest is still to come, or not."""
        super().__init__()
        self.is_all = is_all


class KnownHosts:
    """Answers only to its own names: a page elsewhere cannot reach it by a name of its own."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        """Around `app`, which is called one of `hosts`."""
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say that this is no host of ours."""
        if scope["type"] == "http":
            host = Request(scope).headers.get("host", "")
            name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
            if name.casefold() not in self._hosts:
                answer = PlainTextResponse("Not a name of this server.", status_code=400)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


def limited(receive: Receive, most: int) -> Receive:
    """`receive`, which raises TooLargeError once a body is larger than `most` bytes."""
    seen = 0

    async def receive_so_far() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLargeError(is_all=not message.get("more_body", False))
        return message

    return receive_so_far


async def drained(receive: Receive, most: int) -> None:
    """Let a browser finish sending what is too large, within reason: else it shows no answer."""
    seen = 0
    while seen < most:
        message = await receive()
        seen += len(message.get("body", b""))
        if not message.get("more_body", False):
            return
