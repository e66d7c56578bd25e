"""Where contact points part from rows: pseudonyms to the warehouse, the rest to people.duckdb."""

import datetime as dt

from csip_pipeline import promises, warehouse
from csip_pipeline.extract import keyed
from csip_pipeline.extract.accounts import ContactPoints, Quarantine
from csip_pipeline.extract.feeds import Feed
from csip_pipeline.phones import DEFAULT_RULE, PhoneRule
from csip_pipeline.settings import Settings

NOBODY = (
    "select null::varchar as person_key, null::varchar as kind, null::varchar as contact_point "
    "where false"
)
"""The contact points of a feed whose rows have none."""


def key_contact_points(
    con: warehouse.Connection,
    settings: Settings,
    feed: Feed,
    month: dt.date,
    rule: PhoneRule = DEFAULT_RULE,
) -> None:
    """Make keys_<column> for each personal column: as_given, contact_point, person_key.

    Only for rows that the month keeps: nobody else's contact point is needed.
    """
    key = settings.pseudonym_key()
    for column, kind in feed.personal.items():
        con.execute(
            f"create or replace temporary table given as "
            f"select distinct {_personal(feed, column)} as as_given "
            "from accepted as candidates "
            f"where {_personal(feed, column)} is not null "
            "and month = $month",
            {"month": month},
        )
        keyed.key_texts(con, key, kind, rule, f"keys_{column}")


def kept_query(feed: Feed) -> str:
    """The accepted rows of the month, with pseudonyms in place of contact points."""
    joins = " ".join(
        f"left join keys_{column} on {_personal(feed, column)} = keys_{column}.as_given"
        for column in feed.personal
    )
    person = ", ".join(f"keys_{column}.person_key" for column in feed.contact_points)
    kinds = " ".join(
        f"when keys_{column}.person_key is not null then '{kind}'"
        for column, kind in feed.contact_points.items()
    )
    keys = []
    if feed.contact_points:
        keys = [f"coalesce({person}) as person_key", f"case {kinds} end as person_kind"]
    if feed.handler:
        keys.append(f"keys_{feed.handler}.person_key as handler_key")
    columns = [
        f"candidates.{name}"
        for name in promises.duckdb_columns(feed.delivered)
        if name in promises.duckdb_columns(feed.kept)
    ]
    return f"""
        select {", ".join(columns + keys)}, candidates.extracted_at,
            candidates.source_file, candidates.source_row
        from accepted as candidates
        {joins}
        where candidates.month = $month::date
    """


def ensure(settings: Settings) -> None:
    """Make the restricted store's tables, so that readers find them before anything came."""
    settings.make_restricted()
    with warehouse.connected(settings.people) as store:
        warehouse.ensure(store, "extract.contact_points", ContactPoints)
        warehouse.ensure(store, "extract.quarantine", Quarantine)


def keep(con: warehouse.Connection, settings: Settings, feed: Feed, month: dt.date) -> None:
    """Replace the month's contact points and quarantined rows in the restricted store."""
    points = " union ".join(
        f"select person_key, '{kind}' as kind, contact_point from keys_{column}"
        for column, kind in feed.contact_points.items()
    )
    points = points or NOBODY
    rows = warehouse.read_query("extract/quarantine")
    settings.make_restricted()
    with warehouse.connected(settings.people) as store:
        for table, promise, content in (
            ("extract.contact_points", ContactPoints, con.sql(points)),
            ("extract.quarantine", Quarantine, con.sql(rows, params={"month": month})),
        ):
            store.register("restricted_rows", content.to_arrow_reader())
            query = "select * from restricted_rows"
            warehouse.replace_month(store, table, promise, query, month, within={"feed": feed.name})
            store.unregister("restricted_rows")


def _personal(feed: Feed, column: str) -> str:
    """A column where it names somebody: handlers always, others where the feed says so."""
    if column == feed.handler or feed.names_a_person == "true":
        return f'candidates."{column}"'
    return f'if({feed.names_a_person}, candidates."{column}", null)'
