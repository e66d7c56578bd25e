"""Lay out, in temporary tables, every row received that bears on one month of a feed.

`deliveries` has a row per file; `candidates` a row per row of the feed that was delivered, in every
version; `made_of` the file rows that several of them make one of; `delivered` the file rows of the
month that no candidate stands for by itself.
"""

import datetime as dt

from csip_pipeline import promises, warehouse
from csip_pipeline.extract import delivered_rows
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.extract.sources import Source

META = {
    "month": "date",
    "extracted_at": "timestamptz",
    "version_at": "timestamptz",
    "file_id": "bigint",
    "source_file": "varchar",
    "source_row": "bigint",
}
NO_ROWS = (
    "create or replace temporary table made_of "
    "(row_id bigint, file_id bigint, source_row bigint); "
    "create or replace temporary table delivered "
    "(file_id bigint, source_row bigint, month date, disposition varchar); "
    "create or replace temporary table read_faults "
    '(file_id bigint, source_row bigint, "column" varchar, promise varchar, row varchar, '
    "is_set_aside boolean)"
)

RECORDS = """
    select deliveries.file_id, deliveries.file as source_file, deliveries.extracted_at,
        read.* exclude (
            filename, faults, in_repeated_hour, in_missing_hour
        ) replace (
            coalesce(read.month, deliveries.home_month) as month,
            if(len(read.faults) > 0, 'quarantined', read.disposition) as disposition
        )
    from read_parquet(
        $paths, union_by_name = true, filename = true, hive_partitioning = false
    ) as read
    inner join deliveries
        on deliveries.folder = parse_path(read.filename)[-2] and not deliveries.is_copy
"""
FAULTS = """
    select deliveries.file_id, read.* exclude (filename)
    from read_parquet($paths, filename = true, hive_partitioning = false) as read
    inner join deliveries
        on deliveries.folder = parse_path(read.filename)[-2] and not deliveries.is_copy
"""
OF_THE_MONTH = "coalesce(read.month, deliveries.home_month) = $month"
ABOUT_THE_SAME = """
    or read.thing in (
        select thing from read_parquet($paths, union_by_name = true, hive_partitioning = false)
        where month = $month and entity is not null
    )
"""
DELIVERED = """
    insert into delivered
    select file_id, source_row, month, disposition from records where month = $month
"""
SET_ASIDE = """
    insert into delivered
    select distinct read_faults.file_id, source_row, home_month, 'quarantined'
    from read_faults inner join deliveries using (file_id)
    where is_set_aside and home_month = $month
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
    bearing = [
        copy for copy in delivered_rows.lay_out(con, own, month, covered) if month in copy.bears_on
    ]
    for source in {delivery.source.name: delivery.source for delivery in bearing}.values():
        copies = [delivery for delivery in bearing if delivery.source.name == source.name]
        _add(con, feed, copies, month)
    con.execute(SET_ASIDE, {"month": month})


def _no_candidates(feed: Feed) -> str:
    columns = promises.duckdb_columns(feed.delivered) | META
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return (
        "create or replace temporary table candidate_rows "
        f"(source varchar, is_one_row boolean, {listed}); "
        "create or replace temporary view candidates as "
        "select rowid as row_id, * from candidate_rows"
    )


def _add(con: warehouse.Connection, feed: Feed, copies: list[Delivery], month: dt.date) -> None:
    """Add what the files of one source bring for the month, and others about the same things."""
    source = copies[0].source
    paths = {"paths": [warehouse.exactly(copy.folder / "records.parquet") for copy in copies]}
    bound: dict[str, object] = {**paths, "month": month}
    records = RECORDS
    if not source.format.linked_to:  # where things are linked, every row of these files counts
        spans = len({month for copy in copies for month in copy.months}) > 1
        records += f"where {OF_THE_MONTH} {ABOUT_THE_SAME if spans else ''}"
    named = warehouse.named(records, bound)
    if source.one_row_each:
        _one_row_each(con, feed, source, records, bound)
    else:
        con.execute(f"create or replace temporary table records as {records}", named)
        con.execute(DELIVERED, {"month": month})
        _assembled(con, feed, source, month)
    faults = {"paths": [warehouse.exactly(copy.folder / "faults.parquet") for copy in copies]}
    con.execute(f"insert into read_faults by name {FAULTS}", faults)


def _one_row_each(
    con: warehouse.Connection, feed: Feed, source: Source, records: str, bound: dict[str, object]
) -> None:
    """Add records that are each a row of the feed; only those that cannot be are `delivered`."""
    promised = ", ".join(f'"{name}"' for name in promises.duckdb_columns(feed.delivered))
    con.execute(
        f"""
        insert into candidate_rows by name
        select
            $source as source,
            true as is_one_row,
            file_id, source_file, source_row, month, extracted_at, extracted_at as version_at, {promised}
        from ({records}) where disposition = 'read'
        """,
        warehouse.named(records, bound) | {"source": source.name},
    )
    con.execute(
        "insert into delivered select file_id, source_row, month, disposition "
        f"from ({records}) where disposition != 'read' and month = $month",
        bound,
    )


def _assembled(con: warehouse.Connection, feed: Feed, source: Source, month: dt.date) -> None:
    """Add the feed's rows that `records` make: all versions of what stands or came in the month."""
    query = warehouse.read_query(source.assemble)
    con.execute(f"create or replace temporary table assembled as {query}")
    names = [row[0] for row in con.execute("describe assembled").fetchall()]
    wanted = [f'"{name}"' for name in names if name in promises.duckdb_columns(feed.delivered)]
    version = "version_at" if "version_at" in names else "identified.extracted_at as version_at"
    (begin,) = con.execute("select count(*) from candidates").fetchall()[0]
    con.execute(
        f"""
        create or replace temporary table identified as
        with came as (
            select distinct assembled.rowid as assembled_id
            from assembled, unnest(assembled.origin) as origin (record)
            semi join delivered
                on record.file_id = delivered.file_id and record.source_row = delivered.source_row
        ),
        told as (
            select
                * exclude (origin),
                origin,
                {identity(feed)} as identity,
                month = $month or rowid in (select assembled_id from came) as is_of_the_month,
                rowid as assembled_id
            from assembled
        )
        select *, $begin + row_number() over (order by assembled_id) - 1 as row_id
        from told
        where identity in (select identity from told where is_of_the_month)
        """,
        {"month": month, "begin": begin},
    )
    con.execute(
        f"""
        insert into candidate_rows by name
        select
            $source as source, false as is_one_row,
            origin[1].file_id as file_id, deliveries.file as source_file,
            origin[1].source_row as source_row,
            month, identified.extracted_at, {version}, {", ".join(wanted)}
        from identified inner join deliveries on origin[1].file_id = deliveries.file_id
        order by row_id
        """,
        {"source": source.name},
    )
    con.execute(
        "insert into made_of select row_id, record.file_id, record.source_row "
        "from identified, unnest(origin) as origin (record)"
    )


def identity(feed: Feed) -> str:
    """What makes two rows of a feed the same thing, as one text (SQL)."""
    columns = ", ".join(f'"{name}"::varchar' for name in feed.identity)
    return f"concat_ws('|', {columns})"
