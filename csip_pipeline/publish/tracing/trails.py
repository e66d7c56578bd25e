"""The trail of one published figure: what it says, how it was measured, and what it rests on."""

import datetime as dt
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any

import pandas as pd

from csip_pipeline.publish.tracing.sources import Input, Source, Standard


@dataclass(frozen=True)
class Trail:
    """Where one published figure comes from."""

    cycle: str
    edition: str
    revision: int
    file: str
    code_version: str
    sheet: str
    cell: str
    heading: str
    row: dict[str, str]
    """What the row is about, by heading."""
    shown: str
    now: str | None
    """What the warehouse would have published today; None where it has no such figure."""
    is_same_now: bool | None
    """Whether that is the same figure; None where the public edition hides it."""
    measure: str
    """The table and column in which it was measured; empty where only the pack says it."""
    definition: str | None
    formula: str | None
    queries: tuple[Source, ...]
    pack_query: Source | None
    standards: tuple[Standard, ...]
    references: tuple[Source, ...]
    months: tuple[str, ...]
    """The months looked at."""
    inputs: tuple[Input, ...]
    contacts: int | None
    """How many contacts it rests on, in the warehouse as it is now; None where on none."""
    times: int | None
    """How often they count: more than `contacts` where it counts stays in a queue."""
    whom: str | None
    why_no_contacts: str | None
    contact_ids: pd.DataFrame = field(repr=False, compare=False)
    """contact_id and month of each."""

    def as_dict(self) -> dict[str, Any]:
        """The trail as data for a script, without the ids."""
        told = [one.name for one in fields(self) if one.name != "contact_ids"]
        return {name: _plain(getattr(self, name)) for name in told}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, dt.date) else value
