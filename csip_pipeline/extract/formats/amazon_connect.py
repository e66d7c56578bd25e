"""Amazon Connect contact records: one JSON object a contact, as Data Firehose delivers them.

A contact is one leg of a call: a transfer to another queue or agent makes a new one.
"""

from collections.abc import Mapping

from csip_pipeline.extract.formats import json_text, named, table
from csip_pipeline.extract.formats.format import Format
from csip_pipeline.extract.formats.json_text import JsonRows

ROWS = "extract/formats/amazon_connect_rows"
ASSEMBLE = "extract/formats/amazon_connect"

PATHS = {
    "contact_id": "ContactId",
    "initial_contact_id": "InitialContactId",
    "channel": "Channel",
    "initiation_method": "InitiationMethod",
    "initiated": "InitiationTimestamp",
    "disconnected": "DisconnectTimestamp",
    "disconnect_reason": "DisconnectReason",
    "last_updated": "LastUpdateTimestamp",
    "customer_address": "CustomerEndpoint.Address",
    "customer_address_type": "CustomerEndpoint.Type",
    "system_address": "SystemEndpoint.Address",
    "queue_name": "Queue.Name",
    "queue_arn": "Queue.ARN",
    "enqueued": "Queue.EnqueueTimestamp",
    "dequeued": "Queue.DequeueTimestamp",
    "queue_seconds": "Queue.Duration",
    "agent": "Agent.Username",
    "reached": "ConnectedToSystemTimestamp",
    "connected": "Agent.ConnectedToAgentTimestamp",
    "interaction_seconds": "Agent.AgentInteractionDuration",
    "hold_seconds": "Agent.CustomerHoldDuration",
    "transferred_to_type": "TransferredToEndpoint.Type",
    "recording": "Recording.Location",
}
"""Our name of each column, and where a contact record has it."""
NEEDED = ("contact_id", "channel", "initiation_method", "initiated", "last_updated")
OPTIONAL = (*(column for column in PATHS if column not in NEEDED), "wrap_code")
OPTIONS = frozenset({"line", "lines", "wrap_code_attribute"})


def read(file_name: str, options: Mapping[str, object]) -> JsonRows:
    """The reader of a file's contact records. What else they hold is not kept."""
    paths = dict(PATHS)
    if "wrap_code_attribute" in options:
        paths["wrap_code"] = f"Attributes.{options['wrap_code_attribute']}"
    return JsonRows(file_name, paths, needed=[PATHS[column] for column in NEEDED])


def parameters(options: Mapping[str, object]) -> dict[str, object]:
    """What the query of rows is told, from a source's options."""
    lines = options.get("lines")
    named = {str(k): str(v) for k, v in lines.items()} if isinstance(lines, Mapping) else {}
    return {
        "line_names": list(named),
        "named_lines": list(named.values()),
        "line": str(options.get("line", "other")),
    }


FORMAT = Format(
    name="amazon_connect",
    feed="telephony",
    open=lambda path, source: json_text.table_of(path, source, read(path.name, source.options)),
    judge=named.judged_by(
        ROWS,
        "Amazon Connect contact records",
        NEEDED,
        lambda source: parameters(source.options),
        OPTIONAL,
    ),
    assemble=ASSEMBLE,
    options=table.TEXT_OPTIONS | OPTIONS,
)
