"""Who a request is from: a session of our own, or the name that the trusted proxy gives."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from csip_pipeline.serve.accounts import Account
from csip_pipeline.serve.roles import Role, allowed
from csip_pipeline.serve.site import Site
from csip_pipeline.serve.visits import Visit, Visitor

LONGEST_COOKIE = 100


def visit(site: Site, request: Request) -> Visit:
    """The request as a page sees it, before its form is read."""
    session_id = request.cookies.get(cookie_name(site), "")[:LONGEST_COOKIE]
    return Visit(
        site=site,
        visitor=_visitor(site, request, session_id),
        session_id=session_id,
        address=site.peers.address(request),
        path=request.url.path,
        named={name: str(value) for name, value in request.path_params.items()},
        asked=dict(request.query_params),
    )


def cookie_name(site: Site) -> str:
    """The one cookie. Its prefix holds browsers to this host and to HTTPS."""
    return "__Host-csip" if site.peers.is_https else "csip"


def set_cookie(site: Site, answer: Response, session_id: str) -> None:
    """Give the browser its id; it is forgotten when the browser closes."""
    answer.set_cookie(
        cookie_name(site),
        session_id,
        path="/",
        secure=site.peers.is_https,
        httponly=True,
        samesite="strict",
    )


def forget_cookie(site: Site, answer: Response) -> None:
    """Take the browser's id away."""
    answer.delete_cookie(
        cookie_name(site),
        path="/",
        secure=site.peers.is_https,
        httponly=True,
        samesite="strict",
    )


def before_signing_in() -> str:
    """An id that is nobody's: it ties the form for signing in to the browser that asked for it."""
    return secrets.token_urlsafe(32)


def proof(account: Account) -> str:
    """What a session rests on: once the password is another, the session has ended."""
    return account.hash


def _visitor(site: Site, request: Request, session_id: str) -> Visitor | None:
    if site.peers.are_vouched_for:
        vouched = site.peers.vouched(request)
        if vouched is None:
            return None
        account = site.accounts.find(vouched.name)
        if account is not None and account.is_locked:
            return None
        roles = vouched.roles if vouched.roles is not None else _roles(account)
        return Visitor(account.name if account else vouched.name, allowed(roles))
    found = site.sessions.find(session_id) if session_id else None
    if found is None:
        return None
    account = site.accounts.find(found[0])
    if account is None or not account.has or proof(account) != found[1]:
        site.sessions.end(session_id)
        return None
    return Visitor(account.name, allowed(account.has))


def _roles(account: Account | None) -> frozenset[Role]:
    return account.has if account is not None else frozenset()
