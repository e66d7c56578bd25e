"""The hash chain of the ledger: every entry seals the one before it, so that an edit shows.

An entry is what one transaction of the ledger changed. Its digest is SHA-256 over its transitions,
each of which holds the digest of the whole notice as it then was; its link is HMAC-SHA256(key,
link of the entry before + entry + moment + count + digest). Whoever has no key cannot mend a chain.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

import duckdb

from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection

FIRST_LINK = ""


@dataclass(frozen=True)
class Head:
    """Where a chain ends: the number of its last entry (0 where there is none), and its link."""

    entry: int
    link: str


def text_of(columns: dict[str, str], of: str = "") -> str:
    """The SQL expression of a row as one text, from its columns and their DuckDB types."""
    named = {f'{of}"{name}"': "TIME ZONE" in kind for name, kind in columns.items()}
    values = [f"epoch_us({name})" if is_moment else name for name, is_moment in named.items()]
    cells = [f"coalesce({value}::varchar, chr(0))" for value in values]
    return f"concat_ws(chr(31), {', '.join(cells)})"


def columns_of(con: Connection, table: str) -> dict[str, str]:
    """The columns of a table and their types."""
    return {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}


def head(con: Connection) -> Head:
    """Where the ledger's chain ends."""
    found = con.execute(
        "select entry, link from publish.entries order by entry desc limit 1"
    ).fetchall()
    return Head(*found[0]) if found else Head(0, FIRST_LINK)


def add(con: Connection, key: bytes, made_at: dt.datetime) -> Head | None:
    """Seal the transitions of the entry after the last; None where there are none."""
    last = head(con)
    counted = _digests(con, f"where entry = {last.entry + 1}")
    if not counted:
        return None
    ((entry, rows, digest),) = counted
    link = _link(key, last.link, made_at, (entry, rows, digest))
    con.execute(
        'insert into publish.entries (entry, made_at, "rows", digest, link) values (?, ?, ?, ?, ?)',
        [entry, made_at, rows, digest, link],
    )
    return Head(entry, link)


def relink(con: Connection, key: bytes) -> Head:
    """Link every entry anew over its transitions as they are now, and give where the chain ends.

    For an erasure alone: a transition that named somebody cannot stay as it was.
    """
    moments = dict(con.execute("select entry, made_at from publish.entries").fetchall())
    head = Head(0, FIRST_LINK)
    for counted in _digests(con):
        entry, rows, digest = counted
        head = Head(entry, _link(key, head.link, moments[entry], counted))
        con.execute(
            'update publish.entries set "rows" = ?, digest = ?, link = ? where entry = ?',
            [rows, digest, head.link, entry],
        )
    return head


def faults(con: Connection, key: bytes, anchor: Head | None) -> list[str]:
    """What is wrong with the ledger, in plain words that quote nobody; nothing where it holds.

    `anchor` is where the chain is known to have got: it must still lead there.
    """
    try:
        return [*_broken_links(con, key, anchor), *_strayed(con)]
    except duckdb.Error as error:
        return [f"it cannot be read ({type(error).__name__})"]


def _broken_links(con: Connection, key: bytes, anchor: Head | None) -> list[str]:
    """Entries that are missing, or do not follow from their transitions and the one before."""
    held = con.execute(
        'select entry, made_at, "rows", digest, link from publish.entries order by entry'
    ).fetchall()
    counted = {entry: (rows, digest) for entry, rows, digest in _digests(con)}
    found: list[str] = []
    before = FIRST_LINK
    for number, (entry, made_at, rows, digest, link) in enumerate(held, start=1):
        if entry != number:
            return [*found, f"entry {number} is missing"]
        wanted = _link(key, before, made_at, (entry, rows, digest))
        if counted.pop(entry, None) != (rows, digest) or not hmac.compare_digest(link, wanted):
            found.append(f"entry {entry} was changed")
        before = link
    if held and len(found) == len(held):
        found = ["every entry was changed, or the pseudonym key is another"]
    if counted:
        found.append(f"entry {min(counted)} was never sealed")
    links = {row[0]: row[4] for row in held}
    if anchor is not None and anchor.entry and links.get(anchor.entry) != anchor.link:
        found.append(f"it ends before entry {anchor.entry}, to which it had got")
    return found


def _strayed(con: Connection) -> list[str]:
    """Notices that are not as their last transition left them, or have none, or are gone."""
    text = text_of(columns_of(con, "publish.notices"), "notices.")
    query = f"""
        with

        last_of_each as (
            select notice_id, arg_max(to_state, step) as state,
                arg_max(digest, step) as digest
            from publish.transitions group by notice_id
        )

        select count(*) from publish.notices as notices
        full join last_of_each using (notice_id)
        where
            sha256({text}) is distinct from last_of_each.digest
            or notices.state is distinct from last_of_each.state
            or notices.notice_id is null
    """
    ((strayed,),) = con.execute(query).fetchall()
    twice = "select count(*) - count(distinct notice_id) from publish.notices"
    ((doubled,),) = con.execute(twice).fetchall()
    told = [f"{strayed:,} notices are not as they were left"] if strayed else []
    return [*told, *([f"{doubled:,} notices stand twice"] if doubled else [])]


def _digests(con: Connection, where: str = "") -> list[tuple[int, int, str]]:
    """The entries as their transitions have them: number, count and digest."""
    text = text_of(columns_of(con, "publish.transitions"))
    return con.execute(
        f"select entry, count(*), sha256(string_agg(sha256({text}), '' order by step)) "
        f"from publish.transitions {where} group by entry order by entry"
    ).fetchall()


def _link(key: bytes, before: str, made_at: dt.datetime, counted: tuple[int, int, str]) -> str:
    """The link of an entry: `counted` is its number, how many transitions it has, and digest."""
    moment = made_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    said = "\x1f".join([before, moment, *map(str, counted)])
    return hmac.digest(key, said.encode(), hashlib.sha256).hex()


def refusal(name: str, found: list[str]) -> RefusedError:
    """Nobody is contacted from a ledger that may have been tampered with."""
    return RefusedError(
        f"restricted/{name} is not as csip left it: {'; '.join(found[:3])}. Nobody is contacted "
        "until that has been looked into. Restore the whole restricted folder from a backup, or, "
        "if somebody answers for the change: csip callbacks reseal --by NAME --reason TEXT"
    )
