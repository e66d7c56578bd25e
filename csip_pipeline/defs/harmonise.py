"""Harmonise: every channel as contacts, the legs of calls, and who people are."""

from typing import Any

import dagster as dg

from csip_pipeline import monthly_tables, promises, warehouse
from csip_pipeline.defs.claims import ERROR, Claim, specs
from csip_pipeline.defs.partitions import MONTHS, month_of
from csip_pipeline.defs.resources import DataFolder, Warehouse
from csip_pipeline.defs.tables import OWNERS, counted, rebuilt
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, contacts, further_messages, people
from csip_pipeline.refusals import quoting_nobody

AFTER_INTAKE = [["extract", "intake"]]
"""Not read, but waited for: nothing goes on from rows that intake cannot account for."""
HARMONISE: dict[str, Any] = {
    "key_prefix": "harmonise",
    "group_name": "harmonise",
    "partitions_def": MONTHS,
    "owners": OWNERS,
}
OF_CONTACTS = [
    Claim(
        "no_contact_is_lost",
        "harmonise/lost_contacts",
        "Act on any number above 0: a call, form, chat or conversation without its contact.",
        ERROR,
        is_blocking=True,
    )
]


@dg.asset(
    name="contacts",
    description=promises.describe(contacts.Contacts),
    deps=[
        *AFTER_INTAKE,
        ["extract", "social"],
        ["extract", "telephony"],
        ["extract", "web_chats"],
        ["extract", "web_forms"],
        ["reference", "contact_reasons"],
    ],
    kinds={"duckdb", "sql"},
    tags={"personal_data": "pseudonymised"},
    check_specs=specs(contacts.TABLE.name, OF_CONTACTS),
    **HARMONISE,
)
def contacts_table(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """Restate every channel's rows as contacts."""
    return rebuilt(context, warehouse, contacts.TABLE, OF_CONTACTS)


@dg.asset(
    name="call_legs",
    description=promises.describe(call_legs.CallLegs),
    deps=[*AFTER_INTAKE, ["extract", "telephony"]],
    kinds={"duckdb", "sql"},
    **HARMONISE,
)
def call_legs_table(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Keep each stay in a queue beside the contact it is part of."""
    return rebuilt(context, warehouse, call_legs.TABLE)


@dg.asset(
    name="further_messages",
    description=promises.describe(further_messages.FurtherMessages),
    deps=[*AFTER_INTAKE, ["extract", "social"]],
    kinds={"duckdb", "sql"},
    **HARMONISE,
)
def further_messages_table(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> dg.MaterializeResult:
    """Keep when the public wrote again beside the conversation it is part of."""
    return rebuilt(context, warehouse, further_messages.TABLE)


@dg.asset(
    name="people",
    description=promises.describe(people.People),
    deps=[*AFTER_INTAKE, *(["extract", feed] for feed in FEEDS)],
    kinds={"duckdb", "sql"},
    tags={"personal_data": "restricted"},
    **HARMONISE,
)
def people_table(context: dg.AssetExecutionContext, folder: DataFolder) -> dg.MaterializeResult:
    """Gather the month's contact points in the restricted store, apart from the warehouse."""
    with quoting_nobody(), warehouse.connected(folder.settings.people) as restricted:
        return counted(
            monthly_tables.rebuild(restricted, people.TABLE, month_of(context)), people.TABLE.name
        )
