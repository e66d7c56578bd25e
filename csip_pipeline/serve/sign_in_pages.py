"""Signing in and out, and choosing another password."""

from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import identity, rendering
from csip_pipeline.serve.visits import NotFoundError, Visit

WRONG = "That name and password do not go together"
UNKNOWN = "nobody"
LONGEST_NAME = 64
NOT_IN_A_PATH = "\\\r\n\t"


def sign_in(visit: Visit) -> Response:
    """The form; whoever is signed in already goes on."""
    _with_own_accounts(visit)
    if visit.visitor is not None:
        return RedirectResponse(
            back(visit.asked.get("next", "/")), status_code=HTTPStatus.SEE_OTHER
        )
    return _form(visit, back(visit.asked.get("next", "/")))


def enter(visit: Visit) -> Response:
    """Begin a session, if name and password go together and nobody is guessing."""
    _with_own_accounts(visit)
    site, name = visit.site, visit.fields.get("name", "").strip()[:LONGEST_NAME]
    onwards, password = back(visit.fields.get("next", "/")), visit.fields.get("password", "")
    if not name or not password:
        return _form(visit, onwards, name, "Enter your name and your password")
    wait = site.throttle.attempt(name, visit.address)
    if wait:
        return _slowed(visit, onwards, name, wait)
    account = site.accounts.signed_in(name, password)
    if account is None:
        known = site.accounts.find(name)
        site.log.add(known.name if known else UNKNOWN, "sign in", "", "refused")
        return _form(visit, onwards, name, WRONG)
    site.throttle.succeeded(name, visit.address)
    site.log.add(account.name, "sign in", "", "done")
    site.sessions.end(visit.session_id)
    answer = RedirectResponse(onwards, status_code=HTTPStatus.SEE_OTHER)
    session_id = site.sessions.begin(account.name, identity.proof(account))
    identity.set_cookie(site, answer, session_id)
    return answer


def leave(visit: Visit) -> Response:
    """End the session."""
    _with_own_accounts(visit)
    visit.log("sign out", "")
    visit.site.sessions.end(visit.session_id)
    answer = RedirectResponse("/sign-in", status_code=HTTPStatus.SEE_OTHER)
    identity.forget_cookie(visit.site, answer)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def password(visit: Visit) -> Response:
    """The form for another password."""
    _with_own_accounts(visit)
    return _password(visit)


def change_password(visit: Visit) -> Response:
    """Another password, for whoever knows the present one; every session of the account ends."""
    _with_own_accounts(visit)
    site, new = visit.site, visit.fields.get("new", "")
    wait = site.throttle.attempt(visit.who, visit.address)
    if wait:
        fault = {"present": f"Too many attempts. Try again in {_seconds(wait)}"}
        return _password(visit, fault, 429)
    if site.accounts.signed_in(visit.who, visit.fields.get("present", "")) is None:
        visit.log("password", "", "refused")
        return _password(visit, {"present": "That is not your present password"})
    site.throttle.succeeded(visit.who, visit.address)
    if new != visit.fields.get("again", ""):
        return _password(visit, {"again": "Enter the new password twice, the same each time"})
    try:
        site.accounts.set_password(visit.who, new)
    except RefusedError as refusal:
        return _password(visit, {"new": str(refusal).rstrip(".")})
    visit.log("password", "")
    site.sessions.end_all(visit.who)
    return RedirectResponse("/sign-in", status_code=HTTPStatus.SEE_OTHER)


def back(given: str) -> str:
    """Where to go on: a page of this site, whatever was asked for."""
    is_ours = given.startswith("/") and not given.startswith("//")
    is_plain = is_ours and not any(one in NOT_IN_A_PATH for one in given)
    return given if is_plain and given.isprintable() and given.isascii() else "/"


def _form(visit: Visit, onwards: str, name: str = "", fault: str | None = None) -> Response:
    status = 422 if fault else 200
    return rendering.page(visit, "sign_in", status=status, onwards=onwards, name=name, fault=fault)


def _slowed(visit: Visit, onwards: str, name: str, wait: int) -> Response:
    fault = f"Too many attempts. Try again in {_seconds(wait)}"
    return rendering.page(
        visit,
        "sign_in",
        status=429,
        headers={"Retry-After": str(wait)},
        onwards=onwards,
        name=name,
        fault=fault,
    )


def _seconds(wait: int) -> str:
    minutes = -(-wait // 60)
    return rendering.counted(wait, "second") if wait <= 60 else f"{minutes} minutes"  # noqa: PLR2004


def _password(
    visit: Visit, faults: dict[str, str] | None = None, status: int | None = None
) -> Response:
    told = status or (422 if faults else 200)
    return rendering.page(visit, "password", status=told, faults=faults or {})


def _with_own_accounts(visit: Visit) -> None:
    """These pages do not exist where the organisation's proxy signs people in."""
    if visit.site.peers.are_vouched_for:
        raise NotFoundError
