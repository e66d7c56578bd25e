"""What the UI shows of an asset's columns: their types, and which columns they come from."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

import dagster as dg

from csip_pipeline import column_lineage, promises
from csip_pipeline.extract import accounts, completeness
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, contacts, further_messages, people
from csip_pipeline.measure.definitions import definitions, plain
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

NAMES = re.compile(r"`\w+`(?:, `\w+`)*")
"""Names of columns and no other words."""


def schema(promise: type[Promise], words: Mapping[str, str] | None = None) -> dg.TableSchema:
    """The columns that a promise names, with their types in the warehouse, and words on each."""
    promised = promise.to_schema().columns
    said = words or {}
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                kind.lower(),
                description=said.get(name) or None,
                constraints=dg.TableColumnConstraints(
                    nullable=bool(promised[name].nullable), unique=bool(promised[name].unique)
                ),
            )
            for name, kind in promises.duckdb_columns(promise).items()
        ]
    )


@cache
def explained(table: str) -> dg.TableSchema:
    """The columns of a table, each with what it holds and which columns it is worked out from.

    The UI that can be had for nothing keeps column lineage and shows it nowhere, so words say it.
    """
    told = lineage(table)
    defined, sources = _defined(table), told.deps_by_column if told else {}
    return schema(
        PROMISES[table],
        {
            name: " ".join(filter(None, (defined.get(name), _from(sources.get(name, ())))))
            for name in promises.duckdb_columns(PROMISES[table])
        },
    )


def _defined(table: str) -> dict[str, str]:
    """What the definitions say of a table's columns, by column, as a sentence."""
    found: dict[str, str] = {}
    for definition in definitions():
        if table in definition.tables:
            for names, words, *_ in definition.columns:
                if NAMES.fullmatch(names):
                    said = words[0].upper() + words[1:].rstrip(".")
                    found |= {name: f"{plain(said)}." for name in re.findall(r"\w+", names)}
    return found


def _from(sources: Iterable[dg.TableColumnDep]) -> str:
    """The columns that one is worked out from, by table: From harmonise.contacts: line, queue."""
    tables: dict[str, list[str]] = {}
    for source in sources:
        tables.setdefault(".".join(source.asset_key.path), []).append(source.column_name)
    told = "; ".join(f"{table}: {', '.join(names)}" for table, names in tables.items())
    return f"From {told}." if told else ""


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
