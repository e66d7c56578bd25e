"""What needs no sign-in: help, the style sheet, and whether the server is up."""

from starlette.responses import PlainTextResponse, Response

from csip_pipeline.serve import rendering
from csip_pipeline.serve.sessions import IDLE_SECONDS, LONGEST_SECONDS
from csip_pipeline.serve.visits import Visit


def help_page(visit: Visit) -> Response:
    """How to use the site, how accessible it is, and its one cookie."""
    return rendering.page(
        visit, "help", idle_minutes=IDLE_SECONDS // 60, longest_hours=LONGEST_SECONDS // 3600
    )


def style(visit: Visit) -> Response:  # noqa: ARG001 - as every page
    """The site's style sheet; a change has another address."""
    content, _ = rendering.style()
    kept = {"Cache-Control": "public, max-age=86400"}
    return Response(content, media_type="text/css; charset=utf-8", headers=kept)


def healthz(visit: Visit) -> Response:  # noqa: ARG001 - as every page
    """That the server answers, and nothing else."""
    return PlainTextResponse("ok")
