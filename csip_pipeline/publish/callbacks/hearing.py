"""Hear what came of callbacks: attempts that the contact team reports, and what channels know.

Several attempts of one notice come to one outcome, in whatever order they are heard of: one that
was unsafe decides, else one that explained, else one that found nobody to contact.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pyarrow as pa

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks.channels import Channel
from csip_pipeline.publish.callbacks.codes import CODE, pads_of
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.publish.callbacks.routes import WORKLIST
from csip_pipeline.refusals import RefusedError
from csip_pipeline.warehouse import Connection

ATTEMPTS = "select notice_id, attempted_at, outcome, code from extract.callback_outcomes"

VERDICTS = f"""
select
    heard.*,
    case
        when notices.notice_id is null then 'unknown'
        when notices.issued_at is null then 'never issued'
        when heard.code is not null and lower(trim(heard.code)) != {CODE} then 'edited'
        else 'taken'
    end as verdict
from heard left join publish.notices as notices using (notice_id)
"""

OUTCOMES = """
with taken as (
    select * from verdicts where verdict = 'taken'
),

come_to as (
    select
        notice_id,
        case
            when bool_or(outcome = 'unsafe') then 'unsafe'
            when bool_or(outcome = 'explained') then 'explained'
            when bool_or(outcome = 'not_contactable') then 'not_contactable'
            else 'tried'
        end as to_state,
        count(*) as attempts,
        max(attempted_at) as attempted_at,
        min(attempted_at) filter (where outcome = 'explained') as explained_at
    from taken group by notice_id
)

select
    come_to.* exclude (explained_at),
    if(to_state = 'explained', come_to.explained_at, null) as explained_at,
    $reason::varchar as reason
from come_to inner join publish.notices as notices using (notice_id)
where (notices.state, notices.attempts, notices.attempted_at, notices.explained_at)
    is distinct from (
        to_state, come_to.attempts, come_to.attempted_at,
        if(to_state = 'explained', come_to.explained_at, null)
    )
"""


STILL_OPEN = """
select route, notice_id from publish.notices where state = 'issued' and route != $worklist
"""
NEWS = pa.schema(
    {
        "notice_id": pa.string(),
        "attempted_at": pa.timestamp("us", "UTC"),
        "outcome": pa.string(),
        "code": pa.string(),
    }
)


@dataclass(frozen=True)
class Heard:
    """What became of the attempts reported: how many were taken, and how many could not be."""

    taken: int
    unknown: int
    """Of notices that the ledger does not know."""
    never_issued: int
    """Of notices that nobody was to be called about yet: held, due, expired or withdrawn."""
    edited: int
    """Whose code is not the one that the list printed: the sheet was edited, or is another list."""

    @property
    def not_taken(self) -> int:
        """How many could not be taken, for whatever reason."""
        return self.unknown + self.never_issued + self.edited


def hear_the_team(con: Connection, ledger: Ledger) -> Heard:
    """Take in every attempt that the contact team has reported so far."""
    if not warehouse.exists(con, "extract.callback_outcomes"):
        return Heard(0, 0, 0, 0)
    return hear(ledger, warehouse.fetch_arrow(con, ATTEMPTS), "the contact team reports it")


def ask_the_channels(ledger: Ledger, channel: Callable[[str], Channel]) -> None:
    """Ask each channel what it knows of the notices that it issued, as long as it remembers them.

    A channel that cannot be asked now is asked by the next run.
    """
    issued = ledger.fetch(STILL_OPEN, {"worklist": WORKLIST})
    for route, rows in issued.groupby("route"):
        with suppress(RefusedError):
            news = channel(str(route)).news(list(rows["notice_id"]))
            if len(news):
                attempts = pa.Table.from_pandas(news.assign(code=None), NEWS, preserve_index=False)
                hear(ledger, attempts, f"{route} says so")


def hear(ledger: Ledger, attempts: pa.Table, reason: str) -> Heard:
    """Take attempts in: columns notice_id, attempted_at, outcome and code (or null).

    Hearing the same again changes nothing. A notice that was not issued keeps its state.
    """
    with warehouse.registered(ledger.con, heard=attempts):
        ledger.con.execute(
            f"create or replace temporary table verdicts as {VERDICTS}", pads_of(ledger.key)
        )
    with ledger.entry():
        ledger.move(OUTCOMES, {"reason": reason}, sets=("attempts", "attempted_at", "explained_at"))
    counted = "select verdict, count(*) from verdicts group by verdict"
    found = dict(ledger.con.execute(counted).fetchall())
    return Heard(
        taken=found.get("taken", 0),
        unknown=found.get("unknown", 0),
        never_issued=found.get("never issued", 0),
        edited=found.get("edited", 0),
    )
