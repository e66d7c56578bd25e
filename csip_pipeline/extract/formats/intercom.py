"""Intercom conversations as Fivetran exports them: one row a version of a conversation, as CSV."""

from collections.abc import Mapping

from csip_pipeline.extract.formats import named, table
from csip_pipeline.extract.formats.format import Format

ROWS = "extract/formats/intercom_rows"
ASSEMBLE = "extract/formats/intercom"

NEEDED = (
    "id",
    "created_at",
    "updated_at",
    "state",
    "waiting_since",
    "source_type",
    "source_delivered_as",
)
OPTIONAL = (
    "first_contact_reply_created_at",
    "statistics_first_admin_reply_at",
    "statistics_last_close_at",
)
OPTIONS = frozenset({"service"})


def parameters(options: Mapping[str, object]) -> dict[str, object]:
    """What the query of rows is told, from a source's options."""
    return {"service": str(options.get("service", "web_chat"))}


FORMAT = Format(
    name="intercom",
    feed="web_chats",
    open=table.delimited,
    judge=named.judged_by(
        ROWS,
        "an Intercom conversation export",
        NEEDED,
        lambda source: parameters(source.options),
        OPTIONAL,
    ),
    assemble=ASSEMBLE,
    options=table.TEXT_OPTIONS | OPTIONS,
)
