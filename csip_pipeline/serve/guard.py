"""The one way in: who asks, whether they may, how, and with a form that is ours; then the page."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from csip_pipeline.refusals import RefusedError, quoting_nobody
from csip_pipeline.serve import errors, identity
from csip_pipeline.serve.limits import (
    LARGEST_FORM,
    ROOM_FOR_FIELDS,
    TooLargeError,
    drained,
    limited,
)
from csip_pipeline.serve.roles import May, Zone
from csip_pipeline.serve.site import Site
from csip_pipeline.serve.uploads import LARGEST, Upload
from csip_pipeline.serve.visits import NotFoundError, Visit, token

Handler = Callable[[Visit], Response]
READING = ("GET", "HEAD")
MOST_FIELDS = 20
MOST_DRAINED = 5 * LARGEST
logger = logging.getLogger("csip.serve")


@dataclass(frozen=True)
class Page:
    """An address of the site: who may see it, and what answers."""

    path: str
    get: Handler | None
    post: Handler | None = None
    zone: Zone | None = None
    """The zone that must be served for it to exist."""
    needs: May | None = None
    """What a visitor must be allowed to do for it to exist."""
    is_open: bool = False
    """Whether nobody need be signed in."""
    takes_files: bool = False


class Guarded:
    """A page behind the guard, as the router calls it."""

    def __init__(self, site: Site, page: Page) -> None:
        """`page` of `site`."""
        self._site, self._page = site, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever goes wrong."""
        most = LARGEST + ROOM_FOR_FIELDS if self._page.takes_files else LARGEST_FORM
        request = Request(scope, limited(receive, most))
        visit = identity.visit(self._site, request)
        is_new = not visit.session_id and (self._page.post is not None or visit.visitor is not None)
        if is_new:  # a form needs an id to be tied to, signed in or not
            visit = replace(visit, session_id=identity.before_signing_in())
        try:
            answer = await self._answer(request, visit)
        except (NotFoundError, HTTPException) as error:
            answer = errors.page(visit, getattr(error, "status_code", 404))
        except (MultiPartException, ClientDisconnect):
            answer = errors.page(visit, 400)
        except TooLargeError as error:
            if not error.is_all:
                await drained(receive, MOST_DRAINED)
            answer = errors.page(visit, 413)
        except RefusedError as refusal:
            answer = errors.page(visit, 500, str(refusal))
        except Exception as error:  # noqa: BLE001 - its text may quote somebody
            logger.error("%s", error)  # noqa: TRY400 - no traceback: it may quote somebody too
            answer = errors.page(visit, 500)
        if is_new and request.method in READING:
            identity.set_cookie(self._site, answer, visit.session_id)
        await answer(scope, receive, send)

    async def _answer(self, request: Request, visit: Visit) -> Response:
        page = self._page
        if visit.visitor is None and not page.is_open:
            return _to_sign_in(request, visit)
        if page.needs is not None and not (visit.visitor and page.needs in visit.visitor.can):
            await run_in_threadpool(visit.log, request.method, page.path, "refused")
            raise NotFoundError
        if request.method in READING and page.get is not None:
            return await run_in_threadpool(_quiet, page.get, visit)
        if request.method != "POST" or page.post is None:
            raise HTTPException(405)
        _own_origin(request)
        fields, uploads = await _form(request, takes_files=page.takes_files)
        sent = fields.get("token", "")
        own = token(visit.site.secret, visit.session_id, visit.who)
        if not visit.session_id or not secrets.compare_digest(sent.encode(), own.encode()):
            raise HTTPException(403)
        whole = replace(visit, fields=fields, uploads=uploads)
        return await run_in_threadpool(_quiet, page.post, whole)


def _quiet(handler: Handler, visit: Visit) -> Response:
    with quoting_nobody():
        try:
            return handler(visit)
        except (NotFoundError, HTTPException) as error:
            found = error
    raise found


def _to_sign_in(request: Request, visit: Visit) -> Response:
    """To the page for signing in, and back afterwards; a proxy's visitor is told to ask."""
    if visit.site.peers.are_vouched_for:
        return errors.page(visit, 401)
    back = quote(request.url.path) if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?next={back}", status_code=HTTPStatus.SEE_OTHER)


def _own_origin(request: Request) -> None:
    """Refuse a form that a page of another site sent. Browsers say where it comes from."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if site not in ("same-origin", "none") or not is_own:
        raise HTTPException(403)


async def _form(request: Request, *, takes_files: bool) -> tuple[dict[str, str], dict[str, Upload]]:
    """The fields and the files of a form. Raises TooLargeError before it is all read."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST + ROOM_FOR_FIELDS:
        raise TooLargeError(is_all=False)
    async with request.form(max_files=int(takes_files), max_fields=MOST_FIELDS) as form:
        return _fields(form), await _uploads(form)


def _fields(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _uploads(form: FormData) -> dict[str, Upload]:
    return {
        name: Upload(value.filename or "", await value.read())
        for name, value in form.items()
        if isinstance(value, UploadFile) and value.filename
    }
