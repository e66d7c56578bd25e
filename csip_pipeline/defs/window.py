"""What the UI shows of every asset beyond what it says itself: columns, documents and layer."""

import re

import dagster as dg

from csip_pipeline import settings
from csip_pipeline.defs import columns
from csip_pipeline.measure.definitions import definitions

DOCUMENTS = "CSIP_DOCS_URL"
"""Names the address that docs/ is under, such as a folder of the force's Git server."""
GUIDES = {
    "reference": "data/README.md",
    "extract": "docs/feeds.md",
    "harmonise": "docs/measures.md",
    "measure": "docs/measures.md",
    "publish": "docs/operations.md",
}
"""Where each layer is explained, for tables that no definition is about."""
HOW_TO = {
    "publish.callback_list": "docs/operations.md#a-callback-day",
    "publish.call_draws": "docs/operations.md#the-cycle",
    "publish.call_frame": "docs/operations.md#the-cycle",
    "publish.call_sample": "docs/operations.md#the-cycle",
    "publish.panel_pack": "docs/operations.md#the-cycle",
    "publish.quality_site": "docs/operations.md#the-data-teams-window",
}
"""Where it is said what people do with what is published."""


def shown(spec: dg.AssetSpec) -> dg.AssetSpec:
    """An asset with its layer as a tag, the columns it promises, and where it is explained."""
    layer = spec.key.path[0]
    table = ".".join(spec.key.path)
    told: dict[str, dg.MetadataValue] = {
        f"documentation {number}" if number > 1 else "documentation": link(page, DOCUMENTS)
        for number, page in enumerate(_pages(layer, table), 1)
    }
    if table in columns.PROMISES:
        promised = columns.schema(columns.PROMISES[table])
        told["dagster/column_schema"] = dg.MetadataValue.table_schema(promised)
    return spec.merge_attributes(metadata=told, tags={"layer": layer})


def link(page: str, variable: str) -> dg.MetadataValue:
    """A page to click on, where the environment says at which address it is; else its path."""
    address = settings.served_at(page, variable)
    return dg.MetadataValue.path(page) if address is None else dg.MetadataValue.url(address)


def _pages(layer: str, table: str) -> list[str]:
    """The sections of the documentation that a table is defined in or used by, else its layer's."""
    titles = [each.title for each in definitions() if table in each.tables]
    defined = [f"docs/measures.md#{anchor(title)}" for title in titles]
    used = [HOW_TO[table]] if table in HOW_TO else []
    return [*defined, *used] or [GUIDES[layer]]


def anchor(title: str) -> str:
    """The address of a heading within its page, as GitHub and most readers of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
