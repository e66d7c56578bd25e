"""The callback lists, for the contact team alone."""

from starlette.responses import Response

from csip_pipeline.publish.edition_formats import WORKBOOK
from csip_pipeline.serve import pack_files, rendering
from csip_pipeline.serve.shelves import MEDIA_TYPES
from csip_pipeline.serve.site import given
from csip_pipeline.serve.visits import NotFoundError, Visit


def lists(visit: Visit) -> Response:
    """Every list that can be fetched."""
    return rendering.page(visit, "callbacks", lists=given(visit.site.lists).all())


def fetch(visit: Visit) -> Response:
    """One list."""
    found = given(visit.site.lists).find(visit.named["list"])
    if found is None:
        raise NotFoundError
    content, sha256 = found.content()
    visit.log("download", f"worklists/{found.path.name}", sha256=sha256)
    return pack_files.attachment(content, found.path.name, MEDIA_TYPES[WORKBOOK])
