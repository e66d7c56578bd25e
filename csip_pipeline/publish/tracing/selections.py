"""Which contacts are behind a figure: what is asked of the warehouse, and what it answers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

import pandas as pd

from csip_pipeline.warehouse import PARAMETER, Connection, fetch, read_query

CONTACTS = "publish/tracing/contacts"
STAYS = "publish/tracing/stays"
CLOCKS = "publish/tracing/clocks"
FATES = "publish/tracing/fates"
STANDARDS = "publish/tracing/standards"

ANSWERED = ("answered",)
GAVE_UP = ("abandoned", "timed_out")
OFFERED = (*ANSWERED, *GAVE_UP)
TRANSFERRED = "transferred"


@dataclass(frozen=True)
class Selection:
    """A question to one query of this folder: its parameters by name, where None stands for any.

    A place is a channel with its line, if it has one: `telephone 101`, `web_chat`.
    """

    query: str = CONTACTS
    months: tuple[dt.date, ...] = ()
    channels: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    queue: str | None = None
    outcomes: tuple[str, ...] | None = None
    has_queued: bool | None = None
    is_wait_known: bool | None = None
    waited_from: float | None = None
    waited_below: float | None = None
    reason_groups: tuple[str, ...] | None = None
    service: str | None = None
    weekday: int | None = None
    hour: int | None = None
    clock: str | None = None
    standards: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    fates: tuple[str, ...] | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """The values by which the query is asked."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name != "query"
        }

    def asked_of(self, query: str) -> "Selection":
        """The same question put to another query, as far as that one can be asked it."""
        known = set(PARAMETER.findall(read_query(query)))
        others = {name: None for name in self.parameters if name not in known}
        return replace(self, query=query, **others)  # type: ignore[arg-type]


def query_of(asked: Selection) -> str:
    """The query that answers. Raises ValueError where it knows nothing of a condition.

    A condition that nobody reads would otherwise be left out without a word.
    """
    sql = read_query(asked.query)
    given = {name for name, value in asked.parameters.items() if value is not None}
    if unread := given - set(PARAMETER.findall(sql)):
        raise ValueError(f"{asked.query}.sql does not ask for {sorted(unread)}.")
    return sql


def contacts(con: Connection, selections: Iterable[Selection]) -> pd.DataFrame:
    """Each contact of all the selections once: contact_id, month, and how often it counts."""
    found = [fetch(con, query_of(asked), asked.parameters) for asked in selections]
    return pd.concat(found, ignore_index=True)
