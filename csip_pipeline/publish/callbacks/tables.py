"""The tables of the ledger, and those of an earlier version that are taken over.

Nobody is told twice because the pipeline was upgraded.
"""

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import chain
from csip_pipeline.warehouse import Connection

TABLES = """
create table if not exists publish.notices (
    notice_id varchar primary key,
    cycle varchar not null,
    person_key varchar not null,
    channel varchar not null,
    clock varchar not null,
    standing map(date, bigint) not null,
    months date[] not null,
    received_at timestamptz not null,
    longest_seconds double,
    is_still_waiting boolean not null,
    why varchar not null,
    promised varchar not null,
    due_by date not null,
    priority bigint not null,
    flags varchar[] not null,
    released_flags varchar[] not null,
    held_because varchar,
    state varchar not null,
    route varchar,
    list_id varchar,
    claimed_at timestamptz,
    issued_at timestamptz,
    attempts bigint not null,
    attempted_at timestamptz,
    explained_at timestamptz,
    safe_time varchar,
    released_by varchar,
    withdrawn_by varchar
);
create table if not exists publish.transitions (
    step bigint primary key,
    entry bigint not null,
    notice_id varchar not null,
    from_state varchar,
    to_state varchar not null,
    happened_at timestamptz not null,
    "by" varchar not null,
    why varchar,
    digest varchar not null
);
create table if not exists publish.entries (
    entry bigint primary key,
    made_at timestamptz not null,
    "rows" bigint not null,
    digest varchar not null,
    link varchar not null
);
create table if not exists publish.lists (
    list_id varchar primary key,
    route varchar not null,
    notices bigint not null,
    first_due_by date not null,
    told_at timestamptz
);
create table if not exists publish.remembered (name varchar primary key)
"""

BROUGHT_OVER = """
select
    notice_id, cycle, person_key, channel, clock,
    map {month: breaches} as standing,
    [month] as months,
    received_at,
    null::double as longest_seconds,
    false as is_still_waiting,
    why, promised, due_by, priority,
    []::varchar[] as flags,
    []::varchar[] as released_flags,
    held_because,
    if(state = 'due' and list_id is not null, 'claimed', state) as state,
    if(list_id is not null, 'worklist', null) as route,
    list_id,
    if(list_id is not null, now(), null) as claimed_at,
    if(state not in ('due', 'held', 'expired'), now(), null) as issued_at,
    0 as attempts,
    null::timestamptz as attempted_at,
    null::timestamptz as explained_at,
    null::varchar as safe_time,
    null::varchar as released_by,
    null::varchar as withdrawn_by,
    'brought over from an earlier version' as reason
from publish.notices_before
"""
"""The notices of a ledger that had no chain yet, as this version keeps them."""


def are_old(con: Connection) -> bool:
    """Whether the ledger is of a version that had no chain."""
    has_notices = warehouse.exists(con, "publish.notices")
    return has_notices and "standing" not in chain.columns_of(con, "publish.notices")


def put_old_aside(con: Connection) -> None:
    """Keep the tables of such a ledger under other names."""
    for table in ("notices", "transitions"):
        con.execute(f"alter table publish.{table} rename to {table}_before")


def put_chain_aside(con: Connection) -> None:
    """Keep a chain that no longer holds under other names, so that another can begin."""
    count = "select count(*) from information_schema.tables where table_name like 'entries%'"
    ((number,),) = con.execute(count).fetchall()
    for table in ("entries", "transitions"):
        if warehouse.exists(con, f"publish.{table}"):
            con.execute(f"alter table publish.{table} rename to {table}_{number}")
