"""Who is at the other end: the address, and the name that a trusted proxy vouches for."""

from dataclasses import dataclass

from starlette.requests import Request

from csip_pipeline.serve.accounts import NAME
from csip_pipeline.serve.roles import Role, known

ROLE_STARTS = "csip-"
FORWARDED = "x-forwarded-for"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Vouched:
    """Somebody whom the proxy has signed in; roles are None where it does not say them."""

    name: str
    roles: frozenset[Role] | None


@dataclass(frozen=True)
class Peers:
    """Which peers are trusted, and what is taken from their headers."""

    trusted: frozenset[str] = frozenset()
    """Addresses of the proxies that stand before this server."""
    name_header: str | None = None
    """The header with the name of whoever is signed in; None where accounts are built in."""
    roles_header: str | None = None
    """The header with the roles, such as csip-office, csip-chair."""
    is_https: bool = False
    """Whether people reach the server by HTTPS."""

    @property
    def are_vouched_for(self) -> bool:
        """Whether the organisation's proxy signs people in, instead of us."""
        return self.name_header is not None

    def vouched(self, request: Request) -> Vouched | None:
        """Whom the proxy has signed in; None of any other peer, whatever its headers say."""
        if self.name_header is None or _peer(request) not in self.trusted:
            return None
        name = _only(request, self.name_header)
        if name is None or not NAME.fullmatch(name):
            return None
        if self.roles_header is None:
            return Vouched(name, None)
        told = (_only(request, self.roles_header) or "").replace(";", ",").split(",")
        roles = (one.strip().casefold() for one in told)
        ours = (one.removeprefix(ROLE_STARTS) for one in roles if one.startswith(ROLE_STARTS))
        return Vouched(name, known(ours))

    def address(self, request: Request) -> str:
        """Where the request comes from: what the nearest proxy says, if that is trusted."""
        peer = _peer(request)
        forwarded = request.headers.getlist(FORWARDED)
        if peer in self.trusted and forwarded:
            return forwarded[-1].rpartition(",")[2].strip() or peer
        return peer


def _peer(request: Request) -> str:
    return request.client.host if request.client is not None else UNKNOWN


def _only(request: Request, header: str) -> str | None:
    """The value of a header that stands once; a second one is somebody else's."""
    values = request.headers.getlist(header)
    return values[0].strip() if len(values) == 1 else None
