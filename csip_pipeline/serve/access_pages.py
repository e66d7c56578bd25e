"""For administrators: who downloaded or brought what, proved, and who may sign in at all."""

import datetime as dt
from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve import rendering
from csip_pipeline.serve.access_log import Entry
from csip_pipeline.serve.visits import NotFoundError, Visit

A_PAGE = 100
LONGEST_NUMBER = 9
WORDS = {
    "download": "Downloaded",
    "upload": "Uploaded",
    "draw": "Drew the sample",
    "sign in": "Signed in",
    "sign out": "Signed out",
    "lock": "Locked an account",
    "unlock": "Unlocked an account",
    "password": "Changed the password",
    "GET": "Asked for a page",
    "HEAD": "Asked about a page",
    "POST": "Sent a form",
}


def log(visit: Visit) -> Response:
    """The newest entries of the log, of everybody or of one account."""
    kept = visit.site.log.read()
    who = visit.asked.get("who", "")
    did = visit.asked.get("did", "")
    entries = [
        one
        for one in kept.entries
        if (not who or one["who"] == who) and (not did or one["did"] == did)
    ][::-1]
    pages = max(1, -(-len(entries) // A_PAGE))
    number = _number(visit.asked.get("page", "1"), pages)
    shown = entries[(number - 1) * A_PAGE : number * A_PAGE]
    return rendering.page(
        visit,
        "log",
        kept=kept,
        entries=[(one, dt.datetime.fromisoformat(one["at"])) for one in shown],
        words=WORDS,
        who=who,
        did=did,
        deeds=[(deed, WORDS.get(deed, deed)) for deed in _in_order(kept.entries)],
        names=sorted({str(one["who"]) for one in kept.entries}),
        number=number,
        pages=pages,
        total=len(entries),
    )


def accounts(visit: Visit) -> Response:
    """Every account, its roles, and whether it is locked."""
    return _accounts(visit)


def lock(visit: Visit) -> Response:
    """Lock an account or open it again; its sessions end."""
    name, is_locked = visit.fields.get("name", ""), visit.fields.get("do") == "lock"
    account = visit.site.accounts.find(name)
    if account is None:
        return _accounts(visit, fault="There is no such account")
    if account.name == visit.who:
        return _accounts(visit, fault="You cannot lock yourself out")
    visit.log("lock" if is_locked else "unlock", account.name)
    try:
        visit.site.accounts.set_locked(account.name, is_locked=is_locked)
    except RefusedError as refusal:
        return _accounts(visit, fault=str(refusal))
    visit.site.sessions.end_all(account.name)
    return RedirectResponse("/accounts", status_code=HTTPStatus.SEE_OTHER)


def _in_order(entries: list[Entry]) -> list[str]:
    """What has been done at all, in the order of the words for it."""
    done = {str(one["did"]) for one in entries}
    return [deed for deed in WORDS if deed in done]


def _accounts(visit: Visit, fault: str | None = None) -> Response:
    return rendering.page(
        visit,
        "accounts",
        status=422 if fault else 200,
        accounts=visit.site.accounts.all(),
        fault=fault,
    )


def _number(given: str, pages: int) -> int:
    is_number = given.isascii() and given.isdigit() and len(given) < LONGEST_NUMBER
    if not is_number or not 1 <= int(given) <= pages:
        raise NotFoundError
    return int(given)
