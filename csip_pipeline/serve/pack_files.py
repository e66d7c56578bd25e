"""The files of editions: looked up in a listing, proved by their hash, logged, then served."""

from urllib.parse import quote

from starlette.responses import Response

from csip_pipeline.publish.edition_formats import PAGE
from csip_pipeline.serve.headers import CSP, NO_STORE, PUBLIC_FILE, page_policy
from csip_pipeline.serve.shelves import DamagedError, File, Shelf
from csip_pipeline.serve.site import given
from csip_pipeline.serve.visits import NotFoundError, Visit


def public(visit: Visit) -> Response:
    """A file of a public edition."""
    return _file(visit, given(visit.site.public), PUBLIC_FILE)


def restricted(visit: Visit) -> Response:
    """A file of a restricted edition."""
    return _file(visit, given(visit.site.restricted), NO_STORE)


def sent(visit: Visit, file: File, did: str, cache: str) -> Response:
    """A listed file to whoever may have it: a page is shown, anything else is saved."""
    where = f"{visit.named.get('cycle', '')}/{file.name}".lstrip("/")
    try:
        content = file.content()
    except DamagedError:
        visit.log(did, where, "damaged")
        raise
    visit.log(did, where, sha256=file.sha256)
    answer = attachment(content, file.path.name, file.media_type, cache)
    if file.path.suffix == PAGE:
        answer.headers[CSP] = page_policy(content)
        del answer.headers["Content-Disposition"]
    return answer


def attachment(content: bytes, name: str, media_type: str, cache: str = NO_STORE) -> Response:
    """A file that the browser saves under its own name, whatever it holds."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": cache}
    return Response(content, media_type=media_type, headers=headers)


def _file(visit: Visit, shelf: Shelf, cache: str) -> Response:
    shelved = shelf.cycle(visit.named["cycle"])
    edition = shelved.edition(visit.named["revision"]) if shelved is not None else None
    file = edition.files.get(visit.named["file"]) if edition is not None else None
    if file is None:
        raise NotFoundError
    return sent(visit, file, "download", cache)
