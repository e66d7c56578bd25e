"""The site as an application: its routes behind the guard, its headers on every answer."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from csip_pipeline.serve import errors, identity
from csip_pipeline.serve.guard import Guarded
from csip_pipeline.serve.headers import SafeHeaders
from csip_pipeline.serve.limits import KnownHosts
from csip_pipeline.serve.routes import PAGES
from csip_pipeline.serve.site import Site


def build(site: Site, hosts: Iterable[str]) -> ASGIApp:
    """The application for a site that is called one of `hosts`. Other zones have no routes."""
    served = [page for page in PAGES if page.zone is None or page.zone in site.zones]
    app = Starlette(routes=[Route(page.path, Guarded(site, page)) for page in served])
    app.router.redirect_slashes = False
    app.router.default = _NoPage(site)
    return SafeHeaders(KnownHosts(app, hosts=hosts), is_https=site.peers.is_https)


class _NoPage:
    """The answer where there is no such address."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            visit = identity.visit(self._site, Request(scope))
            await errors.page(visit, 404)(scope, receive, send)
