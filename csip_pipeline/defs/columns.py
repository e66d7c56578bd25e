"""What the UI shows of an asset's columns: their types, and which columns they come from."""

from functools import cache

import dagster as dg

from csip_pipeline import column_lineage, promises
from csip_pipeline.extract import accounts, completeness
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, contacts, further_messages, people
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Promise
from csip_pipeline.publish import callback_list
from csip_pipeline.publish.sampling import loading
from csip_pipeline.publish.sampling.tables import CallDraws, CallFrame, CallSample
from csip_pipeline.reference import open_intervals, tables
from csip_pipeline.warehouse import read_query

FROM_QUERIES: dict[str, Table] = {
    table.name: table
    for table in (
        *TABLES,
        accounts.INTAKE,
        completeness.ARRIVALS,
        completeness.MISSING_HOURS,
        call_legs.TABLE,
        contacts.TABLE,
        further_messages.TABLE,
        people.TABLE,
        open_intervals.TABLE,
        callback_list.TABLE,
    )
}
"""The assets whose rows are what queries select, by table."""
PROMISES: dict[str, type[Promise]] = {
    **{name: table.promise for name, table in FROM_QUERIES.items()},
    **{feed.table: feed.kept for feed in FEEDS.values()},
    **{f"reference.{name}": promise for name, promise in tables.TABLES.items()},
    "reference.feeds": tables.Feeds,
    loading.FRAME: CallFrame,
    loading.SAMPLE: CallSample,
    loading.DRAWS: CallDraws,
}
"""The promise of every asset that is a table."""
BESIDE_ASSETS: dict[str, type[Promise]] = {
    "extract.dispositions": accounts.Dispositions,
    "extract.refusals": accounts.Refusals,
    "extract.contact_points": accounts.ContactPoints,
}
"""Tables that queries read and the assets of the feeds write beside their own."""


def schema(promise: type[Promise]) -> dg.TableSchema:
    """The columns that a promise names, with the types they have in the warehouse."""
    promised = promise.to_schema().columns
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                kind.lower(),
                constraints=dg.TableColumnConstraints(
                    nullable=bool(promised[name].nullable), unique=bool(promised[name].unique)
                ),
            )
            for name, kind in promises.duckdb_columns(promise).items()
        ]
    )


@cache
def lineage(table: str) -> dg.TableColumnLineage | None:
    """The columns of other assets that each column of a table is worked out from.

    None where no query fills the table. A column that is worked out in Python is left out.
    """
    if table not in FROM_QUERIES:
        return None
    known = {
        name: promises.duckdb_columns(promise)
        for name, promise in (PROMISES | BESIDE_ASSETS).items()
    }
    own = FROM_QUERIES[table]
    found = column_lineage.together(
        column_lineage.of_query(read_query(query), known) for query in own.queries
    )
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(dg.AssetKey(source.split(".")), name)
                for source, name in found[column]
                if source in PROMISES
            ]
            for column in known[table]
            if column in found
        }
    )
