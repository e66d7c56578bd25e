"""One request as a page sees it: who asks, for what, and with which form."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from csip_pipeline.serve.roles import May, Zone
from csip_pipeline.serve.site import Site
from csip_pipeline.serve.uploads import Upload


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in."""

    name: str
    can: frozenset[May]


@dataclass(frozen=True)
class Visit:
    """A request that was let in."""

    site: Site
    visitor: Visitor | None
    session_id: str
    """The cookie's value; also before anybody is signed in."""
    address: str
    path: str = "/"
    named: Mapping[str, str] = field(default_factory=dict)
    """The parts of the path that vary."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """What stands after the question mark."""
    fields: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """The visitor's name, as it is logged."""
        return self.visitor.name if self.visitor else "nobody"

    @property
    def token(self) -> str:
        """What a form of this visitor must send back: nobody else can know it."""
        return token(self.site.secret, self.session_id, self.who)

    def may(self, what: May, zone: Zone) -> bool:
        """Whether the visitor may do it here."""
        return self.visitor is not None and what in self.visitor.can and zone in self.site.zones

    def log(self, did: str, what: str, outcome: str = "done", sha256: str = "") -> None:
        """Log what the visitor does, before it is done."""
        self.site.log.add(self.who, did, what, outcome, sha256)


class NotFoundError(Exception):
    """There is no such thing, or it is not for this visitor: nobody can tell which."""


def token(secret: bytes, session_id: str, who: str) -> str:
    """The token of the forms of one session."""
    return hmac.digest(secret, f"form {session_id} {who}".encode(), hashlib.sha256).hex()
