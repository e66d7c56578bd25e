"""What somebody reads where there is nothing else to show: what happened, and what to do."""

from starlette.responses import Response

from csip_pipeline.serve import rendering
from csip_pipeline.serve.visits import Visit

SAID = {
    400: ("The form did not arrive whole", "Go back, and send it again."),
    401: (
        "You are not signed in",
        "Sign in through your organisation, then open this page again.",
    ),
    403: (
        "This form is too old",
        "It was opened before you signed in, or from elsewhere. Go back, reload it, send it again.",
    ),
    404: (
        "Page not found",
        "There is no such page, or it is not for you. If you typed the address, check it.",
    ),
    405: ("This page cannot be used in that way", "Open it from the first page."),
    413: (
        "The file is too large",
        "A file may have 10 MB. Choose the sheet that was filled in, not a folder of them.",
    ),
    429: ("Too many attempts", "Wait, then try again."),
    500: (
        "Something went wrong",
        "It has been noted, without any of what you sent. Try again later.",
    ),
}


def page(visit: Visit, status: int, why: str | None = None) -> Response:
    """The page of an error; `why` in place of what is usually said."""
    known = status if status in SAID else 400
    title, usual = SAID[known]
    return rendering.page(visit, "error", status=known, heading=title, said=why or usual)
