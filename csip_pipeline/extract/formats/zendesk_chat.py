"""The Zendesk chat export: one row a chat event (joined, wrote, left), as CSV."""

from csip_pipeline.extract.formats import named, table
from csip_pipeline.extract.formats.format import Format

FORMAT = Format(
    name="zendesk_chat",
    feed="web_chats",
    open=table.delimited,
    # What was written in the chat is not among the columns that are read.
    judge=named.judged_by(
        "extract/formats/zendesk_chat_rows",
        "a Zendesk chat event export",
        ("chat_id", "created_at", "actor_id", "chat_index", "type"),
        lambda source: {"service": source.text("service", "web_chat")},
    ),
    assemble="extract/formats/zendesk_chat",
    options=table.TEXT_OPTIONS | {"service"},
)
