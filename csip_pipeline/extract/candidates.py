"""Lay out, in temporary tables, every row received that bears on one month of a feed.

`deliveries` has a row per file; `delivered` a row per row received for the month; `candidates` a
row per row of the feed that was made from them, in every version delivered.
"""

import datetime as dt

import pandas as pd

from csip_pipeline import promises, warehouse
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.sources import Source

META = {
    "month": "date",
    "extracted_at": "timestamptz",
    "version_at": "timestamptz",
    "origin": "struct(file_id bigint, source_row bigint)[]",
}
DELIVERY_COLUMNS = [
    "file_id",
    "source",
    "file",
    "sha256",
    "extracted_at",
    "file_rows",
    "is_copy",
    "rows_in_month",
    "rows_in_no_cycle",
    "bears",
    "basis",
    "folder",
]
NO_ROWS = (
    "create or replace temporary table delivered "
    "(file_id bigint, source_row bigint, month date, disposition varchar); "
    "create or replace temporary table read_faults "
    '(file_id bigint, source_row bigint, "column" varchar, promise varchar, row varchar)'
)

FAULTS = """
    select deliveries.file_id, read.* exclude (filename)
    from read_parquet(
        $paths, union_by_name = true, filename = true, hive_partitioning = false
    ) as read
    inner join deliveries
        on deliveries.folder = parse_path(read.filename)[-2] and not deliveries.is_copy
"""
RECORDS = FAULTS.replace("file_id,", "file_id, deliveries.extracted_at,")
ABOUT_THE_MONTH = """
    where read.month = $month or read.entity in (
        select entity from read_parquet($paths, union_by_name = true, hive_partitioning = false)
        where month = $month and entity is not null
    )
"""


def lay_out(
    con: warehouse.Connection,
    feed: Feed,
    own: list[Delivery],
    month: dt.date,
    covered: set[dt.date],
) -> None:
    """Fill the temporary tables for a month of a feed from its deliveries."""
    con.execute(NO_ROWS)
    con.execute(_no_candidates(feed))
    con.execute(
        "create or replace temporary table covered_months as "
        "select unnest($months::date[]) as month",
        {"months": sorted(covered)},
    )
    bearing = [copy for copy in _deliveries(con, own, month, covered) if month in copy.bears_on]
    for source in {delivery.source.name: delivery.source for delivery in bearing}.values():
        copies = [delivery for delivery in bearing if delivery.source.name == source.name]
        _records(con, copies, month, is_linked=source.format.linked_to is not None)
        _assembled(con, feed, source, month)


def _deliveries(
    con: warehouse.Connection, own: list[Delivery], month: dt.date, covered: set[dt.date]
) -> list[Delivery]:
    """Make `deliveries`; return the files that are not a copy of one declared earlier."""
    ordered = sorted(own, key=lambda delivery: (delivery.extracted_at, delivery.path.name))
    seen: set[str] = set()
    rows = []
    first_copies = []
    for file_id, delivery in enumerate(ordered, start=1):
        is_copy = delivery.sha256 in seen
        seen.add(delivery.sha256)
        if not is_copy:
            first_copies.append(delivery)
        rows.append(
            {
                "file_id": file_id,
                "source": delivery.source.name,
                "file": delivery.path.name,
                "sha256": delivery.sha256,
                "extracted_at": pd.Timestamp(delivery.extracted_at).as_unit("us"),
                "file_rows": delivery.received,
                "is_copy": is_copy,
                "rows_in_month": delivery.months.get(month, 0),
                "rows_in_no_cycle": delivery.rows_in_no_cycle(month, covered),
                "bears": month in delivery.bears_on,
                "basis": delivery.basis,
                "folder": delivery.folder.name,
            }
        )
    con.register("deliveries_frame", pd.DataFrame(rows, columns=DELIVERY_COLUMNS))
    con.execute(
        "create or replace temporary table deliveries as "
        "select * replace (extracted_at::timestamptz as extracted_at, file_id::bigint as file_id, "
        "rows_in_month::bigint as rows_in_month, rows_in_no_cycle::bigint as rows_in_no_cycle, "
        "is_copy::boolean as is_copy, bears::boolean as bears) from deliveries_frame"
    )
    con.unregister("deliveries_frame")
    return first_copies


def _no_candidates(feed: Feed) -> str:
    columns = promises.duckdb_columns(feed.delivered) | META
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return (
        "create or replace temporary table candidates "
        f"(row_id bigint, source varchar, identity varchar, content ubigint, {listed})"
    )


def _records(
    con: warehouse.Connection, copies: list[Delivery], month: dt.date, *, is_linked: bool
) -> None:
    """Make `records`: the source's rows of the month, and others about the same entities.

    Where entities are linked, that is every row of the files that bear on the month.
    """
    paths = {
        table: [warehouse.exactly(copy.folder / f"{table}.parquet") for copy in copies]
        for table in ("records", "faults")
    }
    con.execute(
        f"create or replace temporary table records as {RECORDS}"
        + ("" if is_linked else ABOUT_THE_MONTH),
        {"paths": paths["records"]} | ({} if is_linked else {"month": month}),
    )
    con.execute(
        "insert into delivered select file_id, source_row, month, disposition from records "
        "where month = $month",
        {"month": month},
    )
    con.execute(f"insert into read_faults by name {FAULTS}", {"paths": paths["faults"]})


def _assembled(con: warehouse.Connection, feed: Feed, source: Source, month: dt.date) -> None:
    """Add the feed's rows that `records` make: all versions of what stands or came in the month."""
    query = warehouse.read_query(source.format.assemble)
    con.execute(f"create or replace temporary table assembled as {query}")
    names = [row[0] for row in con.execute("describe assembled").fetchall()]
    promised = promises.duckdb_columns(feed.delivered)
    content = ", ".join(name for name in promised if name in names)
    identity = ", ".join(f"{name}::varchar" for name in feed.identity)
    wanted = [name for name in names if name in promised or name in META]
    if "version_at" not in names:
        wanted.append("extracted_at as version_at")
    con.execute(
        f"""
        insert into candidates by name
        with came as (
            select distinct assembled.rowid as assembled_id
            from assembled, unnest(assembled.origin) as origin (record)
            semi join delivered
                on record.file_id = delivered.file_id and record.source_row = delivered.source_row
        ),
        identified as (
            select
                *,
                rowid as assembled_id,
                concat_ws('|', {identity}) as identity,
                month = $month or rowid in (select assembled_id from came) as is_of_the_month
            from assembled
        )
        select
            (select count(*) from candidates)
                + row_number() over (order by assembled_id) - 1 as row_id,
            $source as source,
            identity,
            hash({content}) as content,
            {", ".join(wanted)}
        from identified
        where identity in (select identity from identified where is_of_the_month)
        """,
        {"month": month, "source": source.name},
    )
